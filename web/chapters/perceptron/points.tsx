import { useRef } from "preact/hooks";
import { Point } from "../../shared/class-marks.js";
import { Handle } from "../../shared/handle.js";
import { roundPlace } from "../../shared/places.js";
import { state } from "./state.js";
import { t } from "./text.js";

/** A pointer that moved further dragged and did not click. */
const CLICK = 4;

export const labelOf = (kind: number) => (kind === 1 ? "+1" : "−1");

/** The reader's points: dragged or moved by arrow keys, taken away by a click or Delete. */
export function EditablePoints({ ring }: { readonly ring: number | undefined }) {
  const { points } = state;
  const down = useRef<readonly [number, number]>([0, 0]);
  const remove = (number: number) => {
    points.value = points.value.filter((_, i) => i !== number);
  };
  return (
    <>
      {points.value.map(({ x, y, kind }, i) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: the handle in it is what takes the focus
        <g
          onPointerDown={({ clientX, clientY }) => {
            down.current = [clientX, clientY];
          }}
          onClick={({ clientX, clientY }) => {
            if (Math.hypot(clientX - down.current[0], clientY - down.current[1]) <= CLICK) remove(i);
          }}
          onKeyDown={({ key }) => {
            if (key === "Delete" || key === "Backspace") remove(i);
          }}
        >
          <Point x={x} y={y} kind={kind} ring={i === ring} />
          <Handle
            x={x}
            y={y}
            label={t.point(i + 1, labelOf(kind))}
            onMove={(x, y) => {
              const moved = { x: roundPlace(x), y: roundPlace(y), kind };
              points.value = points.value.map((point, at) => (at === i ? moved : point));
            }}
          >
            <g />
          </Handle>
        </g>
      ))}
    </>
  );
}
