import {
  AFFINE,
  ELU,
  EXPONENTIAL,
  formula,
  GELU,
  gradient,
  HARD_SIGMOID,
  HARD_SILU,
  LEAKY_RELU,
  MISH,
  RADIAL,
  RELU,
  RELU6,
  readsX,
  readsY,
  SIGMOID,
  SILU,
  SOFTPLUS,
  SOFTSIGN,
  TANH,
  THRESHOLD,
} from "./activation-formulas";
import { loadUpTo4, storeUpTo4 } from "./simd";

/*
 * Activations over strips of memory. `kind` is a constant of activation-formulas.ts, `bytes` a multiple of 4, and a and b
 * are the constants of f. What an element becomes does not depend on where in a strip it lies.
 *
 * Most of a strip goes through a loop made for its kind. It does two vectors an iteration, both computed before they are
 * stored, so that they share the constants that the formula loads; one where that gains little or is rarely met, to keep the
 * binary small. The last 1 to 7 elements go through one function for all kinds, which saves a copy of each formula.
 */

/** out = f(x); out may be x. */
export function activate(kind: i32, out: usize, x: usize, bytes: usize, a: f32, b: f32): void {
  const whole = bytes & ~31;
  if (whole < bytes) forwardRest(kind, out + whole, x + whole, bytes - whole, a, b);
  switch (kind) {
    case AFFINE: return affine(out, x, whole, a, b);
    case RELU: return relu(out, x, whole, a, b);
    case LEAKY_RELU: return leakyRelu(out, x, whole, a, b);
    case RELU6: return relu6(out, x, whole, a, b);
    case ELU: return elu(out, x, whole, a, b);
    case SIGMOID: return sigmoid(out, x, whole, a, b);
    case HARD_SIGMOID: return hardSigmoid(out, x, whole, a, b);
    case TANH: return tanh(out, x, whole, a, b);
    case SOFTPLUS: return softplus(out, x, whole, a, b);
    case SOFTSIGN: return softsign(out, x, whole, a, b);
    case SILU: return silu(out, x, whole, a, b);
    case GELU: return gelu(out, x, whole, a, b);
    case MISH: return mish(out, x, whole, a, b);
    case HARD_SILU: return hardSilu(out, x, whole, a, b);
    case EXPONENTIAL: return exponential(out, x, whole, a, b);
    case THRESHOLD: return threshold(out, x, whole, a, b);
    case RADIAL: return radial(out, x, whole, a, b);
  }
}

/** dx = dy * f'(x); dx may be dy. `saved` is x or y = f(x), whichever the kind reads; where it reads neither, anything. */
export function activateBackward(kind: i32, dx: usize, dy: usize, saved: usize, bytes: usize, a: f32, b: f32): void {
  const whole = bytes & ~31;
  if (whole < bytes) backwardRest(kind, dx + whole, dy + whole, saved + whole, bytes - whole, a, b);
  switch (kind) {
    case AFFINE: return affineGradient(dx, dy, saved, whole, a, b);
    case RELU: return reluGradient(dx, dy, saved, whole, a, b);
    case LEAKY_RELU: return leakyReluGradient(dx, dy, saved, whole, a, b);
    case RELU6: return relu6Gradient(dx, dy, saved, whole, a, b);
    case ELU: return eluGradient(dx, dy, saved, whole, a, b);
    case SIGMOID: return sigmoidGradient(dx, dy, saved, whole, a, b);
    case HARD_SIGMOID: return hardSigmoidGradient(dx, dy, saved, whole, a, b);
    case TANH: return tanhGradient(dx, dy, saved, whole, a, b);
    case SOFTPLUS: return softplusGradient(dx, dy, saved, whole, a, b);
    case SOFTSIGN: return softsignGradient(dx, dy, saved, whole, a, b);
    case SILU: return siluGradient(dx, dy, saved, whole, a, b);
    case GELU: return geluGradient(dx, dy, saved, whole, a, b);
    case MISH: return mishGradient(dx, dy, saved, whole, a, b);
    case HARD_SILU: return hardSiluGradient(dx, dy, saved, whole, a, b);
    case EXPONENTIAL: return exponentialGradient(dx, dy, saved, whole, a, b);
    case THRESHOLD: return thresholdGradient(dx, dy, saved, whole, a, b);
    case RADIAL: return radialGradient(dx, dy, saved, whole, a, b);
  }
}

