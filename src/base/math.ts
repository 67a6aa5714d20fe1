/*
 * exp, log, cos and pow in float64 of additions, multiplications, divisions and square roots alone. IEEE 754 fixes those to
 * the bit and leaves Math.exp and its kin to each engine, so only these may touch a number that reaches a weight.
 */

/** ln 2 with its low half cleared, so that multiples of it up to 2^11 are exact, and the rest (fdlibm's e_exp.c). */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const TWO_PI = 2 * Math.PI;

const bits = new DataView(new ArrayBuffer(8));

/** 2^k, exactly, for whole k from -1074 to 1023. */
function powerOfTwo(k: number): number {
  if (k < -1022) return powerOfTwo(k + 64) * 2 ** -64;
  bits.setInt32(0, (k + 1023) << 20);
  bits.setInt32(4, 0);
  return bits.getFloat64(0);
}

/** e^x. Relative error below 2^-51. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019412) return 0;
  const k = Math.round(x / Math.LN2);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  // |r| <= ln 2 / 2: Taylor's series, the term after r^14 is below 2^-60.
  let sum = 1;
  for (let n = 14; n > 0; n--) sum = 1 + (r / n) * sum;
  // In two factors, since 2^k alone may overflow or lose bits below the normal range.
  const half = Math.trunc(k / 2);
  return sum * powerOfTwo(half) * powerOfTwo(k - half);
}

/** The natural logarithm: NaN below 0, -Infinity at 0. Relative error below 2^-50. */
export function log(x: number): number {
  if (Number.isNaN(x) || x < 0) return Number.NaN;
  if (x === 0) return -Infinity;
  if (x === Infinity) return x;
  if (x < 2.2250738585072014e-308) return log(x * 2 ** 54) - 54 * Math.LN2;
  bits.setFloat64(0, x);
  const high = bits.getInt32(0);
  let k = (high >> 20) - 1023;
  bits.setInt32(0, (high & 0xfffff) | 0x3ff00000);
  let m = bits.getFloat64(0);
  if (m > Math.SQRT2) {
    m /= 2;
    k++;
  }
  // ln m = 2 artanh(s) = 2 (s + s^3 / 3 + s^5 / 5 + ...) with s^2 <= 0.0295: the term after s^21 is below 2^-59.
  const s = (m - 1) / (m + 1);
  const square = s * s;
  let series = 0;
  for (let n = 21; n >= 3; n -= 2) series = square * (1 / n + series);
  return k * LN2_HIGH + (2 * s + (2 * s * series + k * LN2_LOW));
}

/** The cosine of x radians, for |x| up to 2^20. Absolute error below 2^-50 |x| + 2^-50. */
export function cos(x: number): number {
  const turned = Math.abs(x - TWO_PI * Math.round(x / TWO_PI));
  // cos(pi - t) = -cos t brings the argument to [0, pi/2]: Taylor's series, the term after t^22 is below 2^-60.
  const t = turned > Math.PI / 2 ? Math.PI - turned : turned;
  const square = t * t;
  let sum = 1;
  for (let n = 22; n > 0; n -= 2) sum = 1 - (square / (n * (n - 1))) * sum;
  return turned > Math.PI / 2 ? -sum : sum;
}

/** base^exponent for a base of at least 0: whole exponents up to 2^31 by repeated squaring, others as e^(exponent ln base). */
export function pow(base: number, exponent: number): number {
  if (!Number.isInteger(exponent) || Math.abs(exponent) > 2 ** 31)
    return base === 0 ? 0 ** exponent : exp(exponent * log(base));
  let result = 1;
  // Inverted first: the power itself could overflow where its inverse is a number.
  let square = exponent < 0 ? 1 / base : base;
  for (let n = Math.abs(exponent); n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
