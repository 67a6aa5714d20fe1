import { batch, useSignal, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { scheme } from "../../shared/scheme.js";
import { clearPad, state, stroke } from "./state.js";
import { LARGEST, MOST_POINTS, MOST_STROKES, pointsOf, type Stroke, simplify } from "./strokes.js";
import { t } from "./text.js";

/** The pad's pixels for each step of its coordinates. */
const SCALE = 2;
const PEN = 20;
/** How far an arrow key moves the pen. */
const STEP = 8;
const FINE_STEP = 2;

const limit = (place: number) => Math.min(LARGEST, Math.max(0, Math.round(place)));

function begin(x: number, y: number): void {
  if (state.strokes.value.length >= MOST_STROKES) return;
  batch(() => {
    state.test.value = -1;
    stroke.value = [limit(x), limit(y)];
  });
}

/** Goes on to where the pen is now; a stroke that is too long for a link goes no further. */
function goOn(places: readonly (readonly [number, number])[]): void {
  const line = [...stroke.value];
  for (const [x, y] of places) {
    const [nextX, nextY] = [limit(x), limit(y)];
    const isNew = line.at(-2) !== nextX || line.at(-1) !== nextY;
    if (isNew && line.length < 2 * MOST_POINTS) line.push(nextX, nextY);
  }
  if (line.length > stroke.value.length) stroke.value = line;
}

function end(): void {
  if (stroke.value.length === 0) return;
  batch(() => {
    state.strokes.value = [...state.strokes.value, simplify(stroke.value)];
    stroke.value = [];
  });
}

/** What is drawn into: by mouse, finger or pen, or by keys. */
export function Pad() {
  const canvas = useRef<HTMLCanvasElement>(null);
  /** Where the keys have moved the pen; nothing while they are not used. */
  const pen = useSignal<readonly [number, number] | undefined>(undefined);
  const isDown = useSignal(false);

  useSignalEffect(() => {
    const context = canvas.current?.getContext("2d");
    // The ink's colour follows the scheme.
    if (!context || !scheme.value) return;
    const style = getComputedStyle(canvas.current as HTMLCanvasElement);
    context.setTransform(SCALE, 0, 0, SCALE, 0, 0);
    context.clearRect(0, 0, LARGEST + 1, LARGEST + 1);
    for (const line of [...state.strokes.value, stroke.value]) drawLine(context, line, style.color);
    if (pen.value) drawPen(context, pen.value, isDown.value, style.getPropertyValue("--warm"));
  });

  const placeOf = ({ clientX, clientY }: PointerEvent, pad: Element) => {
    const { left, top, width, height } = pad.getBoundingClientRect();
    return [((clientX - left) / width) * LARGEST, ((clientY - top) / height) * LARGEST] as const;
  };
  const lift = () => {
    isDown.value = false;
    end();
  };
  const keys = (event: KeyboardEvent) => {
    const by = event.shiftKey ? FINE_STEP : STEP;
    const [dx, dy] =
      { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, -by], ArrowDown: [0, by] }[event.key] ?? [];
    const [x, y] = pen.value ?? [128, 128];
    if (dx !== undefined && dy !== undefined) {
      pen.value = [limit(x + dx), limit(y + dy)];
      if (isDown.value) goOn([pen.value]);
    } else if (event.key === " ") {
      if (isDown.value) lift();
      else begin(x, y);
      pen.value = [x, y];
      isDown.value = stroke.value.length > 0;
    } else if (event.key === "Backspace") {
      isDown.value = false;
      if (stroke.value.length > 0) stroke.value = [];
      else state.strokes.value = state.strokes.value.slice(0, -1);
    } else return;
    event.preventDefault();
  };

  return (
    <div class="digits-pad">
      <div
        class="digits-slate"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer draws in it by keys
        tabIndex={0}
        role="application"
        aria-label={t.pad}
        aria-describedby="digits-keys"
        onKeyDown={keys}
        onBlur={() => {
          lift();
          pen.value = undefined;
        }}
        onPointerDown={(event) => {
          if (!event.isPrimary || event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          [isDown.value, pen.value] = [false, undefined];
          end();
          begin(...placeOf(event, event.currentTarget));
        }}
        onPointerMove={(event) => {
          const { currentTarget: pad } = event;
          if (!pad.hasPointerCapture(event.pointerId) || stroke.value.length === 0) return;
          // Between two frames a pen is at many places.
          const all = event.getCoalescedEvents?.() ?? [];
          goOn((all.length > 0 ? all : [event]).map((one) => placeOf(one, pad)));
        }}
        onLostPointerCapture={end}
      >
        <canvas ref={canvas} width={SCALE * (LARGEST + 1)} height={SCALE * (LARGEST + 1)} aria-hidden="true" />
      </div>
      <span role="status" class="visually-hidden">
        {pen.value && (isDown.value ? t.penDown : t.penUp)}
      </span>
      <button type="button" onClick={clearPad}>
        {t.clear}
      </button>
    </div>
  );
}

function drawLine(context: CanvasRenderingContext2D, line: Stroke, color: string): void {
  const points = pointsOf(line);
  const [first] = points;
  if (!first) return;
  context.beginPath();
  context.moveTo(...first);
  // A line of no length is a dot.
  for (const point of points) context.lineTo(...point);
  context.lineWidth = PEN;
  context.lineCap = "round";
  context.lineJoin = "round";
  context.strokeStyle = color;
  context.stroke();
}

function drawPen(
  context: CanvasRenderingContext2D,
  [x, y]: readonly [number, number],
  down: boolean,
  color: string,
): void {
  context.beginPath();
  context.arc(x, y, PEN / 2, 0, 2 * Math.PI);
  context.lineWidth = 3;
  context.strokeStyle = color;
  context.stroke();
  if (!down) return;
  context.fillStyle = color;
  context.fill();
}
