export { inspectTfjs, readTfjs } from "./read.js";
export { writeTfjs } from "./write.js";
