import { address, float, int, madd, shareStart } from "../simd";

/*
 * Optimizers: one pass over a contiguous block of n f32 parameters, in place. n is a multiple of 4.
 *
 * `scalars` is the address of the f32 numbers that change from step to step, S of them a step: a step reads those at
 * scalars + step * S * 4. The first is the learning rate. State blocks are as long as the parameters and start as zeros.
 * Where the square of a gradient exceeds f32's range, its average is infinite and the parameter stays as it is.
 * Formulas: PyTorch's documentation of torch.optim. "Coupled" weight decay adds weightDecay * param to the gradient.
 */

// @ts-ignore: decorator
@inline function scalar(p: usize, operand: i32, step: i32, size: i32, index: i32): v128 {
  return v128.load32_splat(address(p, operand) + (<usize>(step * size + index) << 2));
}

// @ts-ignore: decorator
@inline function constant(p: usize, operand: i32): v128 {
  return f32x4.splat(float(p, operand));
}

/** param -= lr g. Operands: param, grad, n, scalars (S = 1: lr), weightDecay f32 (coupled). */
export function sgd(p: usize, step: i32, thread: i32, threads: i32): void {
  const n = int(p, 2);
  const rate = f32x4.neg(scalar(p, 3, step, 1, 0));
  const decay = constant(p, 4);
  const param = address(p, 0);
  const grad = address(p, 1);
  const end = <usize>shareStart(n, 4, thread + 1, threads) << 2;
  for (let i = <usize>shareStart(n, 4, thread, threads) << 2; i < end; i += 16) {
    const w = v128.load(param + i);
    v128.store(param + i, madd(rate, madd(decay, w, v128.load(grad + i)), w));
  }
}

/**
 * v = momentum v + g; param -= lr v, or lr (g + momentum v) where nesterov is 1.
 *
 * Operands: param, grad, velocity, n, scalars (S = 1: lr), weightDecay f32 (coupled), momentum f32, nesterov 0 or 1.
 */
export function momentum(p: usize, step: i32, thread: i32, threads: i32): void {
  const n = int(p, 3);
  const rate = f32x4.neg(scalar(p, 4, step, 1, 0));
  const decay = constant(p, 5);
  const mu = constant(p, 6);
  const nesterov = int(p, 7);
  const param = address(p, 0);
  const grad = address(p, 1);
  const velocity = address(p, 2);
  const end = <usize>shareStart(n, 4, thread + 1, threads) << 2;
  for (let i = <usize>shareStart(n, 4, thread, threads) << 2; i < end; i += 16) {
    const w = v128.load(param + i);
    const g = madd(decay, w, v128.load(grad + i));
    const v = madd(mu, v128.load(velocity + i), g);
    v128.store(velocity + i, v);
    v128.store(param + i, madd(rate, nesterov ? madd(mu, v, g) : v, w));
  }
}

/**
 * s += g^2; param -= lr g / (sqrt(s) + epsilon). Duchi, Hazan and Singer (2011).
 *
 * Operands: param, grad, s, n, scalars (S = 1: lr), weightDecay f32 (coupled), epsilon f32.
 */
export function adagrad(p: usize, step: i32, thread: i32, threads: i32): void {
  const n = int(p, 3);
  const rate = scalar(p, 4, step, 1, 0);
  const decay = constant(p, 5);
  const epsilon = constant(p, 6);
  const param = address(p, 0);
  const grad = address(p, 1);
  const squares = address(p, 2);
  const end = <usize>shareStart(n, 4, thread + 1, threads) << 2;
  for (let i = <usize>shareStart(n, 4, thread, threads) << 2; i < end; i += 16) {
    const w = v128.load(param + i);
    const g = madd(decay, w, v128.load(grad + i));
    const s = madd(g, g, v128.load(squares + i));
    v128.store(squares + i, s);
    const change = f32x4.div(f32x4.mul(rate, g), f32x4.add(f32x4.sqrt(s), epsilon));
    v128.store(param + i, f32x4.sub(w, change));
  }
}

