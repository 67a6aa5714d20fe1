import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What built files hold of others comes with its terms: those of packages, as one text. */
export function termsOf(packages) {
  const terms = packages.map((name) => {
    const folder = fileURLToPath(new URL(`../node_modules/${name}/`, import.meta.url));
    const { homepage, license, repository } = JSON.parse(readFileSync(`${folder}package.json`, "utf8"));
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    const text = file === undefined ? `Licensed under ${license}.` : readFileSync(folder + file, "utf8").trim();
    return `${name} (${homepage ?? repository?.url ?? ""}):\n\n${text}\n`;
  });
  return `The files beside this one hold parts of these packages.\n\n${terms.join("\n\n")}`;
}
