import * as ort from "onnxruntime-node";
import { serveOnnx } from "./onnx.mjs";
import { job } from "./protocol.mjs";

await serveOnnx(ort, { executionProviders: ["cpu"], intraOpNumThreads: job.threads, interOpNumThreads: 1 });
