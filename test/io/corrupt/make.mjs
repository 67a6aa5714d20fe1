// Writes the corpus of corrupt files anew, from source/: node test/io/corrupt/make.mjs. What is wrong with each of them, and how it
// must be refused, is in corpus.json.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { importSource } from "../../../bench/lib/import-source.mjs";

const { corpus } = await importSource("../../test/io/corrupt/source/index.ts");
const root = fileURLToPath(new URL("files/", import.meta.url));
rmSync(root, { recursive: true, force: true });
for (const [folder, files] of Object.entries(corpus)) {
  mkdirSync(root + folder, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(`${root}${folder}/${name}`, bytes);
}
