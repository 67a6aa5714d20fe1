import { Kernel } from "../../assembly/kernels.js";

/** An elementwise function f as its two kernels and the defaults of its constants a and b. */
export interface ActivationRow {
  readonly forward: Kernel;
  readonly backward: Kernel;
  /** Which tensor `backward` reads besides the gradient. */
  readonly saves: "x" | "y" | "nothing";
  readonly a: number;
  readonly b: number;
}

function row(forward: Kernel, backward: Kernel, saves: ActivationRow["saves"], a = 0, b = 0): ActivationRow {
  return { forward, backward, saves, a, b };
}

/** The activations by their Keras names, in camel case. The formulas are in assembly/kernels/activation.ts. */
export const activationTable = {
  /** a x + b: the op under rescaling; by name only `linear` is an activation. */
  affine: row(Kernel.affineForward, Kernel.affineBackward, "nothing", 1, 0),
  relu: row(Kernel.reluForward, Kernel.reluBackward, "y"),
  leakyRelu: row(Kernel.leakyReluForward, Kernel.leakyReluBackward, "x", 0.01),
  relu6: row(Kernel.relu6Forward, Kernel.relu6Backward, "y"),
  elu: row(Kernel.eluForward, Kernel.eluBackward, "x", 1, 1),
  /** elu times b. a and b: Klambauer et al. (2017). */
  selu: row(Kernel.eluForward, Kernel.eluBackward, "x", 1.6732632423543772, 1.0507009873554805),
  sigmoid: row(Kernel.sigmoidForward, Kernel.sigmoidBackward, "y"),
  hardSigmoid: row(Kernel.hardSigmoidForward, Kernel.hardSigmoidBackward, "y"),
  tanh: row(Kernel.tanhForward, Kernel.tanhBackward, "y"),
  softplus: row(Kernel.softplusForward, Kernel.softplusBackward, "y"),
  softsign: row(Kernel.softsignForward, Kernel.softsignBackward, "x"),
  silu: row(Kernel.siluForward, Kernel.siluBackward, "x"),
  gelu: row(Kernel.geluForward, Kernel.geluBackward, "x"),
  mish: row(Kernel.mishForward, Kernel.mishBackward, "x"),
  hardSilu: row(Kernel.hardSiluForward, Kernel.hardSiluBackward, "x"),
  exponential: row(Kernel.exponentialForward, Kernel.exponentialBackward, "y"),
  threshold: row(Kernel.thresholdForward, Kernel.thresholdBackward, "nothing"),
  radial: row(Kernel.radialForward, Kernel.radialBackward, "x"),
};
