import type { ComponentChildren } from "preact";
import { Frac, O, Sub, Sup, V } from "../../shared/math.js";
import type { Parameter } from "./worker.js";

/** Parts of a formula, one after the other. */
export const row = (...parts: readonly ComponentChildren[]) => <>{parts}</>;

const numbered = (name: string, number: 1 | 2) => <Sub of={<V>{name}</V>} by={<mn>{number}</mn>} />;

/** What the lecture calls everything. */
export const x = <V>x</V>;
export const y = <V>y</V>;
export const z1 = numbered("z", 1);
export const z2 = numbered("z", 2);
export const y1 = numbered("y", 1);
export const yhat = (
  <mover accent>
    <V>y</V>
    <O>^</O>
  </mover>
);
export const loss = <V>L</V>;
export const eta = <V>η</V>;
export const parameterNames: Readonly<Record<Parameter, ComponentChildren>> = {
  w1: numbered("w", 1),
  b1: numbered("b", 1),
  w2: numbered("w", 2),
  b2: numbered("b", 2),
};

export const times = <O>·</O>;
export const equals = <O>=</O>;
export const minus = <O>−</O>;
export const plus = <O>+</O>;
export const one = <mn>1</mn>;
export const half = <Frac over={one} under={<mn>2</mn>} />;

export const brackets = (...parts: readonly ComponentChildren[]) => row(<O>(</O>, ...parts, <O>)</O>);
export const squared = (...parts: readonly ComponentChildren[]) => <Sup of={brackets(...parts)} by={<mn>2</mn>} />;
export const sigma = (of: ComponentChildren) => row(<V>σ</V>, brackets(of));
export const sigmoid = (z: ComponentChildren) => (
  <Frac over={one} under={row(one, plus, <Sup of={<V>e</V>} by={row(minus, z)} />)} />
);
/** The sigmoid's slope by its output. */
export const sigmoidSlope = (value: ComponentChildren, dot?: ComponentChildren) =>
  row(value, dot, brackets(one, minus, value));

/** ∂L/∂ of something. */
export const slopeBy = (of: ComponentChildren) => <Frac over={row(<O>∂</O>, loss)} under={row(<O>∂</O>, of)} />;
