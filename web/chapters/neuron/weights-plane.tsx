import { useSignal } from "@preact/signals";
import { BoundaryLine } from "../../shared/boundary-line.js";
import { Point } from "../../shared/class-marks.js";
import { diverging } from "../../shared/colors.js";
import { Handle } from "../../shared/handle.js";
import { HeatMap } from "../../shared/heat-map.js";
import { show } from "../../shared/language.js";
import { PlacedPoints, placePoint } from "../../shared/placed-points.js";
import { clamp, roundPlace } from "../../shared/places.js";
import { Plane } from "../../shared/plane.js";
import { useFrame } from "../../shared/plane-frame.js";
import { isRight } from "./goals.js";
import { BIAS, hasOneInput, MOST_POINTS, map, moveProbe, RANGE, SIDE, seen, state, weights } from "./state.js";
import { t } from "./text.js";

/** The ground at ½, from where on an output counts as 1. Paler than the points that lie on it. */
export const shade = (output: number) => diverging(0.7 * clamp(2 * output - 1, { min: -1, max: 1 }));

/** The plane of the inputs: the output as a map, the line z = 0, the weights, the examples, and the input that is looked at. */
export function WeightsPlane() {
  const { b, goal, points, kind, probe } = state;
  const [w1, w2] = weights.value;
  const [px, py] = probe.value as readonly [number, number];
  const free = goal.value === "free";
  const place = (x: number, y: number) => placePoint(points, { x, y, kind: Number(kind.value) }, MOST_POINTS);
  return (
    <Plane
      xRange={RANGE}
      yRange={RANGE}
      label={t.figure(show(w1), show(w2), show(b.value))}
      under={<HeatMap values={map.value} columns={SIDE} rows={SIDE} color={shade} />}
      {...(free ? { onPlace: place } : {})}
    >
      <BoundaryLine w={[w1, w2]} b={b.value} arrow={false} />
      <LineHandle />
      <WeightArrow />
      {free ? <PlacedPoints points={points} ring={isWrong} /> : <GatePoints />}
      <Handle x={px} y={py} label={t.probe} onMove={moveProbe}>
        <circle r={8} class="neuron-probe" />
        <circle r={2} class="neuron-probe-center" />
      </Handle>
    </Plane>
  );
}

/** Whether the neuron answers wrongly to the example of this number. */
function isWrong(number: number): boolean {
  const example = seen.value?.examples[number];
  return example !== undefined && !isRight(example, seen.value?.y[number] as number);
}

function GatePoints() {
  return (
    <g class="neuron-points">
      {seen.value?.examples.map(({ x, target }, i) => (
        <Point x={x[0] as number} y={x[1] ?? 0} kind={target} ring={isWrong(i)} />
      ))}
    </g>
  );
}

/** The weights as an arrow from the origin, its tip to be dragged. */
function WeightArrow() {
  const frame = useFrame();
  const [w1, w2] = weights.value;
  const move = (x: number, y: number) => {
    state.w1.value = roundPlace(x);
    if (!hasOneInput.value) state.w2.value = roundPlace(y);
  };
  return (
    <>
      <path class="neuron-arrow" d={`M${frame.x(0)} ${frame.y(0)}L${frame.x(w1)} ${frame.y(w2)}`} />
      <Handle x={w1} y={w2} label={t.arrow} onMove={move}>
        <path class="neuron-tip" d="M9 0L-7-8V8Z" transform={`rotate(${(Math.atan2(-w2, w1) * 180) / Math.PI})`} />
      </Handle>
    </>
  );
}

/** How near the plane's edge the knob on the line may come. */
const MARGIN = 0.15;

/** The line z = 0 can be taken anywhere; a knob shows where. Moving it leads it through the pointer by the bias alone. */
function LineHandle() {
  // How far the knob lies along the line from the line's point next to the origin.
  const along = useSignal(1);
  const { b } = state;
  const [w1, w2] = weights.value;
  const length = Math.hypot(w1, w2);
  if (length === 0) return null;
  const [dx, dy] = [-w2 / length, w1 / length];
  const distance = -b.value / length;
  const [nearX, nearY] = [(distance * w1) / length, (distance * w2) / length];
  const inner = { min: RANGE.min + MARGIN, max: RANGE.max - MARGIN };
  const [first, last] = crossing([nearX, dx], [nearY, dy], inner);
  const at = clamp(along.value, { min: Math.min(first, last), max: Math.max(first, last) });
  const move = (x: number, y: number) => {
    b.value = roundPlace(clamp(-(w1 * x + w2 * y), BIAS));
    along.value = x * dx + y * dy;
  };
  const angle = (Math.atan2(-dy, dx) * 180) / Math.PI;
  return (
    <Handle x={clamp(nearX + at * dx, inner)} y={clamp(nearY + at * dy, inner)} label={t.line} onMove={move}>
      <path class="neuron-grip" d="M-1200 0H1200" transform={`rotate(${angle})`} />
      <circle r={7} class="neuron-knob" />
    </Handle>
  );
}

/** From where to where on the line p + s d it lies within the square; the same twice where it passes the square by. */
function crossing(
  [px, dx]: readonly [number, number],
  [py, dy]: readonly [number, number],
  { min, max }: { readonly min: number; readonly max: number },
): readonly [number, number] {
  let [first, last] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const [p, d] of [
    [px, dx],
    [py, dy],
  ] as const) {
    if (Math.abs(d) < 1e-9) continue;
    const ends = [(min - p) / d, (max - p) / d] as const;
    first = Math.max(first, Math.min(...ends));
    last = Math.min(last, Math.max(...ends));
  }
  return first <= last ? [first, last] : [(first + last) / 2, (first + last) / 2];
}
