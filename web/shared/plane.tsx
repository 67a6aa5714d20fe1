import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { Axes } from "./axes.js";
import { texts } from "./language.js";
import type { Range } from "./places.js";
import { FrameContext, makeFrame, moveByKey, placeInWords, placeOf, SIZE } from "./plane-frame.js";

const t = texts({
  en: { keys: "Arrow keys move the cross, Enter acts there." },
  fr: { keys: "Les flèches déplacent la croix, Entrée agit à cet endroit." },
});

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
      const moved = moveByKey(event, x, y, frame);
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
          {cross && placeInWords(...cross, 1)}
        </span>
      </div>
    </FrameContext.Provider>
  );
}
