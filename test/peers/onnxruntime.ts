import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface RuntimeTensor {
  readonly data: Float32Array | BigInt64Array;
  readonly shape: readonly number[];
}

/** ONNX Runtime as it runs a model once: tensors by their names in, tensors by their names out. */
export interface Runtime {
  readonly version: string;
  run(file: Uint8Array, inputs: Readonly<Record<string, RuntimeTensor>>): Promise<Record<string, RuntimeTensor>>;
}

/** As much of ONNX Runtime's API as is used here: its package is installed for these tests only. */
interface OrtTensor {
  readonly data: Float32Array | BigInt64Array;
  readonly dims: readonly number[];
}
interface Ort {
  readonly env: { readonly versions: { readonly common: string }; readonly wasm: { numThreads?: number } };
  readonly Tensor: new (type: "float32", data: Float32Array, dims: readonly number[]) => OrtTensor;
  readonly InferenceSession: {
    create(file: Uint8Array, options: { readonly logSeverityLevel: number }): Promise<OrtSession>;
  };
}
interface OrtSession {
  run(feeds: Record<string, OrtTensor>): Promise<Record<string, OrtTensor>>;
  release(): Promise<void>;
}

/** The builds of ONNX Runtime by their packages: native code, and wasm. */
export const runtimes = {
  "onnxruntime-node": "onnxruntime-node/dist/index.js",
  "onnxruntime-web": "onnxruntime-web/dist/ort.node.min.mjs",
} as const;

export async function loadRuntime(name: keyof typeof runtimes): Promise<Runtime> {
  const path = new URL(`node_modules/${runtimes[name]}`, import.meta.url).href;
  const module = (await import(path)) as Ort & { readonly default?: Ort };
  const ort = module.default ?? module;
  if (name === "onnxruntime-web") ort.env.wasm.numThreads = 1;
  return {
    version: ort.env.versions.common,
    async run(file, inputs) {
      const session = await ort.InferenceSession.create(file, { logSeverityLevel: 3 });
      const feeds = Object.entries(inputs).map(([key, { data, shape }]) => {
        return [key, new ort.Tensor("float32", data as Float32Array, shape)] as const;
      });
      const results = await session.run(Object.fromEntries(feeds));
      const outputs = Object.entries(results).map(([key, { data, dims }]) => [
        key,
        { data: data.slice(), shape: dims },
      ]);
      await session.release();
      return Object.fromEntries(outputs);
    },
  };
}

/** Puts the file into the folder NEURONE_ONNX_OUT, where one is named, for ONNX's own checker: test/fixtures/onnx_check.py. */
export function keep(name: string, file: Uint8Array): void {
  const folder = process.env["NEURONE_ONNX_OUT"];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name.replaceAll(/[^\w.-]+/g, "_")}.onnx`), file);
}
