// What scripts/fuzz.mjs takes from here.
export { describeFailures, run } from "./run.js";
export { targets } from "./targets.js";
