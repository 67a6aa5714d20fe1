import { classColors, css, type Rgb } from "../../shared/colors.js";
import { type Curve, Curves } from "../../shared/curves.js";
import { show } from "../../shared/language.js";
import { Plane } from "../../shared/plane.js";
import { useFrame } from "../../shared/plane-frame.js";
import { colorOf, DASHES, KINDS } from "./map.js";
import { OPTIMIZERS, type OptimizerName } from "./optimizers.js";
import { functionInputs, landscape, longest, paths, seen, shownStep, state } from "./state.js";
import { t } from "./text.js";
import { lengthOf } from "./verdict.js";

/** Losses beyond are cut off: a logarithmic axis down to the last bit would show noise. */
const [LEAST, MOST] = [1e-4, 1e4];

/** The losses on the way so far. */
export function Losses() {
  const all = paths.value;
  const steps = Array.from({ length: Math.max(2, longest.value + 1) }, (_, step) => step);
  const curves = OPTIMIZERS.map((name): Curve => {
    const losses = all?.[name].losses ?? [];
    const values = steps.map((step) => {
      const loss = step <= shownStep.value ? losses[step] : undefined;
      return loss === undefined || !(loss < MOST) ? null : Math.max(LEAST, loss);
    });
    const color = classColors[KINDS[name]] as Rgb;
    return { label: t.optimizers[name], color, values, dashed: name !== "sgd" };
  });
  return (
    <div class="gradient-descent-losses">
      <Curves label={t.losses} x={steps} curves={curves} xName={t.steps} logarithmic height={170} />
    </div>
  );
}

/** Where each walker is, and what stopped it. */
export function Walkers() {
  const all = paths.value;
  if (!all) return null;
  return (
    <table class="gradient-descent-walkers">
      <thead>
        <tr>
          <th scope="col">{t.walker}</th>
          <th scope="col">{t.loss}</th>
          <th scope="col">{t.result}</th>
        </tr>
      </thead>
      <tbody>
        {OPTIMIZERS.map((name) => (
          <tr>
            <th scope="row">
              <Swatch name={name} />
              {t.optimizers[name]}
            </th>
            <td>{showLoss(all[name].losses[Math.min(shownStep.value, lengthOf(all[name]))] as number)}</td>
            <td>{resultOf(name)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Swatch({ name }: { readonly name: OptimizerName }) {
  return (
    <svg viewBox="0 0 28 10" aria-hidden="true">
      <path d="M1 5H27" style={{ stroke: colorOf(name), strokeDasharray: DASHES[name] }} />
    </svg>
  );
}

const showLoss = (loss: number) => (loss < 1000 ? show(loss, 4) : loss < 1e6 ? show(loss, 0) : `> ${show(1e6, 0)}`);

/** Whether it still walks, or what ended it. */
export function resultOf(name: OptimizerName): string {
  const path = paths.value?.[name];
  if (!path || shownStep.value < lengthOf(path)) return t.walking;
  return t.ends[path.end](lengthOf(path));
}

/** The data, and the functions that the walkers' weights make of the network. */
export function Fits() {
  const { x, y, xRange, yRange } = landscape.value;
  const known = seen.value?.name === state.surface.value ? seen.value : undefined;
  return (
    <div class="gradient-descent-fits">
      <Plane xRange={xRange} yRange={yRange} xName="x" yName="y" label={t.fits}>
        {known && OPTIMIZERS.map((name, i) => <Fit name={name} values={known.functions[i] as Float32Array} />)}
        <Examples x={x} y={y} />
      </Plane>
    </div>
  );
}

function Examples({ x, y }: { readonly x: readonly number[]; readonly y: readonly number[] }) {
  const frame = useFrame();
  return (
    <g class="gradient-descent-data" aria-hidden="true">
      {x.map((place, i) => (
        <circle r={7} cx={frame.x(place)} cy={frame.y(y[i] as number)} />
      ))}
    </g>
  );
}

function Fit({ name, values }: { readonly name: OptimizerName; readonly values: Float32Array }) {
  const frame = useFrame();
  const inputs = functionInputs(state.surface.value);
  const { min, max } = frame.yRange;
  const [low, high] = [min - 10 * (max - min), max + 10 * (max - min)];
  const points = Array.from(values, (value, i) => {
    const height = Math.min(high, Math.max(low, value || 0));
    return `${frame.x(inputs[i] as number).toFixed(1)} ${frame.y(height).toFixed(1)}`;
  });
  return (
    <path
      class="gradient-descent-fit"
      aria-hidden="true"
      d={`M${points.join("L")}`}
      style={{ stroke: css(classColors[KINDS[name]] as Rgb), strokeDasharray: DASHES[name] }}
    />
  );
}
