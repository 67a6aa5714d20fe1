import { type ComponentChildren, createContext } from "preact";
import { useContext, useRef, useState } from "preact/hooks";
import { classColors, css } from "./colors.js";
import { show, texts } from "./language.js";

const t = texts({
  en: {
    keys: "Arrow keys move the cross, Enter acts there.",
    dragKeys: "draggable point",
    at: (x: string, y: string) => `${x}; ${y}`,
  },
  fr: {
    keys: "Les flèches déplacent la croix, Entrée agit à cet endroit.",
    dragKeys: "point à déplacer",
    at: (x: string, y: string) => `${x} ; ${y}`,
  },
});

/** The sides of the square that is drawn into, in the drawing's own units: the screen scales it. */
export const SIZE = 400;

export interface Range {
  readonly min: number;
  readonly max: number;
}

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

interface PlaneProps {
  readonly xRange: Range;
  readonly yRange: Range;
  /** What is to be seen, in words, with the numbers that matter. */
  readonly label: string;
  readonly xName?: string;
  readonly yName?: string;
  /** A map below the drawing: a `HeatMap`. */
  readonly under?: ComponentChildren;
  /** Called with the place of a click, a tap or Enter. Without it nothing can be placed. */
  readonly onPlace?: (x: number, y: number) => void;
  readonly children?: ComponentChildren;
}

const clamp = (value: number, { min, max }: Range) => Math.min(max, Math.max(min, value));

/** A part of the plane with its axes; what lies in it are SVG elements, placed by `useFrame`. */
export function Plane({ xRange, yRange, label, xName = "x₁", yName = "x₂", under, onPlace, children }: PlaneProps) {
  const frame = makeFrame(xRange, yRange);
  const svg = useRef<SVGSVGElement>(null);
  const [cross, setCross] = useState<readonly [number, number] | undefined>();
  const place = onPlace && {
    tabIndex: 0,
    onClick(event: MouseEvent) {
      if ((event.target as Element).closest("[data-handle]")) return;
      setCross(undefined);
      const [x, y] = placeOf(event, svg.current as SVGSVGElement);
      onPlace(frame.fromX(x), frame.fromY(y));
    },
    onKeyDown(event: KeyboardEvent) {
      if (event.target !== event.currentTarget) return;
      const [x, y] = cross ?? [(xRange.min + xRange.max) / 2, (yRange.min + yRange.max) / 2];
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        onPlace(x, y);
        setCross([x, y]);
        return;
      }
      const moved = move(event, x, y, frame);
      if (moved) setCross(moved);
    },
    onBlur: () => setCross(undefined),
  };
  return (
    <FrameContext.Provider value={frame}>
      <div class="plane">
        {under}
        <svg
          ref={svg}
          viewBox={`0 0 ${SIZE} ${SIZE}`}
          role="group"
          aria-label={onPlace ? `${label} ${t.keys}` : label}
          class={onPlace ? "placing" : undefined}
          {...place}
        >
          <Axes xName={xName} yName={yName} />
          {children}
          {cross && (
            <g class="cross" transform={`translate(${frame.x(cross[0])} ${frame.y(cross[1])})`}>
              <path d="M-12 0H12M0-12V12" />
            </g>
          )}
        </svg>
        <span role="status" class="visually-hidden">
          {cross && t.at(show(cross[0], 1), show(cross[1], 1))}
        </span>
      </div>
    </FrameContext.Provider>
  );
}

