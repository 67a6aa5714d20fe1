// Builds dist/: the library as one file with the wasm in it, the command line beside it, and the declarations.
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../", import.meta.url));
rmSync(`${root}dist`, { recursive: true, force: true });
const shared = {
  absWorkingDir: root,
  bundle: true,
  format: "esm",
  target: "es2022",
  minifySyntax: true,
  logLevel: "warning",
};

await build({
  ...shared,
  entryPoints: ["src/index.ts"],
  outfile: "dist/index.js",
  platform: "neutral",
  legalComments: "inline",
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

/** What the bundle holds of others, under the terms of each. The loader is part of AssemblyScript and has its licence. */
const bundled = [
  ["csv-parse (https://csv.js.org/parse)", "csv-parse/LICENSE"],
  ["@assemblyscript/loader (https://www.assemblyscript.org)", "assemblyscript/LICENSE"],
];
const terms = bundled.map(
  ([name, file]) => `${name}\n\n${readFileSync(`${root}node_modules/${file}`, "utf8").trim()}\n`,
);
writeFileSync(`${root}dist/LICENSES.txt`, `dist/index.js holds code of these packages.\n\n${terms.join("\n\n")}`);

const tsc = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));
execFileSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
