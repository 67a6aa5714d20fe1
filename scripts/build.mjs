// Builds dist/: the library as one file with the wasm in it, what it loads when it is needed and the command line beside it, and
// the declarations.
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { termsOf } from "./terms.mjs";

const root = fileURLToPath(new URL("../", import.meta.url));
rmSync(`${root}dist`, { recursive: true, force: true });
const shared = {
  absWorkingDir: root,
  bundle: true,
  format: "esm",
  mainFields: ["module", "main"],
  target: "es2022",
  minifySyntax: true,
  minifyWhitespace: true,
  // What Node prints of an uncaught error is a line of the source.
  lineLimit: 120,
  logLevel: "warning",
};

/** What the bundle holds of others keeps no names: nobody looks for them in a stack trace. */
const othersShort = {
  name: "others-short",
  setup(builder) {
    builder.onLoad({ filter: /\/node_modules\/.*\.js$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, "utf8"), { minify: true, format: "esm" });
      return { contents: code };
    });
  },
};

/** What one file takes from another beside it instead of holding a second one. */
const besideIt = (places) => ({
  name: "beside-it",
  setup(builder) {
    builder.onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir }) => {
      const source = relative(root, resolve(resolveDir, path));
      return Object.hasOwn(places, source) ? { path: places[source], external: true } : undefined;
    });
  },
});

/** The library, and beside it what is loaded when a model is first saved or loaded, or first in a format of others. */
const LAZY = { "src/io/index.js": "./io.js", "src/io/onnx/index.js": "./onnx.js", "src/io/tfjs/index.js": "./tfjs.js" };
/** Errors are told by their classes, so there is one of each. */
const ERRORS = { "src/base/errors.js": "./index.js" };

const library = { ...shared, platform: "neutral", legalComments: "inline" };
await build({
  ...library,
  entryPoints: ["src/index.ts"],
  outfile: "dist/index.js",
  plugins: [besideIt(LAZY), othersShort],
});
for (const [source, place] of Object.entries(LAZY)) {
  await build({
    ...library,
    entryPoints: [source.replace(/\.js$/, ".ts")],
    outfile: `dist/${place}`,
    plugins: [besideIt({ ...LAZY, ...ERRORS }), othersShort],
  });
}
await build({
  ...shared,
  entryPoints: ["src/cli/main.ts"],
  outfile: "dist/cli.js",
  platform: "node",
  packages: "external",
  plugins: [besideIt({ "src/index.js": "./index.js" })],
});

writeFileSync(`${root}dist/LICENSES.txt`, termsOf(["idb-keyval", "onnx-buf", "@bufbuild/protobuf"]));

const tsc = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));
execFileSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
