const LIMITS = memory.data<f32>([<f32>1e-7, <f32>(1 - 1e-7)]);

/** A probability limited to [1e-7, 1 - 1e-7], as in Keras; NaN stays NaN. */
// @ts-ignore: decorator
@inline export function limited(z: v128): v128 {
  return f32x4.pmax(f32x4.pmin(z, v128.load32_splat(LIMITS, 4)), v128.load32_splat(LIMITS));
}
