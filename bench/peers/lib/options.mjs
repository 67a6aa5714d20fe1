import { parseArgs } from "node:util";
import { SYSTEMS } from "./systems.mjs";
import { TASKS } from "./tasks.mjs";

const HELP = `Measures neurone and its peers: node bench/peers/run.mjs [options]

  --rounds N       measured rounds of each system and task (default 5, with --quick 3)
  --tasks a,b      of: ${TASKS.map(({ name }) => name).join(", ")}
  --systems a,b    of: ${SYSTEMS.map(({ name }) => name).join(", ")}
  --quick          a tenth of the rows and short rounds: shows that all works, not how fast it is
  --json FILE      writes everything that was measured to FILE
  --help

PYTHON names the Python to look for PyTorch in, besides python3 and /usr/bin/python3.`;

/** What the command line asks for; prints the help and exits where that is asked for. Throws for what is not known. */
export function readOptions() {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string" },
      tasks: { type: "string" },
      systems: { type: "string" },
      quick: { type: "boolean", default: false },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    process.exit();
  }
  const { quick, json } = values;
  const rounds = Number(values.rounds ?? (quick ? 3 : 5));
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds: a number of at least 1, not ${values.rounds}`);
  return { quick, json, rounds, tasks: choose("tasks", TASKS, values), systems: choose("systems", SYSTEMS, values) };
}

/** The entries of `known` that the option `option` names, in the order of `known`; all where it is not given. */
function choose(option, known, values) {
  const names = values[option]?.split(",");
  if (!names) return known;
  const stranger = names.find((name) => known.every((entry) => entry.name !== name));
  if (stranger !== undefined) {
    throw new Error(`--${option}: no ${stranger}; there are ${known.map(({ name }) => name).join(", ")}`);
  }
  return known.filter(({ name }) => names.includes(name));
}
