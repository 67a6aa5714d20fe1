import { useEffect, useRef, useState } from "preact/hooks";
import { reducedMotion } from "../../shared/scheme.js";
import type { Line } from "./track.js";

/** Milliseconds that a line takes to turn. */
const TIME = 260;

const between = (from: Line, to: Line, part: number): Line => {
  const mix = (a: number, b: number) => a + (b - a) * part;
  return { w: [mix(from.w[0], to.w[0]), mix(from.w[1], to.w[1])], b: mix(from.b, to.b) };
};

/** The line on its way to where it shall be; there at once for readers who asked for less motion. */
export function useGlide(target: Line): Line {
  const [shown, setShown] = useState(target);
  const current = useRef(target);
  useEffect(() => {
    const from = current.current;
    const start = performance.now();
    let frame = 0;
    const draw = () => {
      const part = reducedMotion.peek() ? 1 : Math.min(1, (performance.now() - start) / TIME);
      current.current = between(from, target, part * (2 - part));
      setShown(current.current);
      if (part < 1) frame = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(frame);
  }, [target.w[0], target.w[1], target.b]);
  return shown;
}
