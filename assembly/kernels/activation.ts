import { activate, activateBackward } from "../activate";
import {
  AFFINE,
  ELU,
  EXPONENTIAL,
  GELU,
  HARD_SIGMOID,
  HARD_SILU,
  LEAKY_RELU,
  MISH,
  RADIAL,
  RELU,
  RELU6,
  readsX,
  SIGMOID,
  SILU,
  SOFTPLUS,
  SOFTSIGN,
  TANH,
  THRESHOLD,
} from "../activation-formulas";
import { address, float, int, shareStart } from "../simd";

/*
 * Activations, element by element. Shares are runs of 4 elements.
 *
 * `<name>Forward` operands: out [n], x, n, a f32, b f32. out = f(x); out may be x.
 * `<name>Backward` operands: dx [n], dy, x or 0, y or 0, n, a f32, b f32. dx = dy * f'(x); dx may be dy. Which of x
 * and y a kernel reads is in src/ops/activation-table.ts.
 * a and b are the constants of f, where it has any. f(NaN) is NaN; at an infinity f takes its limit. Where x is NaN, dx is
 * NaN too or, of the functions made of straight lines, dy times the slope of a side, which is NaN since dy is.
 */

/** a x + b. */
export function affineForward(p: usize, step: i32, thread: i32, threads: i32): void {
  forward(AFFINE, p, thread, threads);
}

export function affineBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  backward(AFFINE, p, thread, threads);
}

/** max(0, x); derivative 0 at 0. */
export function reluForward(p: usize, step: i32, thread: i32, threads: i32): void {
  forward(RELU, p, thread, threads);
}

export function reluBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  backward(RELU, p, thread, threads);
}

/** x where x > 0, a x elsewhere. */
export function leakyReluForward(p: usize, step: i32, thread: i32, threads: i32): void {
  forward(LEAKY_RELU, p, thread, threads);
}

export function leakyReluBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  backward(LEAKY_RELU, p, thread, threads);
}

/** min(max(0, x), 6); derivative 0 at 0 and 6. */
export function relu6Forward(p: usize, step: i32, thread: i32, threads: i32): void {
  forward(RELU6, p, thread, threads);
}

export function relu6Backward(p: usize, step: i32, thread: i32, threads: i32): void {
  backward(RELU6, p, thread, threads);
}

/** b x where x > 0, a b (e^x - 1) elsewhere: elu with b = 1, selu with Klambauer's constants. */
export function eluForward(p: usize, step: i32, thread: i32, threads: i32): void {
  forward(ELU, p, thread, threads);
}

export function eluBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  backward(ELU, p, thread, threads);
}

/** 1 / (1 + e^-x), within 2.5 ULP. */
export function sigmoidForward(p: usize, step: i32, thread: i32, threads: i32): void {
  forward(SIGMOID, p, thread, threads);
}

export function sigmoidBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  backward(SIGMOID, p, thread, threads);
}

/** relu6(x + 3) / 6, Keras 3's; derivative 0 at -3 and 3. */
export function hardSigmoidForward(p: usize, step: i32, thread: i32, threads: i32): void {
  forward(HARD_SIGMOID, p, thread, threads);
}

export function hardSigmoidBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  backward(HARD_SIGMOID, p, thread, threads);
}

/** tanh x, within 2.5 ULP. */
export function tanhForward(p: usize, step: i32, thread: i32, threads: i32): void {
  forward(TANH, p, thread, threads);
}

export function tanhBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  backward(TANH, p, thread, threads);
}

/** ln(1 + e^x), within 2 ULP. */
export function softplusForward(p: usize, step: i32, thread: i32, threads: i32): void {
  forward(SOFTPLUS, p, thread, threads);
}

export function softplusBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  backward(SOFTPLUS, p, thread, threads);
}

/** x / (1 + |x|). */
export function softsignForward(p: usize, step: i32, thread: i32, threads: i32): void {
  forward(SOFTSIGN, p, thread, threads);
}

export function softsignBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  backward(SOFTSIGN, p, thread, threads);
}

/** x / (1 + e^-x), also called swish. Hendrycks and Gimpel (2016). */
export function siluForward(p: usize, step: i32, thread: i32, threads: i32): void {
  forward(SILU, p, thread, threads);
}

export function siluBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  backward(SILU, p, thread, threads);
}

/** x (1 + erf(x / sqrt 2)) / 2. Hendrycks and Gimpel (2016). Absolute error within 3e-7 |x|. */
export function geluForward(p: usize, step: i32, thread: i32, threads: i32): void {
  forward(GELU, p, thread, threads);
}

export function geluBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  backward(GELU, p, thread, threads);
}

/** x tanh(softplus(x)). Misra (2019). */
export function mishForward(p: usize, step: i32, thread: i32, threads: i32): void {
  forward(MISH, p, thread, threads);
}

export function mishBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  backward(MISH, p, thread, threads);
}

/** x relu6(x + 3) / 6; derivative 0 at -3, 1 at 3. */
export function hardSiluForward(p: usize, step: i32, thread: i32, threads: i32): void {
  forward(HARD_SILU, p, thread, threads);
}

export function hardSiluBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  backward(HARD_SILU, p, thread, threads);
}

/** e^x, within 1.1 ULP. */
export function exponentialForward(p: usize, step: i32, thread: i32, threads: i32): void {
  forward(EXPONENTIAL, p, thread, threads);
}

export function exponentialBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  backward(EXPONENTIAL, p, thread, threads);
}

/** 1 where x >= a, 0 elsewhere; derivative 0. */
export function thresholdForward(p: usize, step: i32, thread: i32, threads: i32): void {
  forward(THRESHOLD, p, thread, threads);
}

export function thresholdBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  backward(THRESHOLD, p, thread, threads);
}

/** e^(-x^2 / 2) / sqrt(2 pi). */
export function radialForward(p: usize, step: i32, thread: i32, threads: i32): void {
  forward(RADIAL, p, thread, threads);
}

export function radialBackward(p: usize, step: i32, thread: i32, threads: i32): void {
  backward(RADIAL, p, thread, threads);
}

function forward(kind: i32, p: usize, thread: i32, threads: i32): void {
  const n = int(p, 2);
  const start = <usize>shareStart(n, 4, thread, threads) << 2;
  const end = <usize>shareStart(n, 4, thread + 1, threads) << 2;
  activate(kind, address(p, 0) + start, address(p, 1) + start, end - start, float(p, 3), float(p, 4));
}

// @ts-ignore: decorator
@inline function backward(kind: i32, p: usize, thread: i32, threads: i32): void {
  backwardFrom(kind, address(p, readsX(kind) ? 2 : 3), p, thread, threads);
}

function backwardFrom(kind: i32, saved: usize, p: usize, thread: i32, threads: i32): void {
  const n = int(p, 4);
  const start = <usize>shareStart(n, 4, thread, threads) << 2;
  const bytes = (<usize>shareStart(n, 4, thread + 1, threads) << 2) - start;
  activateBackward(kind, address(p, 0) + start, address(p, 1) + start, saved + start, bytes, float(p, 5), float(p, 6));
}
