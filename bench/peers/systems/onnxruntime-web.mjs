import * as ort from "onnxruntime-web";
import { serveOnnx } from "./onnx.mjs";
import { job } from "./protocol.mjs";

ort.env.wasm.numThreads = job.threads;
await serveOnnx(ort, { executionProviders: ["wasm"] });
