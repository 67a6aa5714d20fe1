import { batch, computed, effect, signal } from "@preact/signals";
import { linkState } from "../../shared/link-state.js";
import { experimentOf, windowOf } from "./experiment.js";
import {
  fields,
  formatRun,
  MOST_EDITS,
  MOST_EPOCHS,
  MOST_KEPT,
  parseRun,
  type RunValues,
  runFields,
} from "./fields.js";
import { Lane } from "./lane.js";
import { isBefore, order, START } from "./position.js";
import type { Change } from "./settings.js";

/** Places of the decision maps on each side: of the current run, and of those that are kept. */
export const MAP_SIDE = 80;
export const SMALL_SIDE = 40;

/** Whether what changes comes from the address: then what was trained, and set by hand, comes along. */
let isFromLink = true;
addEventListener("hashchange", () => {
  // A jump to a place within the page changes nothing.
  isFromLink = document.getElementById(location.hash.slice(1)) === null;
});

export const state = linkState(fields);
/** The run that the reader sets and sees. */
export const lane = new Lane(MAP_SIDE, true, "auto");

const RUN_NAMES = Object.keys(runFields) as (keyof RunValues)[];
const PROGRESS: readonly (keyof RunValues)[] = ["epoch", "batches", "edits"];

/** What decides the run, without how far it is. */
export const settings = computed(() => {
  const values = RUN_NAMES.filter((name) => !PROGRESS.includes(name)).map((name) => [name, state[name].value]);
  return { ...Object.fromEntries(values), ...START, edits: [] } as unknown as RunValues;
});
export const experiment = computed(() => experimentOf(settings.value));
export const view = computed(() => windowOf(settings.value));
/** The current run with how far it is. */
const now = (): RunValues => ({
  ...settings.peek(),
  epoch: state.epoch.peek(),
  batches: state.batches.peek(),
  edits: state.edits.peek(),
});

export const isRunning = computed(() => lane.report.value?.running ?? false);
/** The weight whose editor is open: an element of a tensor. */
export const edited = signal<{ readonly weight: string; readonly index: number } | undefined>(undefined);
/** The neuron's button that opened it, for when it closes. */
export const opener = signal<HTMLButtonElement | undefined>(undefined);

let isPending = false;

/** Begins the run that the settings describe once all that change together have changed, and before the reader can do anything else. */
function beginSoon(): void {
  if (isPending) return;
  isPending = true;
  queueMicrotask(() => {
    isPending = false;
    batch(() => {
      edited.value = undefined;
      if (!isFromLink) [state.epoch.value, state.batches.value, state.edits.value] = [0, 0, []];
    });
    isFromLink = false;
    lane.begin(now());
  });
}

export const play = () => {
  lane.train({ epoch: MOST_EPOCHS, batches: 0 }, state.pace.peek());
};
export const pause = () => lane.pause();
/** To the end of the next epoch, or of the one under way. */
export const trainOneEpoch = () => lane.train({ epoch: state.epoch.peek() + 1, batches: 0 }, "fast");
export const trainOneBatch = () => lane.train({ epoch: state.epoch.peek(), batches: state.batches.peek() + 1 }, "fast");
/** The same run from its beginning. */
export function startOver(): void {
  isFromLink = false;
  beginSoon();
}

/**
 * Sets a weight by hand. What is set again before more is learnt counts once; what a link says of later is of another run from here on.
 */
export async function setWeight(change: Change): Promise<void> {
  if (state.edits.peek().length >= MOST_EDITS) return;
  const at = await lane.edit(change);
  const others = state.edits.peek().filter((edit) => {
    const isSame = edit.weight === change.weight && edit.index === change.index;
    return isBefore(edit, at) || (order(edit, at) === 0 && !isSame);
  });
  state.edits.value = [...others, { ...at, ...change }];
}

/** A run that is kept: what it is, and where it is trained. */
export interface Kept {
  readonly text: string;
  readonly values: RunValues;
  readonly lane: Lane;
}

export const kept = signal<readonly Kept[]>([]);
export const canKeep = computed(() => kept.value.length < MOST_KEPT && lane.status.value === "ready");

/** Keeps the current run, to be compared with those that follow. */
export function keep(): void {
  state.kept.value = [...state.kept.peek(), formatRun(now())];
}

export const forget = (number: number) => {
  state.kept.value = state.kept.peek().filter((_, i) => i !== number);
};

/** Makes a kept run the current one. */
export function restore({ values }: Kept): void {
  isFromLink = true;
  batch(() => {
    for (const name of RUN_NAMES) (state[name] as { value: unknown }).value = values[name];
  });
  beginSoon();
}

/** Opens workers for the runs that are kept, and closes those of others. */
function follow(texts: readonly string[]): void {
  const left = [...kept.peek()];
  const next = texts.map((text) => {
    const at = left.findIndex((one) => one.text === text);
    const [found] = at < 0 ? [] : left.splice(at, 1);
    if (found) return found;
    const [values, opened] = [parseRun(text), new Lane(SMALL_SIDE, false, 1)];
    opened.begin(values);
    return { text, values, lane: opened };
  });
  for (const { lane } of left) lane.close();
  kept.value = next;
}

/** Follows what the reader sets, and the address. */
export function start(): void {
  effect(() => {
    settings.value;
    beginSoon();
  });
  addEventListener("hashchange", () => isFromLink && beginSoon());
  effect(() => follow(state.kept.value));
  // Kept runs train until they have as many epochs as the current one: so all are compared after as many. Batches may be of other sizes.
  effect(() => {
    const report = lane.report.value;
    if (!report) return;
    // What an address has just said is not overwritten by how far the run before it was.
    if (lane.status.value === "ready" && !isFromLink) {
      batch(() => {
        [state.epoch.value, state.batches.value] = [report.epoch, report.batches];
      });
    }
    const reached = { epoch: report.epoch, batches: 0 };
    for (const { lane, values } of kept.value) {
      const known = lane.report.value;
      const until = isBefore(values, reached) ? reached : values;
      const isBehind = lane.status.value === "ready" && known !== undefined && isBefore(known, until);
      if (isBehind && !known.diverged && !report.diverged) lane.train(until, "fast");
    }
  });
}
