/** What goes downhill side by side. */
export const OPTIMIZERS = ["sgd", "momentum", "adam"] as const;
export type OptimizerName = (typeof OPTIMIZERS)[number];

/** How much of its velocity momentum keeps from step to step. */
export const MOMENTUM = 0.9;
