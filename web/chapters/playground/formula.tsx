import { Formula, Frac, N, O, Sub, V } from "../../shared/math.js";
import { outputOf } from "./recipe.js";
import { experiment, lane } from "./state.js";
import { t } from "./text.js";

const ONE = <mn>1</mn>;
const n = <V>n</V>;

/** The loss with its current value, and what a step of plain gradient descent does with the learning rate. */
export function Formulas() {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what may scroll is to be reached by keys
    <div class="playground-formulas" tabIndex={0} role="group" aria-label={t.formula}>
      <Loss />
      <Step />
    </div>
  );
}

function Loss() {
  const { settings, task } = experiment.value;
  const { l1, l2 } = settings;
  const isEntropy = task.kind === "classes" && settings.loss === "crossEntropy";
  // Over several outputs meanSquaredError is the mean, too.
  const { units } = outputOf(task, settings.loss);
  const isOverOutputs = !isEntropy && units > 1;
  const loss = lane.report.value?.train.loss ?? Number.NaN;
  return (
    <Formula>
      <V>L</V>
      <O>=</O>
      {isEntropy && <O>−</O>}
      <Frac
        over={ONE}
        under={isOverOutputs ? [n, <mn>{units}</mn>].flatMap((part, i) => (i ? [<O>·</O>, part] : [part])) : n}
      />
      <Sub of={<O>∑</O>} by={n} />
      {isOverOutputs && <Sub of={<O>∑</O>} by={<V>k</V>} />}
      {isEntropy ? (
        <>
          <V>ln</V>
          <Sub of={<V>ŷ</V>} by={<V>y</V>} />
        </>
      ) : (
        <msup>
          <mrow>
            <O>(</O>
            <V>y</V>
            <O>−</O>
            <V>ŷ</V>
            <O>)</O>
          </mrow>
          <mn>2</mn>
        </msup>
      )}
      {l1 > 0 && (
        <>
          <O>+</O>
          <N value={l1} decimals={4} />
          <O>∑</O>
          <O>|</O>
          <V>w</V>
          <O>|</O>
        </>
      )}
      {l2 > 0 && (
        <>
          <O>+</O>
          <N value={l2} decimals={4} />
          <O>∑</O>
          <msup>
            <V>w</V>
            <mn>2</mn>
          </msup>
        </>
      )}
      <O>=</O>
      <N value={loss} decimals={4} />
    </Formula>
  );
}

function Step() {
  const { learningRate, optimizer, schedule } = experiment.value.settings;
  // The other optimizers' steps are sums over many.
  if (optimizer !== "sgd" || schedule !== "constant") return null;
  return (
    <Formula>
      <V>w</V>
      <O>←</O>
      <V>w</V>
      <O>−</O>
      <N value={learningRate} decimals={learningRate < 0.01 ? 4 : 2} />
      <Frac
        over={
          <>
            <O>∂</O>
            <V>L</V>
          </>
        }
        under={
          <>
            <O>∂</O>
            <V>w</V>
          </>
        }
      />
    </Formula>
  );
}