/**
 * v = rho v + (1 - rho) g^2; param -= lr g / (sqrt(v) + epsilon). Hinton's lecture 6e (2012).
 *
 * Operands: param, grad, v, n, scalars (S = 1: lr), weightDecay f32 (coupled), rho f32, 1 - rho f32, epsilon f32.
 */
export function rmsprop(p: usize, step: i32, thread: i32, threads: i32): void {
  const n = int(p, 3);
  const rate = scalar(p, 4, step, 1, 0);
  const decay = constant(p, 5);
  const rho = constant(p, 6);
  const rest = constant(p, 7);
  const epsilon = constant(p, 8);
  const param = address(p, 0);
  const grad = address(p, 1);
  const squares = address(p, 2);
  const end = <usize>shareStart(n, 4, thread + 1, threads) << 2;
  for (let i = <usize>shareStart(n, 4, thread, threads) << 2; i < end; i += 16) {
    const w = v128.load(param + i);
    const g = madd(decay, w, v128.load(grad + i));
    const v = madd(f32x4.mul(rest, g), g, f32x4.mul(rho, v128.load(squares + i)));
    v128.store(squares + i, v);
    const change = f32x4.div(f32x4.mul(rate, g), f32x4.add(f32x4.sqrt(v), epsilon));
    v128.store(param + i, f32x4.sub(w, change));
  }
}

/**
 * m += (1 - beta1) (g - m); v = beta2 v + (1 - beta2) g^2;
 * param -= lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon). Kingma and Ba (2015).
 *
 * Operands: param, grad, m, v, n, scalars (S = 3: lr, lr / (1 - beta1^t), 1 / sqrt(1 - beta2^t)), weightDecay f32
 * (coupled), 1 - beta1 f32, beta2 f32, 1 - beta2 f32, epsilon f32. The differences come as operands because they would
 * lose up to half their digits in f32.
 */
export function adam(p: usize, step: i32, thread: i32, threads: i32): void {
  adaptive(false, p, step, thread, threads);
}

/**
 * The same with decoupled weight decay: param *= 1 - lr weightDecay first, and the gradient stays as it is.
 * Loshchilov and Hutter (2019). Operands as for adam.
 */
export function adamw(p: usize, step: i32, thread: i32, threads: i32): void {
  adaptive(true, p, step, thread, threads);
}

// @ts-ignore: decorator
@inline function adaptive(decoupled: bool, p: usize, step: i32, thread: i32, threads: i32): void {
  const n = int(p, 4);
  const decay = constant(p, 6);
  const shrink = f32x4.sub(f32x4.splat(1), f32x4.mul(scalar(p, 5, step, 3, 0), decay));
  const rate = scalar(p, 5, step, 3, 1);
  const correction = scalar(p, 5, step, 3, 2);
  const rest1 = constant(p, 7);
  const beta2 = constant(p, 8);
  const rest2 = constant(p, 9);
  const epsilon = constant(p, 10);
  const param = address(p, 0);
  const grad = address(p, 1);
  const means = address(p, 2);
  const squares = address(p, 3);
  const end = <usize>shareStart(n, 4, thread + 1, threads) << 2;
  for (let i = <usize>shareStart(n, 4, thread, threads) << 2; i < end; i += 16) {
    const w = v128.load(param + i);
    const gradient = v128.load(grad + i);
    const g = decoupled ? gradient : madd(decay, w, gradient);
    const m0 = v128.load(means + i);
    const m = madd(rest1, f32x4.sub(g, m0), m0);
    v128.store(means + i, m);
    const v = madd(f32x4.mul(rest2, g), g, f32x4.mul(beta2, v128.load(squares + i)));
    v128.store(squares + i, v);
    const change = f32x4.div(f32x4.mul(rate, m), madd(f32x4.sqrt(v), correction, epsilon));
    v128.store(param + i, f32x4.sub(decoupled ? f32x4.mul(w, shrink) : w, change));
  }
}
