import type { Shape } from "../base/tensor.js";
import type { Buffer, KernelCall } from "../plan/call.js";

/** What an op needs while it turns into kernel calls. */
export interface Lowering {
  /** Examples in a batch. */
  readonly batch: number;
  /** Places of the run's state that ops read. */
  readonly state: RunState;
  emit(call: KernelCall): void;
  /** A new temporary of `elements` f32 numbers. */
  temporary(elements: number): Buffer;
}

/** Numbers that change from step to step without a new plan. */
export interface RunState {
  /** u32: the number of the call's first step since training began; dropout's masks depend on it. */
  readonly firstStep: Buffer;
}

/** The buffers of one node. */
export interface Operands {
  readonly inputs: readonly Buffer[];
  readonly inputShapes: readonly Shape[];
  readonly output: Buffer;
  readonly outputShape: Shape;
}

/** The same with the gradients: given for the output, wanted for those inputs whose entry is a buffer. */
export interface Gradients extends Operands {
  readonly dOutput: Buffer;
  readonly dInputs: readonly (Buffer | undefined)[];
}

/** A differentiable operation. */
export interface Op {
  readonly name: string;
  /** The output's shape, the batch left out of all; throws `ShapeError` when the inputs do not fit. */
  shape(inputs: readonly Shape[]): Shape;
  /**
   * `"view"`: the output is the first input's memory under another shape. `"pass"`: every input's gradient is the
   * output's. Both spare a copy.
   */
  readonly sharing?: "view" | "pass";
  /** Emits the calls that compute the output. A view needs none. */
  forward?(lowering: Lowering, operands: Operands): void;
  /** Emits the calls that write each wanted input's gradient. */
  backward?(lowering: Lowering, gradients: Gradients): void;
}
