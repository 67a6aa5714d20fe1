// Builds dist/: the library as one file with the wasm in it, the command line beside it, and the declarations.
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const root = fileURLToPath(new URL("../", import.meta.url));
rmSync(`${root}dist`, { recursive: true, force: true });
const shared = {
  absWorkingDir: root,
  bundle: true,
  format: "esm",
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

await build({
  ...shared,
  entryPoints: ["src/index.ts"],
  outfile: "dist/index.js",
  platform: "neutral",
  legalComments: "inline",
  plugins: [othersShort],
});

/** The command line uses the library beside it instead of holding a second one. */
const besideIt = {
  name: "beside-it",
  setup(builder) {
    builder.onResolve({ filter: /^\.\.\/index\.js$/ }, () => ({ path: "./index.js", external: true }));
  },
};
await build({
  ...shared,
  entryPoints: ["src/cli/main.ts"],
  outfile: "dist/cli.js",
  platform: "node",
  packages: "external",
  plugins: [besideIt],
});

/** What the bundle holds of others comes with its terms. */
const terms = readFileSync(`${root}node_modules/csv-parse/LICENSE`, "utf8").trim();
writeFileSync(`${root}dist/LICENSES.txt`, `dist/index.js holds csv-parse (https://csv.js.org/parse):\n\n${terms}\n`);

const tsc = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));
execFileSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
