import type { ComponentChildren } from "preact";
import { Formula, Matrix, N, O, V } from "../../shared/math.js";
import type { Seen } from "./state.js";
import { t } from "./text.js";

const column = (values: ArrayLike<number>, kind?: "a" | "b"): ComponentChildren => (
  <Matrix rows={Array.from(values, (value) => [<N value={value} {...(kind ? { kind } : {})} />])} />
);

/** The three steps of the point that is followed, with all their numbers. */
export function Formulas({ seen }: { readonly seen: Seen }) {
  const { network, probe } = seen;
  const { W, b1, g, w2, b2 } = network;
  const [w11, w12, w21, w22] = W.map((value) => <N value={value} />);
  const y = probe.y[0] as number;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: on narrow screens it scrolls, by keys, too
    <div class="hidden-layer-formulas" role="group" aria-label={t.formulas} tabIndex={0}>
      <Formula>
        <V>u</V>
        <O>=</O>
        <Matrix
          rows={[
            [w11, w12],
            [w21, w22],
          ]}
        />
        {column(probe.x, "a")}
        <O>+</O>
        {column(b1)}
        <O>=</O>
        {column(probe.u, "b")}
      </Formula>
      <Formula>
        <V>h</V>
        <O>=</O>
        <mi mathvariant="normal">{g}</mi>
        {column(probe.u, "b")}
        <O>=</O>
        {column(probe.h, "b")}
      </Formula>
      <Formula>
        <V>y</V>
        <O>=</O>
        <Matrix rows={[w2.map((value) => <N value={value} />)]} />
        {column(probe.h, "b")}
        <O>+</O>
        <N value={b2} bracket />
        <O>=</O>
        <N value={y} />
        <mtext>{`\u2003${t.classOf(y >= 0 ? 1 : 0)}`}</mtext>
      </Formula>
    </div>
  );
}
