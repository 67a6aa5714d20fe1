import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Packages by their addresses: a module without one of its own finds them by nothing else. */
const packages = {
  name: "packages",
  setup(builder) {
    builder.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === "entry-point" ? undefined : { path: import.meta.resolve(path), external: true },
    );
  },
};

/** Imports a TypeScript file of this repository with what it needs, bundled on the fly. `path` counts from here. */
export async function importSource(path) {
  const url = new URL(path, import.meta.url);
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(url)],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20",
    define: { "import.meta.url": JSON.stringify(url.href) },
    plugins: [packages],
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}
