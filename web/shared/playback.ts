import { effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { reducedMotion } from "./scheme.js";

/** What plays by itself: a position that goes from 0 to an end. */
interface Course {
  readonly position: Signal<number>;
  readonly end: () => number;
  /** The position so many milliseconds after it was at `from`. */
  readonly after: (milliseconds: number, from: number) => number;
  /** Milliseconds from one drawing to the next at least; without it every frame draws. */
  readonly interval?: number;
}

export interface Playback {
  readonly playing: ReadonlySignal<boolean>;
  /** From where the position is to the end; from the end, from the beginning. */
  play(): void;
  pause(): void;
}

/** Moves a position frame by frame; pauses where the reader asks for less motion. */
export function makePlayback({ position, end, after, interval = 0 }: Course): Playback {
  const playing = signal(false);
  let frame = 0;
  const pause = () => {
    cancelAnimationFrame(frame);
    playing.value = false;
  };
  const play = () => {
    const from = position.peek() < end() ? position.peek() : 0;
    const begun = performance.now();
    let drawn = begun;
    const draw = (now: number) => {
      frame = requestAnimationFrame(draw);
      // The first frame may have begun before the press, too.
      if (now - drawn < interval) return;
      drawn = now;
      position.value = Math.min(end(), after(now - begun, from));
      if (position.peek() >= end()) pause();
    };
    cancelAnimationFrame(frame);
    playing.value = true;
    position.value = from;
    frame = requestAnimationFrame(draw);
  };
  effect(() => {
    if (reducedMotion.value) pause();
  });
  return { playing, play, pause };
}
