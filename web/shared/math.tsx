import type { ComponentChildren } from "preact";
import { show } from "./language.js";

/**
 * Formulas in MathML, which all current browsers draw and screen readers read: `<Formula>` with `<V>` for names, `<N>` for numbers,
 * `<O>` for operators, `<Sub>`, `<Sup>`, `<Frac>` and `<Vec>`.
 */
export function Formula({ children, label }: { readonly children: ComponentChildren; readonly label?: string }) {
  return (
    <math display="block" aria-label={label}>
      <mrow>{children}</mrow>
    </math>
  );
}

/** A formula in the line of a text. */
export function Inline({ children }: { readonly children: ComponentChildren }) {
  return (
    <math>
      <mrow>{children}</mrow>
    </math>
  );
}

type Children = { readonly children: ComponentChildren };

/** A variable's name. */
export const V = ({ children }: Children) => <mi>{children}</mi>;
/** An operator or a bracket. */
export const O = ({ children }: Children) => <mo>{children}</mo>;

/** A current number; `kind` colours it as what it belongs to ("a" and "b" as the style sheet has them). Negative ones in brackets where `bracket`. */
export function N({
  value,
  decimals = 2,
  bracket = false,
  kind,
}: {
  readonly value: number;
  readonly decimals?: number;
  readonly bracket?: boolean;
  readonly kind?: "a" | "b";
}) {
  const text = show(value, decimals);
  const number = <mn class={kind === undefined ? "live" : `live ${kind}`}>{text}</mn>;
  if (!bracket || !text.startsWith("−")) return number;
  return (
    <mrow>
      <mo>(</mo>
      {number}
      <mo>)</mo>
    </mrow>
  );
}

export const Sub = ({ of, by }: { readonly of: ComponentChildren; readonly by: ComponentChildren }) => (
  <msub>
    <mrow>{of}</mrow>
    <mrow>{by}</mrow>
  </msub>
);

export const Sup = ({ of, by }: { readonly of: ComponentChildren; readonly by: ComponentChildren }) => (
  <msup>
    <mrow>{of}</mrow>
    <mrow>{by}</mrow>
  </msup>
);

export const Frac = ({ over, under }: { readonly over: ComponentChildren; readonly under: ComponentChildren }) => (
  <mfrac>
    <mrow>{over}</mrow>
    <mrow>{under}</mrow>
  </mfrac>
);

/** A matrix or, with one column, a vector; rows of cells. Its brackets are drawn: without a font for formulas none would stretch. */
export const Matrix = ({ rows }: { readonly rows: readonly (readonly ComponentChildren[])[] }) => (
  <mtable class="matrix">
    {rows.map((row) => (
      <mtr>
        {row.map((cell) => (
          <mtd>{cell}</mtd>
        ))}
      </mtr>
    ))}
  </mtable>
);
