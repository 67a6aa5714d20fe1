/** neurone's activation functions of one number: the lecture's first. */
export const ACTIVATIONS = [
  "threshold",
  "linear",
  "sigmoid",
  "relu",
  "radial",
  "tanh",
  "leakyRelu",
  "relu6",
  "elu",
  "selu",
  "softplus",
  "softsign",
  "silu",
  "gelu",
  "mish",
  "hardSigmoid",
  "hardSilu",
  "exponential",
] as const;
export type ActivationName = (typeof ACTIVATIONS)[number];
