import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { show, texts } from "./language.js";
import { clamp, type Range } from "./places.js";

const t = texts({
  en: { place: (x: string, y: string) => `${x}; ${y}` },
  fr: { place: (x, y) => `${x} ; ${y}` },
});

/** The sides of the square that is drawn into, in the drawing's own units: the screen scales it. */
export const SIZE = 400;

/** From the plane's numbers to places in the drawing and back. */
export interface Frame {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly fromX: (place: number) => number;
  readonly fromY: (place: number) => number;
  readonly xRange: Range;
  readonly yRange: Range;
}

/** Given by a `Plane`; by a figure of another form that has points in it, with `makeFrame`. */
export const FrameContext = createContext<Frame | undefined>(undefined);

export function useFrame(): Frame {
  const frame = useContext(FrameContext);
  if (!frame) throw new Error("useFrame: only within a Plane");
  return frame;
}

export function makeFrame(xRange: Range, yRange: Range): Frame {
  const width = xRange.max - xRange.min;
  const height = yRange.max - yRange.min;
  return {
    x: (value) => ((value - xRange.min) / width) * SIZE,
    y: (value) => ((yRange.max - value) / height) * SIZE,
    fromX: (place) => xRange.min + (place / SIZE) * width,
    fromY: (place) => yRange.max - (place / SIZE) * height,
    xRange,
    yRange,
  };
}

/** A place's numbers, as they are read aloud. */
export const placeInWords = (x: number, y: number, decimals?: number) => t.place(show(x, decimals), show(y, decimals));

/** Where an arrow key leads from (x, y): a fortieth of the plane, with Shift a tenth of that. */
export function moveByKey(event: KeyboardEvent, x: number, y: number, { xRange, yRange }: Frame) {
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] ?? [];
  if (dx === undefined || dy === undefined) return undefined;
  event.preventDefault();
  const part = event.shiftKey ? 1 / 400 : 1 / 40;
  return [
    clamp(x + dx * part * (xRange.max - xRange.min), xRange),
    clamp(y + dy * part * (yRange.max - yRange.min), yRange),
  ] as const;
}

/** The place of a pointer in the drawing's units. */
export function placeOf({ clientX, clientY }: MouseEvent, svg: SVGSVGElement): readonly [number, number] {
  const { left, top, width, height } = svg.getBoundingClientRect();
  return [((clientX - left) / width) * SIZE, ((clientY - top) / height) * SIZE];
}
