import { Formula, Frac, N, O, Sub, V } from "../../shared/math.js";
import { experiment, lane } from "./state.js";

const ONE = <mn>1</mn>;
const n = <V>n</V>;

/** The loss with its current value, and what a step of plain gradient descent does with the learning rate. */
export function LossFormula() {
  const { settings, task } = experiment.value;
  const { l1, l2, learningRate } = settings;
  const isEntropy = task.kind === "classes" && settings.loss === "crossEntropy";
  const loss = lane.report.value?.train.loss ?? Number.NaN;
  return (
    <Formula>
      <V>L</V>
      <O>=</O>
      {isEntropy && <O>−</O>}
      <Frac over={ONE} under={n} />
      <Sub of={<O>∑</O>} by={n} />
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
      <mspace width="2em" />
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
