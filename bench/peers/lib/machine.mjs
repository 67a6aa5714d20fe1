import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { arch, availableParallelism, cpus, release, totalmem, type } from "node:os";
import { python } from "./process.mjs";

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));

/** The machine and the versions of everything that was measured. */
export function describeMachine() {
  const peers = Object.keys(read("../package.json").dependencies);
  return {
    date: new Date().toISOString(),
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    coresForThisProcess: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    os: `${type()} ${release()} ${arch()}`,
    versions: {
      node: process.versions.node,
      v8: process.versions.v8,
      neurone: read("../../../package.json").version,
      ...Object.assign({}, ...peers.map(packageVersion)),
      ...pythonVersions(),
    },
  };
}

/** Empty for a package that is not there: the table will say so. */
function packageVersion(name) {
  try {
    return { [name]: read(`../node_modules/${name}/package.json`).version };
  } catch {
    return {};
  }
}

function pythonVersions() {
  const program = "import json, platform, torch; print(json.dumps([platform.python_version(), torch.__version__]))";
  try {
    const [version, torch] = JSON.parse(execFileSync(python(), ["-c", program], { encoding: "utf8" }));
    return { python: version, torch };
  } catch {
    return {};
  }
}
