import type { ComponentChildren } from "preact";
import { Formula, Matrix, N, O, V } from "../../shared/math.js";
import type { PlacedPoint } from "../../shared/placed-points.js";
import { labelOf } from "./points.js";
import { type Seen, seen, state } from "./state.js";
import { t } from "./text.js";
import type { Update } from "./track.js";

const row = (...parts: readonly ComponentChildren[]) => <>{parts}</>;
const [w, b, x, y, z, eta] = ["w", "b", "x", "y", "z", "η"].map((name) => <V>{name}</V>);
const times = <O>·</O>;
const plus = <O>+</O>;
const minus = <O>−</O>;
const equals = <O>=</O>;
const becomes = <O>←</O>;
const space = <mspace width="0.4em" />;
const brackets = (...parts: readonly ComponentChildren[]) => row(<O>(</O>, ...parts, <O>)</O>);

const number = (value: number) => <N value={value} bracket />;
const vector = (pair: readonly [number, number]) => <Matrix rows={pair.map((value) => [<N value={value} />])} />;
const sign = (kind: number) => (
  <mrow>
    <O>(</O>
    <mn class="live a">{labelOf(kind)}</mn>
    <O>)</O>
  </mrow>
);

/** The last update with its example. */
function lastOf({ at, path }: Seen): readonly [Update, PlacedPoint] | undefined {
  const update = path.updates[at - 1];
  const point = update && state.points.value[update.example];
  return point && [update, point];
}

/** w and b before, what is added, and what comes of it; `factor` is what the example is multiplied by. */
function NewWeights({
  update,
  point,
  factor,
}: {
  readonly update: Update;
  readonly point: PlacedPoint;
  readonly factor: ComponentChildren;
}) {
  const { before, after } = update;
  return (
    <>
      <Formula>
        {row(w, becomes, vector(before.w), plus, factor, times, vector([point.x, point.y]), equals, vector(after.w))}
      </Formula>
      <Formula>{row(b, becomes, <N value={before.b} />, plus, factor, equals, <N value={after.b} />)}</Formula>
    </>
  );
}

/** A rule's formula and, of the last update, its numbers. */
function Rule({
  title,
  children,
  numbers,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly numbers: ComponentChildren;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section aria-label={title} tabIndex={0} class="perceptron-rule">
      <h2>{title}</h2>
      <Formula>{children}</Formula>
      {numbers}
    </section>
  );
}

function PerceptronRule() {
  const last = lastOf(seen("perceptron"));
  const general = row(
    <mtext>{t.ifMistake}</mtext>,
    space,
    y,
    z,
    <O>≤</O>,
    <mn>0</mn>,
    <O>:</O>,
    row(w, becomes, w, plus, eta, y, x),
    <O>,</O>,
    row(b, becomes, b, plus, eta, y),
  );
  const numbers = last && (
    <>
      <Formula>
        {row(y, z, equals, sign(last[1].kind), times, number(last[0].z), equals)}
        <N value={last[1].kind === 1 ? last[0].z : -last[0].z} />
        {row(<O>≤</O>, <mn>0</mn>)}
      </Formula>
      <NewWeights
        update={last[0]}
        point={last[1]}
        factor={row(<N value={state.eta.value} />, times, sign(last[1].kind))}
      />
    </>
  );
  return (
    <Rule title={t.perceptronRule} numbers={numbers}>
      {general}
    </Rule>
  );
}

function DeltaRule() {
  const last = lastOf(seen("adaline"));
  const error = brackets(y, minus, z);
  const general = row(
    <mtext>{t.always}</mtext>,
    space,
    row(w, becomes, w, plus, eta, error, x),
    <O>,</O>,
    row(b, becomes, b, plus, eta, error),
  );
  let numbers: ComponentChildren;
  if (last) {
    const [update, point] = last;
    const off = (point.kind === 1 ? 1 : -1) - update.z;
    numbers = (
      <>
        <Formula>
          {row(y, minus, z, equals, sign(point.kind), minus, number(update.z), equals, <N value={off} />)}
        </Formula>
        <NewWeights update={update} point={point} factor={row(<N value={state.rate.value} />, times, number(off))} />
      </>
    );
  }
  return (
    <Rule title={t.deltaRule} numbers={numbers}>
      {general}
    </Rule>
  );
}

export function Rules() {
  return (
    <div class="perceptron-rules">
      <PerceptronRule />
      <DeltaRule />
    </div>
  );
}
