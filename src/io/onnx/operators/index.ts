import type { Operator } from "../call.js";
import { activations } from "./activations.js";
import { arithmetic } from "./arithmetic.js";
import { dense } from "./dense.js";
import { normalization } from "./normalization.js";
import { passing } from "./passing.js";
import { shapes } from "./shapes.js";

/** The operators of ONNX's own domain that can be read, by name: what networks of dense layers are written with. */
export const operators: Readonly<Record<string, Operator>> = {
  ...dense,
  ...arithmetic,
  ...activations,
  ...normalization,
  ...shapes,
  ...passing,
};
