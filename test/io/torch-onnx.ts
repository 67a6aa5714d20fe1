import { readFileSync } from "node:fs";
import type { Prediction } from "../../src/index.js";

interface Case {
  readonly file: string;
  readonly inputs: readonly Prediction[];
  readonly outputs: readonly Prediction[];
}

const folder = new URL("../fixtures/onnx/", import.meta.url);

/** A file that PyTorch wrote: test/fixtures/torch_onnx.py. */
export function torchFile(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, folder)));
}

/** Those files, with inputs and what PyTorch computes of them. */
export const torchCases: readonly Case[] = (
  JSON.parse(readFileSync(new URL("torch-onnx.json", folder), "utf8")) as readonly Case[]
).map(({ file, inputs, outputs }) => ({ file, inputs: inputs.map(typed), outputs: outputs.map(typed) }));

function typed({ data, shape }: Prediction): Prediction {
  return { data: Float32Array.from(data), shape };
}
