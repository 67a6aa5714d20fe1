import { makePlayback } from "../../shared/playback.js";
import { longest, state } from "./state.js";

/** Steps a second of short walks; a long one takes as many as it needs to be over in so many seconds. */
const [PACE, SECONDS] = [8, 8];

export const { playing, play, pause } = makePlayback({
  position: state.step,
  end: () => longest.peek(),
  after: (milliseconds, from) => from + Math.floor((milliseconds / 1000) * Math.max(PACE, longest.peek() / SECONDS)),
  interval: 40,
});

/** Goes to a step. */
export function goTo(step: number): void {
  pause();
  state.step.value = Math.min(longest.peek(), Math.max(0, step));
}
