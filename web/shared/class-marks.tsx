import { classColors, css } from "./colors.js";
import { useFrame } from "./plane-frame.js";

interface PointProps {
  readonly x: number;
  readonly y: number;
  /** Its class, from 0: decides colour and shape. */
  readonly kind: number;
  readonly faint?: boolean;
  /** A ring around it: wrong, or looked at just now. */
  readonly ring?: boolean;
}

const SHAPES = [
  "M-5.5 0A5.5 5.5 0 1 0 5.5 0A5.5 5.5 0 1 0 -5.5 0Z",
  "M-5-5H5V5H-5Z",
  "M0-6.5L6 4.5H-6Z",
  "M0-7L7 0L0 7L-7 0Z",
  "M-2-6H2V-2H6V2H2V6H-2V2H-6V-2H-2Z",
  "M0 6.5L6-4.5H-6Z",
  "M-3-6L0-3L3-6L6-3L3 0L6 3L3 6L0 3L-3 6L-6 3L-3 0L-6-3Z",
  "M-3.2-6H3.2L6.4 0L3.2 6H-3.2L-6.4 0Z",
];

/** The mark of a class, for legends. */
export function ClassMark({ kind }: { readonly kind: number }) {
  const color = css(classColors[kind % classColors.length] as (typeof classColors)[0]);
  return (
    <svg class="class-mark" viewBox="-8 -8 16 16" aria-hidden="true">
      <path d={SHAPES[kind % SHAPES.length] as string} fill={color} />
    </svg>
  );
}

/** An example, by its class: a circle, a square, a triangle, a diamond, a plus, a triangle upside down, a cross, a hexagon. */
export function Point({ x, y, kind, faint, ring }: PointProps) {
  const frame = useFrame();
  const color = css(classColors[kind % classColors.length] as (typeof classColors)[0]);
  return (
    <g
      class={faint ? "point faint" : "point"}
      transform={`translate(${frame.x(x).toFixed(1)} ${frame.y(y).toFixed(1)})`}
      aria-hidden="true"
    >
      {ring && <circle r={11} class="ring" />}
      <path d={SHAPES[kind % SHAPES.length] as string} fill={color} />
    </g>
  );
}
