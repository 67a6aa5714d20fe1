// What onnxruntime-node and onnxruntime-web share: the model and the calls.
import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";
import { floatPixels, initialWeights } from "./data.mjs";
import { job, serve } from "./protocol.mjs";

const FLOAT = 1;

/** The job's network as an ONNX file: Gemm and Relu by turns, Softmax at the end. */
function modelFile() {
  const layers = initialWeights();
  const node = [];
  const initializer = [];
  const add = (opType, ...input) => {
    const output = `${opType}${node.length}`;
    node.push({ opType, input, output: [output] });
    return output;
  };
  const tensor = (name, dims, data) => {
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    initializer.push({ name, dims, dataType: FLOAT, rawData });
    return name;
  };
  let value = "images";
  for (const [i, { inputs, units, kernel, bias }] of layers.entries()) {
    value = add("Gemm", value, tensor(`kernel${i}`, [inputs, units], kernel), tensor(`bias${i}`, [units], bias));
    value = add(i < layers.length - 1 ? "Relu" : "Softmax", value);
  }
  const about = (name, width) => {
    const dim = [{ dimValue: job.batch }, { dimValue: width }];
    return { name, type: { tensorType: { elemType: FLOAT, shape: { dim } } } };
  };
  const model = {
    irVersion: 8,
    opsetImport: [{ domain: "", version: 13 }],
    graph: {
      name: "classifier",
      node,
      initializer,
      input: [about("images", job.layers[0])],
      output: [about(value, job.layers.at(-1))],
    },
  };
  const ModelProto = protobuf.loadSync(fileURLToPath(new URL("onnx.proto", import.meta.url))).lookupType("ModelProto");
  return ModelProto.encode(ModelProto.fromObject(model)).finish();
}

/** Serves the inference tasks with either package, `ort`. */
export async function serveOnnx(ort, settings) {
  const session = await ort.InferenceSession.create(modelFile(), settings);
  const images = new ort.Tensor("float32", floatPixels(), [job.batch, job.layers[0]]);
  const [name] = session.outputNames;
  const predict = () => async (calls) => {
    let output;
    for (let call = 0; call < calls; call++) output = (await session.run({ images }))[name].data;
    return { output: [...output.subarray(-10)] };
  };
  await serve(`threads: ${job.threads}`, { predict });
}
