export { inspectOnnx } from "./inspect.js";
export { readOnnx } from "./read.js";
export { type OnnxOptions, writeOnnx } from "./write.js";
