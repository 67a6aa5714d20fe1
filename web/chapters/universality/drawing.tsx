import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { show } from "../../shared/language.js";
import { SIZE, useFrame } from "../../shared/plane-frame.js";
import { draw, drawing, target } from "./state.js";
import { drawOn, placeOf, raise, SAMPLES } from "./targets.js";
import { t } from "./text.js";

type Place = readonly [x: number, y: number];

/** How far an arrow key goes: places of the curve, and height. */
const [ALONG, UP] = [5, 0.1];
const MIDDLE = (SAMPLES - 1) / 2;

/** The whole plane as paper: a pen draws the curve anew where it goes, by mouse, finger, or keys. */
export function Paper() {
  const frame = useFrame();
  const pen = useRef<Place | undefined>(undefined);
  /** The place of the curve that the keys move. */
  const held = useSignal<number | undefined>(undefined);

  const placeAt = (event: PointerEvent): Place => {
    const { left, top, width, height } = (event.currentTarget as Element).getBoundingClientRect();
    return [frame.fromX(((event.clientX - left) / width) * SIZE), frame.fromY(((event.clientY - top) / height) * SIZE)];
  };
  const goTo = (place: Place) => {
    drawing.value = drawOn(target.value, pen.current ?? place, place);
    pen.current = place;
  };
  const lift = () => {
    pen.current = undefined;
    if (drawing.value) draw(drawing.value);
  };
  const keys = (event: KeyboardEvent) => {
    const part = event.shiftKey ? 0.2 : 1;
    const sample = held.value ?? MIDDLE;
    const [along, up] =
      { ArrowLeft: [-ALONG, 0], ArrowRight: [ALONG, 0], ArrowUp: [0, UP], ArrowDown: [0, -UP] }[event.key] ?? [];
    if (along === undefined || up === undefined) return;
    event.preventDefault();
    held.value = Math.min(SAMPLES - 1, Math.max(0, sample + along * part));
    if (up !== 0) draw(raise(target.value, held.value, up * part));
  };
  const at = held.value ?? MIDDLE;
  const height = target.value[at] as number;
  return (
    <g
      class="universality-paper"
      role="slider"
      tabindex={0}
      aria-label={t.paper}
      aria-orientation="vertical"
      aria-valuemin={-1}
      aria-valuemax={1}
      aria-valuenow={height}
      aria-valuetext={t.height(show(placeOf(at)), show(height))}
      onKeyDown={keys}
      onBlur={() => {
        held.value = undefined;
      }}
      onPointerDown={(event) => {
        if (!event.isPrimary || event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        held.value = undefined;
        goTo(placeAt(event));
      }}
      onPointerMove={(event) => {
        if (pen.current) goTo(placeAt(event));
      }}
      onLostPointerCapture={lift}
    >
      <rect width={SIZE} height={SIZE} />
      {held.value !== undefined && <circle r={9} cx={frame.x(placeOf(at))} cy={frame.y(height)} />}
    </g>
  );
}
