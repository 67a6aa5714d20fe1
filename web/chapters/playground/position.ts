/** Where a training stands: so many epochs are done, and so many batches of the next one. */
export interface Position {
  readonly epoch: number;
  readonly batches: number;
}

export const START: Position = { epoch: 0, batches: 0 };

/** Negative where `a` is before `b`, 0 where they are the same. */
export const order = (a: Position, b: Position): number => a.epoch - b.epoch || a.batches - b.batches;
export const isBefore = (a: Position, b: Position): boolean => order(a, b) < 0;

/** The epochs of a training whose epochs have so many batches, parts of one included. */
export const epochsAt = ({ epoch, batches, steps }: Position & { readonly steps: number }): number =>
  epoch + batches / steps;
