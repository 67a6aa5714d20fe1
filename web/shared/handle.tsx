import type { ComponentChildren } from "preact";
import { texts } from "./language.js";
import { clamp } from "./places.js";
import { moveByKey, placeInWords, placeOf, useFrame } from "./plane-frame.js";

const t = texts({
  en: { kind: "draggable point" },
  fr: { kind: "point à déplacer" },
});

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
      // In two directions, but no other role has screen readers leave the arrow keys to it.
      role="slider"
      tabindex={0}
      aria-roledescription={t.kind}
      aria-label={label}
      aria-valuemin={frame.xRange.min}
      aria-valuemax={frame.xRange.max}
      aria-valuenow={x}
      aria-valuetext={placeInWords(x, y)}
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
        const moved = moveByKey(event, x, y, frame);
        if (moved) onMove(...moved);
      }}
    >
      <circle r={18} class="reach" />
      {children ?? <circle r={8} class="knob" />}
    </g>
  );
}
