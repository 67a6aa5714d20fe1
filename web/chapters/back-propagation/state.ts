import { batch, computed, effect, signal } from "@preact/signals";
import { codecs, field, linkState } from "../../shared/link-state.js";
import { latest, openWorker } from "../../shared/worker.js";
import type { Api, Example, Parameter, Parameters, Walk, Walked } from "./worker.js";

/** One after the other: what is computed forward, then backward, then the update. */
export const STEPS = [
  "start",
  "z1",
  "y1",
  "z2",
  "yhat",
  "loss",
  "dyhat",
  "dz2",
  "dw2",
  "dy1",
  "dz1",
  "dw1",
  "update",
] as const;
export type Step = (typeof STEPS)[number];
const LAST = STEPS.length - 1;

export const MOST_UPDATES = 1000;
export const WEIGHT = { min: -20, max: 20 };
export const INPUT = { min: -10, max: 10 };
export const RATE = { min: 0.01, max: 10 };
/** By how much a parameter is nudged to check its derivative. */
export const NUDGE = 0.01;

const weight = codecs.number(WEIGHT.min, WEIGHT.max);

export const state = linkState({
  x: field(codecs.number(INPUT.min, INPUT.max), 1),
  y: field(codecs.number(0, 1), 1),
  w1: field(weight, 0.5),
  b1: field(weight, 0.1),
  w2: field(weight, -0.7),
  b2: field(weight, 0.2),
  eta: field(codecs.number(RATE.min, RATE.max), 1),
  step: field(codecs.integer(0, LAST), 0),
  updates: field(codecs.integer(0, MOST_UPDATES), 0),
  slip: field(codecs.flag, false),
});

export const step = computed<Step>(() => STEPS[state.step.value] as Step);
/** Whether the steps have come so far. */
export const isDone = (of: Step): boolean => state.step.value >= STEPS.indexOf(of);

/** What the engine found, of which example, and by which signs. */
export interface Seen extends Walked {
  readonly example: Example;
  readonly learningRate: number;
  readonly slip: boolean;
}
export const seen = signal<Seen | undefined>(undefined);
/** The derivatives by nudging. */
export const differences = signal<Parameters | undefined>(undefined);

const { api } = openWorker<Api>();

const ask = latest(async (walk: Walk) => {
  const { example, learningRate, slip } = walk;
  const walked = await api.walk(walk);
  const slopes = await api.differences(walked.parameters, example, NUDGE);
  batch(() => {
    seen.value = { ...walked, example, learningRate, slip };
    differences.value = slopes;
  });
});

effect(() => {
  const { x, y, w1, b1, w2, b2, eta, updates, slip } = state;
  ask({
    start: { w1: w1.value, b1: b1.value, w2: w2.value, b2: b2.value },
    example: { x: x.value, y: y.value },
    learningRate: eta.value,
    updates: updates.value,
    slip: slip.value,
  });
});

/** The gradients that the update uses: with the slip, the output layer's have the other sign. */
export function usedGradients({ pass: { gradients }, slip }: Seen): Parameters {
  return slip ? { ...gradients, w2: -gradients.w2, b2: -gradients.b2 } : gradients;
}

/** The next step; after the update the forward pass begins anew, with the new weights. */
export function next(): void {
  batch(() => {
    if (state.step.value < LAST) state.step.value++;
    else {
      update(1);
      state.step.value = 0;
    }
  });
}

export function back(): void {
  state.step.value = Math.max(0, state.step.value - 1);
}

export function update(times: number): void {
  state.updates.value = Math.min(MOST_UPDATES, state.updates.value + times);
}

export function startOver(): void {
  batch(() => {
    [state.updates.value, state.step.value] = [0, 0];
  });
}

/** Sets a parameter; the others stay where the updates have led them, and all start from there. */
export function setParameter(name: Parameter, value: number): void {
  batch(() => {
    if (seen.value && state.updates.value > 0) {
      for (const [name, value] of Object.entries(seen.value.parameters)) state[name as Parameter].value = value;
    }
    state[name].value = value;
    state.updates.value = 0;
  });
}
