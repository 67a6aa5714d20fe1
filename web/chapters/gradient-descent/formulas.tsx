import type { ComponentChildren } from "preact";
import { Formula, Frac, Inline, Matrix, N, O, Sub, V } from "../../shared/math.js";
import { MOMENTUM } from "./optimizers.js";
import { landscape, paths, seen, shownStep, state } from "./state.js";
import { t } from "./text.js";
import { lengthOf, placeAt } from "./verdict.js";

const THETA = <V>θ</V>;
const next = (
  <>
    <V>k</V>
    <O>+</O>
    <mn>1</mn>
  </>
);
const grad = (
  <>
    <mo>∇</mo>
    <V>L</V>
  </>
);

const Column = ({ of, kind }: { readonly of: readonly [number, number]; readonly kind?: "a" | "b" }) => (
  <Matrix rows={of.map((value) => [<N value={value} decimals={3} {...(kind ? { kind } : {})} />])} />
);

/** The rule, and the step from where SGD is, with its numbers. */
function Step() {
  const path = paths.value?.sgd;
  if (!path || !seen.value) return null;
  const step = shownStep.value;
  const eta = state.eta.value;
  const [here, after] = [placeAt(path, step), placeAt(path, step + 1)];
  const all = state.batch.value === "all";
  // Of some examples only it is known what their gradient did.
  const gradient = all ? seen.value.gradient : ([(here[0] - after[0]) / eta, (here[1] - after[1]) / eta] as const);
  const isEnded = step >= lengthOf(path);
  const [first, second] = landscape.value.names;
  return (
    <>
      <Formula>
        <Sub of={THETA} by={next} />
        <O>=</O>
        <Sub of={THETA} by={<V>k</V>} />
        <O>−</O>
        <V>η</V>
        {grad}
        <O>(</O>
        <Sub of={THETA} by={<V>k</V>} />
        <O>)</O>
        <O>,</O>
        <mspace width="0.5em" />
        {THETA}
        <O>=</O>
        <Matrix rows={[[<V>{first}</V>], [<V>{second}</V>]]} />
      </Formula>
      {isEnded ? (
        <>
          <p>{path.end === "diverged" ? t.gone : t.ended}</p>
          {path.end !== "diverged" && (
            <Formula>
              {grad}
              <O>(</O>
              <Sub of={THETA} by={<mn>{lengthOf(path)}</mn>} />
              <O>)</O>
              <O>=</O>
              <Column of={seen.value.gradient} kind="a" />
            </Formula>
          )}
        </>
      ) : (
        <Formula>
          <Sub of={THETA} by={<mn>{step + 1}</mn>} />
          <O>=</O>
          <Column of={here} />
          <O>−</O>
          <N value={eta} decimals={eta < 0.01 ? 4 : 3} kind="b" />
          <O>·</O>
          <Column of={gradient} kind="a" />
          <O>=</O>
          <Column of={after} />
        </Formula>
      )}
      {!isEnded && !all && <p class="gradient-descent-small">{t.noise}</p>}
    </>
  );
}

const sub = (of: ComponentChildren) => <Sub of={of} by={<V>k</V>} />;

/** How the other two change their steps. */
function Others() {
  return (
    <div class="gradient-descent-others">
      <span>{t.optimizers.momentum}</span>
      <Inline>
        {sub(<V>v</V>)}
        <O>=</O>
        <N value={MOMENTUM} decimals={1} />
        <Sub
          of={<V>v</V>}
          by={
            <>
              <V>k</V>
              <O>−</O>
              <mn>1</mn>
            </>
          }
        />
        <O>+</O>
        {grad}
        <O>,</O>
        <mspace width="0.5em" />
        <Sub of={THETA} by={next} />
        <O>=</O>
        {sub(THETA)}
        <O>−</O>
        <V>η</V>
        {sub(<V>v</V>)}
      </Inline>
      <span>{t.optimizers.adam}</span>
      <Inline>
        <Sub of={THETA} by={next} />
        <O>=</O>
        {sub(THETA)}
        <O>−</O>
        <V>η</V>
        <Frac
          over={sub(
            <mover accent>
              <V>m</V>
              <O>^</O>
            </mover>,
          )}
          under={
            <>
              <msqrt>
                {sub(
                  <mover accent>
                    <V>s</V>
                    <O>^</O>
                  </mover>,
                )}
              </msqrt>
              <O>+</O>
              <V>ε</V>
            </>
          }
        />
      </Inline>
    </div>
  );
}

export function Formulas() {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: on narrow screens it scrolls, by keys, too
    <div class="gradient-descent-formulas" role="group" aria-label={t.sums} tabIndex={0}>
      <Step />
      <Others />
    </div>
  );
}
