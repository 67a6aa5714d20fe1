/** Images of 28 x 28 grey pixels, or of 16 x 16 of ink or no ink. */
export const FORMS = ["grey", "ink"] as const;
export const OPTIMIZERS = ["adam", "momentum", "sgd"] as const;

/** What a network is made from. */
export interface Settings {
  readonly form: (typeof FORMS)[number];
  /** Units of the hidden layer. */
  readonly hidden: number;
  readonly optimizer: (typeof OPTIMIZERS)[number];
  readonly learningRate: number;
  readonly batchSize: number;
  readonly seed: number;
}

/** Passes over the digits at most: beyond, nothing is learnt that the test images show. */
export const MOST_EPOCHS = 40;
/** The hardest examples that are shown. */
export const HARDEST = 12;
