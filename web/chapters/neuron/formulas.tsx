import type { ComponentChildren } from "preact";
import { Frac, Inline, O, Sup, V } from "../../shared/math.js";
import type { ActivationName } from "./activations.js";
import { t } from "./text.js";

/** What is written with blanks between its signs: names of one letter slanted, of more upright, numbers, and operators. */
function math(written: string): ComponentChildren {
  return written.split(" ").map((sign) => {
    if (/^\d/.test(sign)) return <mn>{t.number(sign)}</mn>;
    if (/^[\p{L}′]$/u.test(sign)) return <V>{sign}</V>;
    if (/^\p{L}/u.test(sign)) return <mi mathvariant="normal">{sign}</mi>;
    return <O>{sign}</O>;
  });
}

const words = (text: string) => <mtext>{text}</mtext>;
const frac = (over: string, under: ComponentChildren) => <Frac over={math(over)} under={under} />;
const square = (base: string) => <Sup of={math(base)} by={math("2")} />;
const exp = (power: ComponentChildren) => <Sup of={<V>e</V>} by={power} />;

/** A value where a condition holds, and another elsewhere. */
const where = (value: ComponentChildren, condition: string, elsewhere: ComponentChildren) => [
  value,
  words(t.where),
  math(condition),
  words(t.elsewhere),
  elsewhere,
];
const eMinus1 = [exp(math("z")), math("− 1")];
const logistic = frac("1", [math("1 +"), exp(math("− z"))]);
const lnOf1PlusE = [math("ln ( 1 +"), exp(math("z")), math(")")];

interface Formulas {
  readonly f: ComponentChildren;
  /** f', by y = f(z) where that is shorter. */
  readonly slope: ComponentChildren;
  readonly constants?: ComponentChildren;
}

/** How each is written, and its derivative; σ is the sigmoid, Φ and φ are the normal distribution and its density. */
const formulas: Readonly<Record<ActivationName, Formulas>> = {
  threshold: { f: where(math("1"), "z ≥ a", math("0")), slope: words(t.noSlope) },
  linear: { f: math("z"), slope: math("1") },
  sigmoid: { f: logistic, slope: math("y ( 1 − y )") },
  relu: { f: math("max ( 0 , z )"), slope: where(math("1"), "z > 0", math("0")) },
  radial: {
    f: [<msqrt>{frac("1", math("2 π"))}</msqrt>, exp([math("−"), square("z"), math("/ 2")])],
    slope: math("− z y"),
  },
  tanh: { f: math("tanh ( z )"), slope: [math("1 −"), square("y")] },
  leakyRelu: { f: where(math("z"), "z > 0", math("0.01 z")), slope: where(math("1"), "z > 0", math("0.01")) },
  relu6: { f: math("min ( 6 , max ( 0 , z ) )"), slope: where(math("1"), "0 < z < 6", math("0")) },
  elu: { f: where(math("z"), "z > 0", eMinus1), slope: where(math("1"), "z > 0", math("y + 1")) },
  selu: {
    f: where(math("λ z"), "z > 0", [math("λ α ("), eMinus1, math(")")]),
    slope: where(math("λ"), "z > 0", math("y + λ α")),
    constants: math("λ = 1.0507 , α = 1.6733"),
  },
  softplus: { f: lnOf1PlusE, slope: logistic },
  softsign: { f: frac("z", math("1 + | z |")), slope: frac("1", <Sup of={math("( 1 + | z | )")} by={math("2")} />) },
  silu: { f: math("z σ ( z )"), slope: math("y + σ ( z ) ( 1 − y )") },
  gelu: { f: math("z Φ ( z )"), slope: math("Φ ( z ) + z φ ( z )") },
  mish: {
    f: [math("z t , t = tanh ("), lnOf1PlusE, math(")")],
    slope: [math("t + z σ ( z ) ( 1 −"), square("t"), math(")")],
  },
  hardSigmoid: {
    f: [math("min ( 1 , max ( 0 ,"), frac("z", math("6")), math("+"), frac("1", math("2")), math(") )")],
    slope: where(frac("1", math("6")), "− 3 < z < 3", math("0")),
  },
  hardSilu: { f: math("z h ( z ) , h = hardSigmoid"), slope: math("h ( z ) + z h ′ ( z )") },
  exponential: { f: exp(math("z")), slope: math("y") },
};

/** f(z) = … */
export const FunctionFormula = ({ of }: { readonly of: ActivationName }) => (
  <Inline>
    {math("f ( z ) =")}
    {formulas[of].f}
  </Inline>
);

/** f′(z) = … */
export const SlopeFormula = ({ of }: { readonly of: ActivationName }) => (
  <Inline>
    {math("f ′ ( z ) =")}
    {formulas[of].slope}
  </Inline>
);

/** What the constants in them are, where there are any. */
export function Constants({ of }: { readonly of: ActivationName }) {
  const { constants } = formulas[of];
  return constants === undefined ? null : <Inline>{constants}</Inline>;
}
