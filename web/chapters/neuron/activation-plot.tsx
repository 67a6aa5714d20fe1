import { show } from "../../shared/language.js";
import { Plane } from "../../shared/plane.js";
import { useFrame } from "../../shared/plane-frame.js";
import { Constants, FunctionFormula, SlopeFormula } from "./formulas.js";
import { CURVE_SUMS, curve, SUMS, seen, state } from "./state.js";
import { t } from "./text.js";

/** What is beyond these is cut off: e^z would flatten everything else. */
const HIGHEST = 5;

/** The activation function and its derivative over the sum z, and where the input that is looked at is on them. */
export function ActivationPlot() {
  const values = curve.value;
  const at = probed();
  const all = values ? [...values.y, ...values.slope] : [0, 1];
  const low = Math.max(-HIGHEST, Math.min(...all));
  const high = Math.min(HIGHEST, Math.max(...all));
  const margin = 0.12 * (high - low);
  const label = t.plot(state.f.value, show(at.z), show(at.y), show(at.slope));
  return (
    <figure class="curves">
      <Plane xRange={SUMS} yRange={{ min: low - margin, max: high + margin }} label={label} xName="z" yName="">
        {values && (
          <>
            <Curve values={values.slope} class="slope" at={at.z} value={at.slope} />
            <Curve values={values.y} class="function" at={at.z} value={at.y} />
          </>
        )}
      </Plane>
      <figcaption>
        <span>
          <i class="function" />
          <FunctionFormula of={state.f.value} />
        </span>
        <span>
          <i class="slope" />
          <SlopeFormula of={state.f.value} />
        </span>
        <Constants of={state.f.value} />
        {(at.z < SUMS.min || at.z > SUMS.max) && <span>{t.outside(show(at.z))}</span>}
      </figcaption>
    </figure>
  );
}

/** What the engine says about the input that is looked at: it comes after the examples. */
export function probed(): { readonly z: number; readonly y: number; readonly slope: number } {
  const [z, y, slope] = [seen.value?.z, seen.value?.y, seen.value?.slope].map((values) => values?.at(-1) ?? 0);
  return { z: z as number, y: y as number, slope: slope as number };
}

interface CurveProps {
  readonly values: Float32Array;
  readonly class: string;
  readonly at: number;
  readonly value: number;
}

function Curve({ values, class: name, at, value }: CurveProps) {
  const { x, y, yRange } = useFrame();
  const jump = (yRange.max - yRange.min) / 4;
  let path = "";
  values.forEach((height, i) => {
    // Where the function jumps there is no line.
    const draws = i > 0 && Math.abs(height - (values[i - 1] as number)) < jump;
    path += `${draws ? "L" : "M"}${x(CURVE_SUMS[i] as number).toFixed(1)} ${y(height).toFixed(1)}`;
  });
  return (
    <g class={name} aria-hidden="true">
      <path d={path} />
      {at >= SUMS.min && at <= SUMS.max && <circle r={6} cx={x(at)} cy={y(value)} />}
    </g>
  );
}
