import { describe, expect, test } from "vitest";
import { Kernel } from "../../assembly/kernels.js";
import { builds, loadCore } from "./core.js";
import { checkCase, type Row } from "./row.js";
import { rows as activation } from "./rows/activation.js";
import { rows as crossentropy } from "./rows/crossentropy.js";
import { rows as dropout } from "./rows/dropout.js";
import { rows as elementwise } from "./rows/elementwise.js";
import { rows as gather } from "./rows/gather.js";
import { rows as gradient } from "./rows/gradient.js";
import { rows as loss } from "./rows/loss.js";
import { rows as matmul } from "./rows/matmul.js";
import { rows as metric } from "./rows/metric.js";
import { rows as optimizer } from "./rows/optimizer.js";
import { rows as softmax } from "./rows/softmax.js";

const rows: readonly Row[] = [
  ...gather,
  ...matmul,
  ...elementwise,
  ...dropout,
  ...loss,
  ...crossentropy,
  ...metric,
  ...gradient,
  ...optimizer,
  ...activation,
  ...softmax,
];

test("every kernel has a row", () => {
  const tested = new Set(rows.map(({ kernel }) => Kernel[kernel]));
  const names = Object.keys(Kernel).filter((name) => Number.isNaN(Number(name)));
  expect(names.filter((name) => !tested.has(name))).toEqual([]);
});

const table = rows.map((row) => {
  const name = Kernel[row.kernel] + (row.variant ? `, ${row.variant}` : "");
  return { name, row, cases: [...row.cases()] };
});

describe.each(builds)("%s build", async (build) => {
  const core = await loadCore(build);

  test.each(table)("$name", ({ row, cases }) => {
    expect(cases.length).toBeGreaterThan(0);
    for (const each of cases) checkCase(core, row, each);
  });
});
