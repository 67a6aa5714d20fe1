import { FormatError } from "../../base/errors.js";
import { formatShape, type Shape } from "../../base/tensor.js";

/** The most axes that a tensor may have, and so the most sizes or axes that a node may ask for. */
export const MOST_AXES = 32;

/** The number of examples where a shape is computed: it may be any. */
export const BATCH = "batch";
export type Size = number | typeof BATCH;

/** Floating-point numbers that the file says, or that follow from what it says. */
export interface Floats {
  readonly kind: "floats";
  readonly shape: Shape;
  readonly data: Float32Array;
  /** What the file calls them, or what they were made of. */
  readonly name: string;
}

/** Whole numbers, such as the shape of a tensor. */
export interface Integers {
  readonly kind: "integers";
  readonly shape: Shape;
  readonly data: readonly Size[];
  readonly name: string;
}

export type Constant = Floats | Integers;

/** A tensor that depends on the network's inputs. */
export interface Symbolic {
  readonly kind: "symbolic";
  /** Number of the value: inputs first, then the output of each step. */
  readonly id: number;
  /** Of one example: the batch, always the first axis in the file, is left out. */
  readonly shape: Shape;
  /** Only floats go from layer to layer. */
  readonly elements: "floats" | "integers" | "booleans";
}

/** An output of an operator that is left out, such as a dropout's mask. */
export interface Absent {
  readonly kind: "absent";
}

/** What came of an operator that is not supported. */
export interface Unknown {
  readonly kind: "unknown";
}

export type Value = Constant | Symbolic | Absent | Unknown;

/** The name of an activation, or with its constant, as the layers take it. */
export type Activation = string | { readonly [name: string]: number };

export interface DenseOperation {
  readonly kind: "dense";
  /** [in, units] */
  readonly kernel: Floats;
  /** [units] */
  readonly bias: Floats | undefined;
  readonly activation: Activation | undefined;
}

/** What a step computes: a layer in the making, or a part of a pattern that becomes one. */
export type Operation =
  | DenseOperation
  /** x scale + offset, broadcast to one example. */
  | { readonly kind: "affine"; readonly scale: Floats | undefined; readonly offset: Floats | undefined }
  | { readonly kind: "activation"; readonly activation: Activation }
  | { readonly kind: "dropout"; readonly rate: number }
  | { readonly kind: "flatten" }
  | { readonly kind: "reshape"; readonly targetShape: Shape }
  | { readonly kind: "add" }
  | { readonly kind: "concatenate"; readonly axis: number }
  /** `factor` times an activation: what is left of its formula when the last product is missing. */
  | { readonly kind: "multiple"; readonly activation: string; readonly factor: number }
  | { readonly kind: "abs" | "erf" | "square" | "argMax" }
  /** Whether x >= threshold. */
  | { readonly kind: "atLeast"; readonly threshold: number };

/**
 * Numbers that may still be made of the file's constants. Folding can make much of little: two vectors broadcast to a
 * matrix, one tensor copied by each of many nodes.
 */
export class Budget {
  /** For each byte of the file, which may hold 16-bit numbers that are widened, transposed and scaled. */
  static readonly #PER_BYTE = 2;
  static readonly #ANYWAY = 2 ** 20;
  readonly #limit: number;
  #left: number;

  /** `bytes`: the file's length. */
  constructor(bytes: number) {
    this.#limit = Budget.#ANYWAY + Budget.#PER_BYTE * bytes;
    this.#left = this.#limit;
  }

  /** Throws `FormatError` where more numbers are wanted than the file vouches for. */
  take(numbers: number): void {
    if (numbers > this.#left) {
      throw new FormatError(`constants of at most ${this.#limit} numbers expected of a file of this length`);
    }
    this.#left -= numbers;
  }
}

export function isConstant(value: Value): value is Constant {
  return value.kind === "floats" || value.kind === "integers";
}

/** A value as error messages name it. */
export function describe(value: Value | undefined): string {
  if (!value) return "nothing";
  if (value.kind === "symbolic") return `a tensor ${formatShape([BATCH, ...value.shape])}`;
  if (isConstant(value)) return `a constant ${formatShape(value.shape)}`;
  return "an output that is left out";
}
