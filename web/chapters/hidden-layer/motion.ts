import { makePlayback } from "../../shared/playback.js";
import { state } from "./state.js";

/** Milliseconds that a step takes, and that it then rests. */
const [MOVE, REST] = [1300, 600];

const ease = (part: number) => part * part * (3 - 2 * part);
/** Where `ease` comes to `part`. */
const timeOf = (part: number) => 0.5 - Math.sin(Math.asin(1 - 2 * part) / 3);

export const { playing, play, pause } = makePlayback({
  position: state.step,
  end: () => 3,
  after(milliseconds, from) {
    const before = Math.floor(from) * (MOVE + REST) + timeOf(from % 1) * MOVE;
    const time = (before + milliseconds) / (MOVE + REST);
    const moved = Math.min(1, ((time % 1) * (MOVE + REST)) / MOVE);
    return Math.floor(time) + ease(moved);
  },
});

/** The next whole step, for those who want nothing to move; after the last the inputs again. */
export function nextStep(): void {
  pause();
  state.step.value = state.step.value >= 3 ? 0 : Math.floor(state.step.value) + 1;
}
