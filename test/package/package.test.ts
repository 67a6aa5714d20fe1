import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const exec = promisify(execFile);
let folder: string;
let tarball: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "neurone-package-"));
  const packed = execFileSync("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], {
    cwd: root,
  });
  tarball = join(folder, JSON.parse(String(packed))[0].filename);
  execFileSync("tar", ["-xzf", tarball, "-C", folder]);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What a program of the package's development says. */
async function run(name: string, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await exec(join(root, "node_modules/.bin", name), args, { cwd: root });
  return stdout + stderr;
}

describe("the packed package", () => {
  test("holds the built library, the command and what people read, and nothing else", () => {
    const files = readdirSync(join(folder, "package"), { recursive: true, encoding: "utf8" });
    expect(files).toEqual(
      expect.arrayContaining([
        "dist/index.js",
        "dist/io.js",
        "dist/onnx.js",
        "dist/tfjs.js",
        "dist/cli.js",
        "dist/LICENSES.txt",
        "LICENSE",
        "README.md",
        "CHANGELOG.md",
      ]),
    );
    const unexpected =
      /^(?!dist\b|docs\b|examples\b|LICENSE$|README\.md$|CHANGELOG\.md$|package\.json$)|\.wat$|\.test\.|^dist\/(?!types\b|(?:index|io|onnx|tfjs|cli)\.js$|LICENSES\.txt$)/;
    expect(files.filter((file) => unexpected.test(file))).toEqual([]);
  });

  test("is clean to publint", async () => {
    expect(await run("publint", join(folder, "package"), "--strict")).toContain("All good");
  });

  test("has types that resolve wherever an ESM package can be used", async () => {
    expect(await run("attw", tarball, "--profile", "esm-only")).toContain("neurone v");
  });

  test("type-checks a strict program that uses it", async () => {
    const program = [
      'import { data, layers, type Model, optimizers, sequential } from "neurone";',
      "const net: Model = sequential({ layers: [layers.dense({ inputShape: [2], units: 1 })] });",
      'net.compile({ optimizer: optimizers.adam(), loss: "meanSquaredError" });',
      "const { history } = await net.fit([[1, 2]], [3]);",
      "export const loss: readonly number[] = history.loss;",
      "export const table = data.csv;",
      "// @ts-expect-error units is missing",
      "layers.dense({});",
    ];
    writeFileSync(join(folder, "program.mts"), program.join("\n"));
    const options = [
      "--ignoreConfig",
      "--strict",
      "--noEmit",
      "--target",
      "es2022",
      "--module",
      "nodenext",
      "--lib",
      "es2022,dom",
    ];
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(join(folder, "package"), join(folder, "node_modules/neurone"));
    expect(await run("tsc", ...options, "--types", "", join(folder, "program.mts"))).toBe("");
  });
});

describe("the bundle", () => {
  test("is under 100 kB gzipped with the wasm in it", () => {
    expect(gzipSync(readFileSync(join(root, "dist/index.js")), { level: 9 }).length).toBeLessThan(100_000);
  });

  test("asks for no module of Node's and reads no file when it is loaded", async () => {
    const entry = join(root, "dist/index.js");
    const { metafile } = await build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      metafile: true,
      packages: "external",
    });
    const [itself, ...others] = Object.entries(metafile.inputs).sort(([a]) => (a === "dist/index.js" ? -1 : 1));
    const atOnce = (input: (typeof metafile.inputs)[string] | undefined) =>
      input?.imports.filter(({ kind }) => kind !== "dynamic-import").map(({ path }) => path);
    expect(itself?.[0]).toBe("dist/index.js");
    expect(atOnce(itself?.[1])).toEqual([]);
    // What is loaded when a model is saved or loaded takes the errors' classes from the library, and nothing else.
    expect(others.map(([path]) => path).sort()).toEqual(["dist/io.js", "dist/onnx.js", "dist/tfjs.js"]);
    for (const [, input] of others) expect([...new Set(atOnce(input))]).toEqual(["dist/index.js"]);
  });
});
