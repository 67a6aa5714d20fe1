import { useEffect, useRef } from "preact/hooks";
import { css, diverging } from "../../shared/colors.js";
import { show } from "../../shared/language.js";
import { Plane } from "../../shared/plane.js";
import { useFrame } from "../../shared/plane-frame.js";
import { scheme } from "../../shared/scheme.js";
import { Paper } from "./drawing.js";
import { deepUnits, parametersOf } from "./settings.js";
import { calmReport, neuron, report, state, target } from "./state.js";
import { placeOf, SAMPLES } from "./targets.js";
import { t } from "./text.js";
import type { Fit } from "./trainer.js";

const X = { min: -1, max: 1 };
const Y = { min: -1.2, max: 1.2 };

/** The greatest distance from the curve. */
export const errorOf = ({ values }: Fit): number =>
  values.reduce((most, y, i) => Math.max(most, Math.abs(y - (target.value[i] as number))), 0);

const showLoss = (loss: number) => (loss < 1e-6 ? `< ${show(1e-6, 6)}` : show(loss, loss < 0.001 ? 6 : 4));

/** The network of one hidden layer, whose plane can be drawn into, with what each neuron adds. */
export function ShallowPlot() {
  const { n } = state;
  const now = calmReport.value;
  return (
    <section aria-labelledby="universality-shallow">
      <h2 id="universality-shallow">{t.shallow}</h2>
      <p class="universality-size">{t.size(n.value, 1, parametersOf(1, n.value))}</p>
      <Plane
        xRange={X}
        yRange={Y}
        xName="x"
        yName="y"
        label={t.plot(t.shallow, now ? showLoss(now.shallow.loss) : "?")}
        under={state.parts.value && <Contributions />}
      >
        <Target />
        {state.parts.value && <Looked />}
        <Output of="shallow" />
        <Paper />
      </Plane>
      {now && <Result fit={now.shallow} />}
    </section>
  );
}

export function DeepPlot() {
  const depth = Number(state.depth.value);
  const units = deepUnits(depth, state.n.value);
  const now = calmReport.value;
  return (
    <section aria-labelledby="universality-deep">
      <h2 id="universality-deep">{t.deep}</h2>
      <p class="universality-size">{t.size(units, depth, parametersOf(depth, units))}</p>
      <Plane xRange={X} yRange={Y} xName="x" yName="y" label={t.plot(t.deep, now ? showLoss(now.deep.loss) : "?")}>
        <Target />
        <Output of="deep" />
      </Plane>
      {now && <Result fit={now.deep} />}
    </section>
  );
}

function Result({ fit }: { readonly fit: Fit }) {
  return (
    <p class="universality-result">
      {t.loss} <b>{showLoss(fit.loss)}</b> <span>{t.error(show(errorOf(fit), 3))}</span>
    </p>
  );
}

interface LineProps {
  readonly values: ArrayLike<number>;
  readonly class: string;
}

function Line({ values, class: name }: LineProps) {
  const { x, y } = useFrame();
  const points = Array.from(values, (value, i) => `${x(placeOf(i)).toFixed(1)} ${y(value || 0).toFixed(1)}`);
  return <path class={`universality-line ${name}`} aria-hidden="true" d={`M${points.join("L")}`} />;
}

const Target = () => <Line values={target.value} class="target" />;

function Output({ of }: { readonly of: "shallow" | "deep" }) {
  return report.value ? <Line values={report.value[of].values} class={of} /> : null;
}

/** What the neuron that is looked at adds. */
function Looked() {
  const first = (neuron.value - 1) * SAMPLES;
  const values = report.value?.contributions.subarray(first, first + SAMPLES);
  return values?.length === SAMPLES ? <Line values={values} class="looked" /> : null;
}

/** The canvas's side in its own pixels. */
const SIDE = 600;
/** Milliseconds between two drawings while it trains: 200 lines cost more than all the rest. */
const INTERVAL = 110;

/** The contributions of all neurons, faint: blue where the output weight is positive, orange where it is negative. */
function Contributions() {
  const now = report.value;
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useRef(0);
  const current = scheme.value;
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || !now) return;
    if (now.running && performance.now() - drawn.current < INTERVAL) return;
    drawn.current = performance.now();
    const { contributions, weights } = now;
    const neurons = contributions.length / SAMPLES;
    const across = SIDE / (SAMPLES - 1);
    const height = (value: number) => ((Y.max - value) / (Y.max - Y.min)) * SIDE;
    context.clearRect(0, 0, SIDE, SIDE);
    context.lineWidth = 1.5;
    context.globalAlpha = Math.max(0.25, 0.6 - neurons / 250);
    for (const sign of [-1, 1]) {
      context.strokeStyle = css(diverging(sign));
      context.beginPath();
      for (let unit = 0; unit < neurons; unit++) {
        if ((weights[2 * neurons + unit] as number) < 0 !== sign < 0) continue;
        const first = unit * SAMPLES;
        context.moveTo(0, height(contributions[first] as number));
        for (let i = 1; i < SAMPLES; i++) {
          context.lineTo(i * across, height(contributions[first + i] as number));
        }
      }
      context.stroke();
    }
  }, [now, current]);
  return <canvas ref={canvas} width={SIDE} height={SIDE} class="heat-map" aria-hidden="true" />;
}
