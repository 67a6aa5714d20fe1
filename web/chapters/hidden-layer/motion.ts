import { effect, signal } from "@preact/signals";
import { reducedMotion } from "../../shared/scheme.js";
import { state } from "./state.js";

/** Milliseconds that a step takes, and that it then rests. */
const [MOVE, REST] = [1300, 600];

export const playing = signal(false);

const ease = (part: number) => part * part * (3 - 2 * part);

/** From where the steps are to the end; from the end, from the beginning. */
export function play(): void {
  const first = state.step.value < 3 ? state.step.value : 0;
  const start = performance.now() - Math.floor(first) * (MOVE + REST) - timeOf(first % 1) * MOVE;
  playing.value = true;
  const draw = (now: number) => {
    if (!playing.value) return;
    const time = Math.max(0, now - start) / (MOVE + REST);
    const moved = Math.min(1, ((time % 1) * (MOVE + REST)) / MOVE);
    state.step.value = Math.min(3, Math.floor(time) + ease(moved));
    if (state.step.value < 3) requestAnimationFrame(draw);
    else playing.value = false;
  };
  requestAnimationFrame(draw);
}

/** Where `ease` comes to `part`. */
function timeOf(part: number): number {
  return 0.5 - Math.sin(Math.asin(1 - 2 * part) / 3);
}

export function pause(): void {
  playing.value = false;
}

/** The next whole step, for those who want nothing to move; after the last the inputs again. */
export function nextStep(): void {
  pause();
  state.step.value = state.step.value >= 3 ? 0 : Math.floor(state.step.value) + 1;
}

effect(() => {
  if (reducedMotion.value) pause();
});
