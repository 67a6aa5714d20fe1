import { describe, expect, test } from "vitest";
import { Kernel } from "../../assembly/kernels.js";
import { builds, loadCore } from "./core.js";
import { checkCase } from "./row.js";
import { rows } from "./rows/index.js";

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