function forwardRest(kind: i32, out: usize, x: usize, bytes: usize, a: f32, b: f32): void {
  const a4 = f32x4.splat(a);
  const b4 = f32x4.splat(b);
  for (let at: usize = 0; at < bytes; at += 16) {
    const count = <i32>((bytes - at) >> 2);
    storeUpTo4(out + at, formula(kind, loadUpTo4(x + at, count), a4, b4), count);
  }
}

function backwardRest(kind: i32, dx: usize, dy: usize, saved: usize, bytes: usize, a: f32, b: f32): void {
  const a4 = f32x4.splat(a);
  const b4 = f32x4.splat(b);
  // Where nothing is saved, the address may lie nowhere.
  const s = readsX(kind) || readsY(kind) ? saved : dy;
  for (let at: usize = 0; at < bytes; at += 16) {
    const count = <i32>((bytes - at) >> 2);
    storeUpTo4(dx + at, gradient(kind, loadUpTo4(dy + at, count), loadUpTo4(s + at, count), a4, b4), count);
  }
}

// A function for each kind: of loops inlined into a switch the compiler makes one that asks for its kind at each element.


function affine(out: usize, x: usize, bytes: usize, a: f32, b: f32): void {
  pairs(AFFINE, out, x, bytes, a, b);
}

function affineGradient(dx: usize, dy: usize, saved: usize, bytes: usize, a: f32, b: f32): void {
  gradientPairs(AFFINE, dx, dy, saved, bytes, a, b);
}

function relu(out: usize, x: usize, bytes: usize, a: f32, b: f32): void {
  pairs(RELU, out, x, bytes, a, b);
}

function reluGradient(dx: usize, dy: usize, saved: usize, bytes: usize, a: f32, b: f32): void {
  gradientPairs(RELU, dx, dy, saved, bytes, a, b);
}

function leakyRelu(out: usize, x: usize, bytes: usize, a: f32, b: f32): void {
  pairs(LEAKY_RELU, out, x, bytes, a, b);
}

function leakyReluGradient(dx: usize, dy: usize, saved: usize, bytes: usize, a: f32, b: f32): void {
  gradientPairs(LEAKY_RELU, dx, dy, saved, bytes, a, b);
}

function relu6(out: usize, x: usize, bytes: usize, a: f32, b: f32): void {
  pairs(RELU6, out, x, bytes, a, b);
}

function relu6Gradient(dx: usize, dy: usize, saved: usize, bytes: usize, a: f32, b: f32): void {
  gradientPairs(RELU6, dx, dy, saved, bytes, a, b);
}

function elu(out: usize, x: usize, bytes: usize, a: f32, b: f32): void {
  pairs(ELU, out, x, bytes, a, b);
}

function eluGradient(dx: usize, dy: usize, saved: usize, bytes: usize, a: f32, b: f32): void {
  gradientSingles(ELU, dx, dy, saved, bytes, a, b);
}

function sigmoid(out: usize, x: usize, bytes: usize, a: f32, b: f32): void {
  pairs(SIGMOID, out, x, bytes, a, b);
}

function sigmoidGradient(dx: usize, dy: usize, saved: usize, bytes: usize, a: f32, b: f32): void {
  gradientPairs(SIGMOID, dx, dy, saved, bytes, a, b);
}

function hardSigmoid(out: usize, x: usize, bytes: usize, a: f32, b: f32): void {
  singles(HARD_SIGMOID, out, x, bytes, a, b);
}

function hardSigmoidGradient(dx: usize, dy: usize, saved: usize, bytes: usize, a: f32, b: f32): void {
  gradientSingles(HARD_SIGMOID, dx, dy, saved, bytes, a, b);
}

function tanh(out: usize, x: usize, bytes: usize, a: f32, b: f32): void {
  pairs(TANH, out, x, bytes, a, b);
}

function tanhGradient(dx: usize, dy: usize, saved: usize, bytes: usize, a: f32, b: f32): void {
  gradientPairs(TANH, dx, dy, saved, bytes, a, b);
}

function softplus(out: usize, x: usize, bytes: usize, a: f32, b: f32): void {
  singles(SOFTPLUS, out, x, bytes, a, b);
}

function softplusGradient(dx: usize, dy: usize, saved: usize, bytes: usize, a: f32, b: f32): void {
  gradientSingles(SOFTPLUS, dx, dy, saved, bytes, a, b);
}

function softsign(out: usize, x: usize, bytes: usize, a: f32, b: f32): void {
  singles(SOFTSIGN, out, x, bytes, a, b);
}

function softsignGradient(dx: usize, dy: usize, saved: usize, bytes: usize, a: f32, b: f32): void {
  gradientSingles(SOFTSIGN, dx, dy, saved, bytes, a, b);
}

