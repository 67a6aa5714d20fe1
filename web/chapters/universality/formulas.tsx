import { Formula, N, O, Sub, V } from "../../shared/math.js";
import { errorOf } from "./plots.js";
import { calmReport, neuron, state } from "./state.js";
import { t } from "./text.js";

const of = (name: string, index: number | "i") => (
  <Sub of={<V>{name}</V>} by={index === "i" ? <V>i</V> : <mn>{index}</mn>} />
);

const output = (
  <>
    <mover accent>
      <V>y</V>
      <O>^</O>
    </mover>
    <O>(</O>
    <V>x</V>
    <O>)</O>
  </>
);

/** The sum of n neurons, the one that is looked at with its numbers, and how near the sum is. */
export function Formulas() {
  const n = state.n.value;
  const now = calmReport.value;
  const i = neuron.value - 1;
  const at = (place: number) => now?.weights[place] ?? 0;
  const isThis = now?.weights.length === 3 * n + 1;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: on narrow screens it scrolls, by keys, too
    <div class="universality-formulas" role="group" aria-label={t.sums} tabIndex={0}>
      <Formula>
        {output}
        <O>=</O>
        <munderover>
          <mo>∑</mo>
          <mrow>
            <V>i</V>
            <O>=</O>
            <mn>1</mn>
          </mrow>
          <mn class="live">{n}</mn>
        </munderover>
        {of("v", "i")}
        <V>f</V>
        <O>(</O>
        {of("w", "i")}
        <V>x</V>
        <O>+</O>
        {of("b", "i")}
        <O>)</O>
        <O>+</O>
        {isThis ? <N value={at(3 * n)} bracket kind="b" /> : <V>c</V>}
        <O>,</O>
        <mspace width="0.5em" />
        <V>f</V>
        <O>=</O>
        <mi mathvariant="normal">{state.f.value}</mi>
      </Formula>
      {isThis && (
        <Formula>
          {of("v", i + 1)}
          <V>f</V>
          <O>(</O>
          {of("w", i + 1)}
          <V>x</V>
          <O>+</O>
          {of("b", i + 1)}
          <O>)</O>
          <O>=</O>
          <N value={at(2 * n + i)} kind="a" />
          <O>·</O>
          <mi mathvariant="normal">{state.f.value}</mi>
          <O>(</O>
          <N value={at(i)} kind="a" />
          <V>x</V>
          <O>+</O>
          <N value={at(n + i)} kind="a" bracket />
          <O>)</O>
        </Formula>
      )}
      {now && (
        <Formula>
          <munder>
            <mi mathvariant="normal">max</mi>
            <V>x</V>
          </munder>
          <mspace width="0.2em" />
          <O>|</O>
          {output}
          <O>−</O>
          <V>y</V>
          <O>(</O>
          <V>x</V>
          <O>)</O>
          <O>|</O>
          <O>=</O>
          <N value={errorOf(now.shallow)} decimals={3} />
        </Formula>
      )}
      <p>{t.theorem}</p>
    </div>
  );
}
