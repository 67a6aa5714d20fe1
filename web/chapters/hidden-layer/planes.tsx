import type { ComponentChildren } from "preact";
import { BoundaryLine } from "../../shared/boundary-line.js";
import { Point } from "../../shared/class-marks.js";
import { diverging } from "../../shared/colors.js";
import { Handle } from "../../shared/handle.js";
import { HeatMap } from "../../shared/heat-map.js";
import { show } from "../../shared/language.js";
import { PlacedPoints, placePoint } from "../../shared/placed-points.js";
import { roundPlace, symmetric } from "../../shared/places.js";
import { Plane } from "../../shared/plane.js";
import { useFrame } from "../../shared/plane-frame.js";
import { isRight } from "./goals.js";
import { between, partOf, RANGE, SIDE, sheetPaths } from "./sheet.js";
import { MOST_POINTS, type Seen, state, type Way } from "./state.js";
import { t } from "./text.js";

/** Negative is class 0, positive class 1: the colours change over near 0. */
export const shade = (y: number) => diverging(0.6 * Math.min(1, Math.max(-1, 2 * y)));

const pairOf = (values: Float32Array) => t.pair(show(values[0] as number), show(values[1] as number));

/** The map of y, coming in with the last step. */
function Outputs({ values }: { readonly values: Float32Array }) {
  const opacity = partOf(state.step.value, 2);
  return (
    <div class="hidden-layer-map" style={{ opacity }}>
      <HeatMap values={values} columns={SIDE} rows={SIDE} color={shade} />
    </div>
  );
}

/** Before the first step: the examples as they are, and the point that is followed, to be dragged. */
export function InputPlane({ seen }: { readonly seen: Seen }) {
  const { data, points, kind, probe } = state;
  const free = data.value === "free";
  const [x, y] = probe.value as readonly [number, number];
  const isWrong = (i: number) => {
    const example = seen.examples[i];
    return state.step.value === 3 && example !== undefined && !isRight(example, seen.points.y[i] as number);
  };
  const place = (x: number, y: number) => placePoint(points, { x, y, kind: Number(kind.value) }, MOST_POINTS);
  return (
    <Plane
      xRange={RANGE}
      yRange={RANGE}
      label={t.inputs(verdictOf(seen))}
      under={<Outputs values={seen.map} />}
      {...(free ? { onPlace: place } : {})}
    >
      <Sheet points={seen.sheet.x} />
      {free ? (
        <PlacedPoints points={points} ring={isWrong} />
      ) : (
        seen.examples.map(({ x, y, kind }, i) => <Point x={x} y={y} kind={kind} ring={isWrong(i)} />)
      )}
      <Handle x={x} y={y} label={t.probe} onMove={(x, y) => (probe.value = [x, y].map(roundPlace))}>
        <ProbeMark />
      </Handle>
    </Plane>
  );
}

/** How many points are right, in words. */
export function verdictOf({ examples, points }: Seen): string {
  const right = examples.filter((example, i) => isRight(example, points.y[i] as number)).length;
  if (examples.length === 0) return t.none;
  return right === examples.length ? t.all(right) : t.count(right, examples.length);
}

/** After the first step. */
export function SumsPlane({ seen }: { readonly seen: Seen }) {
  const part = partOf(state.step.value, 0);
  return (
    <Moved
      seen={seen}
      bound={seen.uBound}
      name="u"
      label={t.sums(pairOf(seen.probe.u))}
      of={({ x, u }) => between(x, u, part)}
    />
  );
}

/** After the second step, and in the third the line that separates. */
export function HiddenPlane({ seen }: { readonly seen: Seen }) {
  const step = state.step.value;
  const { w2, b2 } = seen.network;
  const [w21, w22] = w2 as readonly [number, number];
  return (
    <Moved
      seen={seen}
      bound={seen.hBound}
      name="h"
      label={t.hidden(pairOf(seen.probe.h), show(w21), show(w22), show(b2))}
      of={({ x, u, h }) => (step < 1 ? between(x, u, step) : between(u, h, partOf(step, 1)))}
      under={<Outputs values={seen.readout} />}
    >
      <g opacity={partOf(step, 2)}>
        <BoundaryLine w={[w21, w22]} b={b2} />
      </g>
    </Moved>
  );
}

interface MovedProps {
  readonly seen: Seen;
  readonly bound: number;
  readonly name: string;
  readonly label: string;
  /** Where points are, of their way: [n, 2]. */
  readonly of: (way: Way) => Float32Array;
  readonly under?: ComponentChildren;
  readonly children?: ComponentChildren;
}

/** A plane with the sheet, the examples and the point that is followed as a step has moved them. */
function Moved({ seen, bound, name, label, of, under, children }: MovedProps) {
  const [points, probe] = [of(seen.points), of(seen.probe)];
  const range = symmetric(bound);
  return (
    <Plane xRange={range} yRange={range} label={label} xName={`${name}₁`} yName={`${name}₂`} under={under}>
      <Sheet points={of(seen.sheet)} class="moved" />
      {children}
      {seen.examples.map(({ kind }, i) => (
        <Point x={points[2 * i] as number} y={points[2 * i + 1] as number} kind={kind} />
      ))}
      <Probe x={probe[0] as number} y={probe[1] as number} />
    </Plane>
  );
}

function Sheet({ points, class: name = "" }: { readonly points: Float32Array; readonly class?: string }) {
  const frame = useFrame();
  const paths = sheetPaths(points, (x, y) => `${frame.x(x).toFixed(1)} ${frame.y(y).toFixed(1)}`);
  return (
    <g class={`hidden-layer-sheet ${name}`} aria-hidden="true">
      <path class="first" d={paths.first} />
      <path class="second" d={paths.second} />
    </g>
  );
}

const ProbeMark = () => (
  <>
    <circle r={11} class="hidden-layer-probe" />
    <circle r={2.5} class="hidden-layer-probe-center" />
  </>
);

/** Where the point that is followed has come to. */
export function Probe({ x, y }: { readonly x: number; readonly y: number }) {
  const frame = useFrame();
  return (
    <g transform={`translate(${frame.x(x)} ${frame.y(y)})`} aria-hidden="true">
      <ProbeMark />
    </g>
  );
}