/** Where an arrow key leads from (x, y): a fortieth of the plane, with Shift a tenth of that. */
function move(event: KeyboardEvent, x: number, y: number, { xRange, yRange }: Frame) {
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
function placeOf({ clientX, clientY }: MouseEvent, svg: SVGSVGElement): readonly [number, number] {
  const { left, top, width, height } = svg.getBoundingClientRect();
  return [((clientX - left) / width) * SIZE, ((clientY - top) / height) * SIZE];
}

function Axes({ xName, yName }: { readonly xName: string; readonly yName: string }) {
  const { x, y, xRange, yRange } = useFrame();
  const [zeroX, zeroY] = [x(clamp(0, xRange)), y(clamp(0, yRange))];
  return (
    <g class="axes" aria-hidden="true">
      {ticks(xRange).map((value) => (
        <g>
          <path d={`M${x(value)} 0V${SIZE}`} />
          {value !== 0 && x(value) > 12 && x(value) < SIZE - 24 && (
            <text x={x(value)} y={Math.min(zeroY + 14, SIZE - 4)} text-anchor="middle">
              {show(value, decimalsOf(xRange))}
            </text>
          )}
        </g>
      ))}
      {ticks(yRange).map((value) => (
        <g>
          <path d={`M0 ${y(value)}H${SIZE}`} />
          {value !== 0 && y(value) > 16 && y(value) < SIZE - 8 && (
            <text x={Math.max(zeroX - 5, 4)} y={y(value) + 4} text-anchor={zeroX < 24 ? "start" : "end"}>
              {show(value, decimalsOf(yRange))}
            </text>
          )}
        </g>
      ))}
      <path class="zero" d={`M0 ${zeroY}H${SIZE}M${zeroX} 0V${SIZE}`} />
      <text x={SIZE - 6} y={Math.max(zeroY - 6, 14)} text-anchor="end" class="name">
        {xName}
      </text>
      <text x={Math.min(zeroX + 8, SIZE - 30)} y={14} class="name">
        {yName}
      </text>
    </g>
  );
}

/** Some five round numbers (1, 2 or 5 times a power of ten apart) within the range. */
export function ticks({ min, max }: Range): number[] {
  const step = tickStep({ min, max });
  const first = Math.ceil(min / step - 1e-9);
  const count = Math.floor(max / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => (first + i) * step);
}

function tickStep({ min, max }: Range): number {
  const rough = (max - min) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const times = rough / power;
  return power * (times < 1.5 ? 1 : times < 3.5 ? 2 : times < 7.5 ? 5 : 10);
}

const decimalsOf = (range: Range) => Math.max(0, -Math.floor(Math.log10(tickStep(range)) + 1e-9));

/** The line w1 x + w2 y + b = 0 with, at its middle, an arrow along w: the side where the sum is positive. Nothing where w is 0. */
export function BoundaryLine({
  w,
  b,
  class: name,
  arrow = true,
}: {
  readonly w: readonly [number, number];
  readonly b: number;
  readonly class?: string;
  readonly arrow?: boolean;
}) {
  const frame = useFrame();
  const square = w[0] ** 2 + w[1] ** 2;
  if (!(square > 0)) return null;
  const { xRange, yRange } = frame;
  const center = [(xRange.min + xRange.max) / 2, (yRange.min + yRange.max) / 2] as const;
  // The point of the line that is nearest to the plane's middle.
  const distance = (w[0] * center[0] + w[1] * center[1] + b) / square;
  const [px, py] = [center[0] - distance * w[0], center[1] - distance * w[1]];
  const length = Math.sqrt(square);
  const reach = 2 * (xRange.max - xRange.min + yRange.max - yRange.min);
  const [dx, dy] = [(-w[1] / length) * reach, (w[0] / length) * reach];
  const [nx, ny] = [w[0] / length, w[1] / length];
  const arrowLength = 0.09 * (xRange.max - xRange.min);
  const tip = [frame.x(px + nx * arrowLength), frame.y(py + ny * arrowLength)] as const;
  const angle = (Math.atan2(tip[1] - frame.y(py), tip[0] - frame.x(px)) * 180) / Math.PI;
  return (
    <g class={name === undefined ? "boundary" : `boundary ${name}`} aria-hidden="true">
      <path d={`M${frame.x(px - dx)} ${frame.y(py - dy)}L${frame.x(px + dx)} ${frame.y(py + dy)}`} />
      {arrow && (
        <>
          <path d={`M${frame.x(px)} ${frame.y(py)}L${tip[0]} ${tip[1]}`} />
          <path class="tip" d="M0 0L-9-4.5V4.5Z" transform={`translate(${tip[0]} ${tip[1]}) rotate(${angle})`} />
        </>
      )}
    </g>
  );
}

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

interface HandleProps {
  readonly x: number;
  readonly y: number;
  readonly label: string;
  readonly onMove: (x: number, y: number) => void;
  readonly children?: ComponentChildren;
}

/** A point that is dragged by mouse, finger or pen, or moved by the arrow keys (with Shift: finely). */
export function Handle({ x, y, label, onMove, children }: HandleProps) {
  const frame = useFrame();
  return (
    <g
      data-handle
      class="handle"
      role="button"
      tabindex={0}
      aria-roledescription={t.dragKeys}
      aria-label={`${label}: ${t.at(show(x), show(y))}`}
      transform={`translate(${frame.x(x)} ${frame.y(y)})`}
      // Within an SVG, `touch-action: none` alone does not keep browsers from scrolling away with the finger.
      onTouchStart={(event) => event.preventDefault()}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        event.currentTarget.focus();
        event.preventDefault();
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const [px, py] = placeOf(event, event.currentTarget.ownerSVGElement as SVGSVGElement);
        onMove(clamp(frame.fromX(px), frame.xRange), clamp(frame.fromY(py), frame.yRange));
      }}
      onKeyDown={(event) => {
        const moved = move(event, x, y, frame);
        if (moved) onMove(...moved);
      }}
    >
      <circle r={18} class="reach" />
      {children ?? <circle r={8} class="knob" />}
    </g>
  );
}
