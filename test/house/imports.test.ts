import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** What each part of the house may import besides itself. The linter's rules say the opposite: what it may not. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  base: [],
  plan: ["base"],
  runtime: ["base", "plan"],
  graph: ["base", "plan"],
  ops: ["base", "plan", "graph"],
  layers: ["base", "plan", "graph", "ops"],
  data: ["base", "plan", "graph", "ops", "layers"],
  io: ["base"],
  train: ["base", "plan", "runtime", "graph", "ops", "layers", "data", "io"],
  models: ["base", "plan", "runtime", "graph", "ops", "layers", "data", "io", "train"],
  cli: [],
};
const parts = Object.keys(allowed);
const refused = new Set<string>();

/** Lints a copy of the house in which each part has one file for each import that it might try. */
beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), "neurone-house-"));
  cpSync(join(root, "biome.json"), join(folder, "biome.json"));
  for (const part of parts) {
    mkdirSync(join(folder, "src", part), { recursive: true });
    for (const other of [...parts, "index"]) {
      const path = other === "index" ? "../index.js" : `../${other}/file.js`;
      const text = `import { something } from "${path}";\n\nsomething();\n`;
      writeFileSync(join(folder, "src", part, `imports-${other}.ts`), text);
    }
  }
  const biome = join(root, "node_modules/.bin/biome");
  const options = ["lint", "--only=style/noRestrictedImports", "--reporter=github", "--max-diagnostics=none"];
  const { stdout } = spawnSync(biome, options, { cwd: folder, encoding: "utf8" });
  for (const [, part, other] of stdout.matchAll(/src\/(\w+)\/imports-(\w+)\.ts/g)) refused.add(`${part} -> ${other}`);
  rmSync(folder, { recursive: true });
});

test("the house has no other parts", () => {
  const folders = readdirSync(join(root, "src"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toEqual([...parts].sort());
});

describe.each(parts)("src/%s", (part) => {
  test("may import what stands below it and nothing else", () => {
    const others = parts.filter((other) => other !== part);
    const taken = others.filter((other) => !refused.has(`${part} -> ${other}`));
    expect(taken).toEqual(others.filter((other) => allowed[part]?.includes(other)));
  });

  test(part === "cli" ? "uses the public export list" : "never reaches up to the public export list", () => {
    expect(refused.has(`${part} -> index`)).toBe(part !== "cli");
  });
});
