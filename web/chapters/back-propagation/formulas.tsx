import type { ComponentChildren } from "preact";
import { Formula, N, Sup } from "../../shared/math.js";
import {
  brackets,
  equals,
  eta,
  half,
  loss,
  minus,
  parameterNames,
  plus,
  row,
  sigma,
  sigmoid,
  sigmoidSlope,
  slopeBy,
  squared,
  times,
  x,
  y,
  y1,
  yhat,
  z1,
  z2,
} from "./names.js";
import { type Seen, type Step, usedGradients } from "./state.js";
import { t } from "./text.js";
import { PARAMETERS, type Parameter } from "./worker.js";

const { w1, b1, w2, b2 } = parameterNames;

/** Numbers that came forward; within a formula, negative ones have brackets. */
const plain = (value: number) => <N value={value} decimals={4} />;
const forward = (value: number) => <N value={value} decimals={4} bracket />;
/** What a parameter becomes. */
const fresh = (value: number) => <N value={value} decimals={4} kind="b" />;
/** Numbers that come back. */
const slope = (value: number) => <N value={value} decimals={4} kind="a" />;
const backward = (value: number) => <N value={value} decimals={4} bracket kind="a" />;

/** By the slides, the error in the output layer's formulas has the other sign. */
const error = (slip: boolean) => (slip ? brackets(y, minus, yhat) : brackets(yhat, minus, y));

/** What is computed in a step: by its names, by its numbers where those are not the result itself, and what comes of it. */
interface Line {
  readonly general: ComponentChildren;
  readonly numbers?: ComponentChildren;
  readonly result: ComponentChildren;
}

const derivative = (of: ComponentChildren, ...by: readonly ComponentChildren[]) => row(slopeBy(of), equals, ...by);

function linesOf(step: Exclude<Step, "start">, seen: Seen): readonly Line[] {
  const { pass, parameters: p, example, next, learningRate, slip } = seen;
  const used = usedGradients(seen);
  const dz2 = slip ? row(error(true), sigmoidSlope(yhat)) : slopeBy(z2);
  const lines: Readonly<Record<typeof step, readonly Line[]>> = {
    z1: [
      {
        general: row(z1, equals, w1, x, plus, b1),
        numbers: row(forward(p.w1), times, forward(example.x), plus, forward(p.b1)),
        result: plain(pass.z1),
      },
    ],
    y1: [
      {
        general: row(y1, equals, sigma(z1), equals, sigmoid(z1)),
        numbers: sigma(plain(pass.z1)),
        result: plain(pass.y1),
      },
    ],
    z2: [
      {
        general: row(z2, equals, w2, y1, plus, b2),
        numbers: row(forward(p.w2), times, forward(pass.y1), plus, forward(p.b2)),
        result: plain(pass.z2),
      },
    ],
    yhat: [
      {
        general: row(yhat, equals, sigma(z2), equals, sigmoid(z2)),
        numbers: sigma(plain(pass.z2)),
        result: plain(pass.yhat),
      },
    ],
    loss: [
      {
        general: row(loss, equals, half, squared(yhat, minus, y)),
        numbers: row(half, squared(plain(pass.yhat), minus, forward(example.y))),
        result: plain(pass.loss),
      },
    ],
    dyhat: [
      {
        general: derivative(yhat, yhat, minus, y),
        numbers: row(plain(pass.yhat), minus, forward(example.y)),
        result: slope(pass.dyhat),
      },
    ],
    dz2: [
      {
        general: derivative(z2, slopeBy(yhat), times, sigmoidSlope(yhat)),
        numbers: row(backward(pass.dyhat), times, sigmoidSlope(forward(pass.yhat), times)),
        result: slope(pass.dz2),
      },
    ],
    dw2: [
      {
        general: derivative(w2, dz2, times, y1),
        numbers: row(backward(used.b2), times, forward(pass.y1)),
        result: slope(used.w2),
      },
      { general: derivative(b2, dz2), result: slope(used.b2) },
    ],
    dy1: [
      {
        general: derivative(y1, slopeBy(z2), times, w2),
        numbers: row(backward(pass.dz2), times, forward(p.w2)),
        result: slope(pass.dy1),
      },
    ],
    dz1: [
      {
        general: derivative(z1, slopeBy(y1), times, sigmoidSlope(y1)),
        numbers: row(backward(pass.dy1), times, sigmoidSlope(forward(pass.y1), times)),
        result: slope(pass.dz1),
      },
    ],
    dw1: [
      {
        general: derivative(w1, slopeBy(z1), times, x),
        numbers: row(backward(pass.dz1), times, forward(example.x)),
        result: slope(used.w1),
      },
      { general: derivative(b1, slopeBy(z1)), result: slope(used.b1) },
    ],
    update: PARAMETERS.map((name) => ({
      general: row(
        <Sup of={parameterNames[name]} by={<mtext>{t.fresh}</mtext>} />,
        equals,
        parameterNames[name],
        minus,
        eta,
        slopeBy(parameterNames[name]),
      ),
      numbers: row(plain(p[name]), minus, <N value={learningRate} />, times, backward(used[name])),
      result: fresh(next[name]),
    })),
  };
  return lines[step];
}

/** The formula of a step, in general and with its numbers. */
export function StepFormula({ step, seen }: { readonly step: Exclude<Step, "start">; readonly seen: Seen }) {
  return (
    <>
      {linesOf(step, seen).map(({ general, numbers, result }) => (
        <div class="back-propagation-line">
          <Formula>{general}</Formula>
          <Formula>{row(numbers && equals, numbers, equals, result)}</Formula>
        </div>
      ))}
    </>
  );
}

/** The whole chain from the loss to a parameter, as the lecture has it: with the slides' sign where `slip`. */
export function Chain({ of, slip }: { readonly of: Parameter; readonly slip: boolean }) {
  const output = [error(slip), sigmoidSlope(yhat)];
  const hidden = [error(false), sigmoidSlope(yhat), w2, sigmoidSlope(y1)];
  const chains: Readonly<Record<Parameter, readonly ComponentChildren[]>> = {
    w2: [...output, y1],
    b2: output,
    w1: [...hidden, x],
    b1: hidden,
  };
  return <Formula>{derivative(parameterNames[of], ...chains[of])}</Formula>;
}
