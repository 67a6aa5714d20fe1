import "./style.css";
import { Chapter, mount } from "../../shared/chapter.js";
import { css } from "../../shared/colors.js";
import { Segments, Select, Slider } from "../../shared/controls.js";
import { show } from "../../shared/language.js";
import { Formula, N, O, Sub, V } from "../../shared/math.js";
import { Placing } from "../../shared/placed-points.js";
import { ActivationPlot, probed } from "./activation-plot.js";
import { ACTIVATIONS } from "./activations.js";
import { GOALS, REACHABLE } from "./goals.js";
import { BIAS, hasOneInput, RANGE, state, weights } from "./state.js";
import { t } from "./text.js";
import { TruthTable } from "./truth-table.js";
import { shade, WeightsPlane } from "./weights-plane.js";

const WEIGHT = { ...RANGE, step: 0.05 };

function Figure() {
  const { f, a } = state;
  return (
    <div class="neuron-figure">
      <div>
        <WeightsPlane />
        <Legend />
      </div>
      <div class="neuron-activation">
        <Select label={t.activation} value={f} options={ACTIVATIONS.map((value) => ({ value, label: value }))} />
        {f.value === "threshold" && <Slider label={t.a} value={a} {...WEIGHT} />}
        <ActivationPlot />
      </div>
    </div>
  );
}

/** Which colour is which output. */
function Legend() {
  const stops = [0, 0.5, 1].map((output) => css(shade(output)));
  return (
    <p class="neuron-legend">
      {t.legend}
      <span>
        ≤ {show(0, 0)}
        <i style={{ background: `linear-gradient(to right, ${stops.join()})` }} />≥ {show(1, 0)}
      </span>
    </p>
  );
}

function Controls() {
  const { goal, points, kind, w1, w2, b } = state;
  return (
    <>
      <Segments label={t.goal} value={goal} options={GOALS.map((value) => ({ value, label: t.goals[value] }))} />
      <TruthTable />
      {goal.value === "free" && <Placing points={points} kind={kind} kinds={["0", "1"]} />}
      <div class="neuron-sliders">
        <Slider label={t.weight(0)} value={w1} {...WEIGHT} />
        {!hasOneInput.value && <Slider label={t.weight(1)} value={w2} {...WEIGHT} />}
        <Slider label={t.bias} value={b} {...BIAS} step={0.05} />
      </div>
    </>
  );
}

const product = (i: 1 | 2) => (
  <>
    <Sub of={<V>w</V>} by={<mn>{i}</mn>} />
    <Sub of={<V>x</V>} by={<mn>{i}</mn>} />
    <O>+</O>
  </>
);

function Sum() {
  const { z } = probed();
  const [w1, w2] = weights.value;
  const [x1, x2] = state.probe.value as readonly [number, number];
  const both = !hasOneInput.value;
  return (
    <Formula>
      <V>z</V>
      <O>=</O>
      {product(1)}
      {both && product(2)}
      <V>b</V>
      <O>=</O>
      <N value={w1} />
      <O>·</O>
      <N value={x1} bracket kind="a" />
      {both && (
        <>
          <O>+</O>
          <N value={w2} bracket />
          <O>·</O>
          <N value={x2} bracket kind="a" />
        </>
      )}
      <O>+</O>
      <N value={state.b.value} bracket />
      <O>=</O>
      <N value={z} kind="b" />
    </Formula>
  );
}

function Output() {
  const { z, y, slope } = probed();
  const f = <mi mathvariant="normal">{state.f.value}</mi>;
  const hasSlope = state.f.value !== "threshold";
  return (
    <>
      <Formula>
        <V>y</V>
        <O>=</O>
        <V>f</V>
        <O>(</O>
        <V>z</V>
        <O>)</O>
        <O>=</O>
        {f}
        <O>(</O>
        <N value={z} kind="b" />
        <O>)</O>
        <O>=</O>
        <N value={y} />
      </Formula>
      {hasSlope && (
        <Formula>
          <V>f</V>
          <V>′</V>
          <O>(</O>
          <V>z</V>
          <O>)</O>
          <O>=</O>
          <N value={slope} />
        </Formula>
      )}
    </>
  );
}

function Formulas() {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: on narrow screens it scrolls, by keys, too
    <div class="neuron-formulas" role="group" aria-label={t.sums} tabIndex={0}>
      <Sum />
      <Output />
    </div>
  );
}

function Page() {
  const goals = REACHABLE.map((goal) => ({ text: t.tasks[goal], done: state.reached.value.includes(goal) }));
  return (
    <Chapter
      id="neuron"
      lead={t.lead}
      figure={<Figure />}
      controls={<Controls />}
      formula={<Formulas />}
      tasks={[...goals, { text: t.tasks.xor }, { text: t.tasks.activation }]}
    />
  );
}

mount(<Page />);
