import type { Weight } from "neurone";
import type { Position } from "./position.js";
import type { Edit, Experiment } from "./settings.js";

/** What of the plane is looked at. */
export interface Window {
  readonly x1: { readonly min: number; readonly max: number };
  readonly x2: { readonly min: number; readonly max: number };
}

/** What a trainer is made from. */
export interface Job {
  /** Reports bear it, so that those of another job are told apart. */
  readonly id: number;
  readonly experiment: Experiment;
  readonly window: Window;
  /** What was set by hand, and is to be set again, in that order. */
  readonly edits: readonly Edit[];
  /** Places of the decision map on each side. */
  readonly side: number;
  /** Whether reports bring what each neuron says. */
  readonly neurons: boolean;
}

/** How a network does on its training or test examples; accuracy is NaN where there are no classes. */
export interface Score {
  readonly loss: number;
  readonly accuracy: number;
}

/** Where training stands. */
export interface Report extends Position {
  readonly id: number;
  readonly running: boolean;
  /** Batches of an epoch. */
  readonly steps: number;
  readonly train: Score;
  readonly test: Score;
  /** The loss is no number any more; training has stopped. */
  readonly diverged: boolean;
  /** The output over the window, `[side, side, units]`, the topmost row first. */
  readonly map: Float32Array;
  /** What each neuron says over the window, `[neurons, TILE, TILE]`: 0 for -1, 255 for 1. Inputs first, outputs last. */
  readonly tiles: Uint8Array | undefined;
  readonly weights: readonly Weight[];
  readonly hash: string;
}

/** How fast it trains: epochs at a time, and milliseconds that each time takes at least. */
export const PACES = {
  slow: { epochs: 1, milliseconds: 250 },
  normal: { epochs: 1, milliseconds: 40 },
  fast: { epochs: Number.POSITIVE_INFINITY, milliseconds: 0 },
} as const;
export type Pace = keyof typeof PACES;

/** The side of a neuron's map. */
export const TILE = 32;
