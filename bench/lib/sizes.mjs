/** Outputs of hidden layers, rows and columns: the first stay in a first-level cache, the second in one of the second level. */
export const HIDDEN = [
  [32, 128],
  [128, 512],
];

/** Batches of logits. */
export const LOGITS = [
  [32, 10],
  [128, 10],
];
