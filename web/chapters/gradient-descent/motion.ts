import { effect, signal } from "@preact/signals";
import { reducedMotion } from "../../shared/scheme.js";
import { longest, shownStep, state } from "./state.js";

/** Steps a second of short walks; a long one takes as many as it needs to be over in so many seconds. */
const [PACE, SECONDS] = [8, 8];
/** Milliseconds between two drawings. */
const INTERVAL = 40;

export const playing = signal(false);

/** From where the walk is to its end; from the end, from the beginning. */
export function play(): void {
  const from = shownStep.peek() < longest.peek() ? shownStep.peek() : 0;
  const begun = performance.now();
  let drawn = 0;
  playing.value = true;
  state.step.value = from;
  const draw = (now: number) => {
    if (!playing.peek()) return;
    requestAnimationFrame(draw);
    if (now - drawn < INTERVAL) return;
    drawn = now;
    const pace = Math.max(PACE, longest.peek() / SECONDS);
    state.step.value = Math.min(longest.peek(), from + Math.floor((Math.max(0, now - begun) / 1000) * pace));
    if (state.step.value >= longest.peek()) playing.value = false;
  };
  requestAnimationFrame(draw);
}

export function pause(): void {
  playing.value = false;
}

/** Goes to a step. */
export function goTo(step: number): void {
  pause();
  state.step.value = Math.min(longest.peek(), Math.max(0, step));
}

effect(() => {
  if (reducedMotion.value) pause();
});