function silu(out: usize, x: usize, bytes: usize, a: f32, b: f32): void {
  pairs(SILU, out, x, bytes, a, b);
}

function siluGradient(dx: usize, dy: usize, saved: usize, bytes: usize, a: f32, b: f32): void {
  gradientSingles(SILU, dx, dy, saved, bytes, a, b);
}

function gelu(out: usize, x: usize, bytes: usize, a: f32, b: f32): void {
  pairs(GELU, out, x, bytes, a, b);
}

function geluGradient(dx: usize, dy: usize, saved: usize, bytes: usize, a: f32, b: f32): void {
  gradientSingles(GELU, dx, dy, saved, bytes, a, b);
}

function mish(out: usize, x: usize, bytes: usize, a: f32, b: f32): void {
  singles(MISH, out, x, bytes, a, b);
}

function mishGradient(dx: usize, dy: usize, saved: usize, bytes: usize, a: f32, b: f32): void {
  gradientSingles(MISH, dx, dy, saved, bytes, a, b);
}

function hardSilu(out: usize, x: usize, bytes: usize, a: f32, b: f32): void {
  singles(HARD_SILU, out, x, bytes, a, b);
}

function hardSiluGradient(dx: usize, dy: usize, saved: usize, bytes: usize, a: f32, b: f32): void {
  gradientSingles(HARD_SILU, dx, dy, saved, bytes, a, b);
}

function exponential(out: usize, x: usize, bytes: usize, a: f32, b: f32): void {
  singles(EXPONENTIAL, out, x, bytes, a, b);
}

function exponentialGradient(dx: usize, dy: usize, saved: usize, bytes: usize, a: f32, b: f32): void {
  gradientSingles(EXPONENTIAL, dx, dy, saved, bytes, a, b);
}

function threshold(out: usize, x: usize, bytes: usize, a: f32, b: f32): void {
  singles(THRESHOLD, out, x, bytes, a, b);
}

function thresholdGradient(dx: usize, dy: usize, saved: usize, bytes: usize, a: f32, b: f32): void {
  gradientSingles(THRESHOLD, dx, dy, saved, bytes, a, b);
}

function radial(out: usize, x: usize, bytes: usize, a: f32, b: f32): void {
  singles(RADIAL, out, x, bytes, a, b);
}

function radialGradient(dx: usize, dy: usize, saved: usize, bytes: usize, a: f32, b: f32): void {
  gradientSingles(RADIAL, dx, dy, saved, bytes, a, b);
}

// @ts-ignore: decorator
@inline function pairs(kind: i32, out: usize, x: usize, bytes: usize, a: f32, b: f32): void {
  const a4 = f32x4.splat(a);
  const b4 = f32x4.splat(b);
  const end = out + bytes;
  for (; out < end; out += 32, x += 32) {
    const first = formula(kind, v128.load(x), a4, b4);
    const second = formula(kind, v128.load(x, 16), a4, b4);
    v128.store(out, first);
    v128.store(out, second, 16);
  }
}

// @ts-ignore: decorator
@inline function singles(kind: i32, out: usize, x: usize, bytes: usize, a: f32, b: f32): void {
  const a4 = f32x4.splat(a);
  const b4 = f32x4.splat(b);
  for (const end = out + bytes; out < end; out += 16, x += 16) {
    v128.store(out, formula(kind, v128.load(x), a4, b4));
  }
}

// @ts-ignore: decorator
@inline function gradientPairs(kind: i32, dx: usize, dy: usize, saved: usize, bytes: usize, a: f32, b: f32): void {
  const a4 = f32x4.splat(a);
  const b4 = f32x4.splat(b);
  // Where nothing is saved, dy is in its place, which the compiler sees to be unread.
  let s = readsX(kind) || readsY(kind) ? saved : dy;
  const end = dx + bytes;
  for (; dx < end; dx += 32, dy += 32, s += 32) {
    const first = gradient(kind, v128.load(dy), v128.load(s), a4, b4);
    const second = gradient(kind, v128.load(dy, 16), v128.load(s, 16), a4, b4);
    v128.store(dx, first);
    v128.store(dx, second, 16);
  }
}

// @ts-ignore: decorator
@inline function gradientSingles(kind: i32, dx: usize, dy: usize, s: usize, bytes: usize, a: f32, b: f32): void {
  const a4 = f32x4.splat(a);
  const b4 = f32x4.splat(b);
  for (const end = dx + bytes; dx < end; dx += 16, dy += 16, s += 16) {
    v128.store(dx, gradient(kind, v128.load(dy), v128.load(s), a4, b4));
  }
}
