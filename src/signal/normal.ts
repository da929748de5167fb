/** Above this z lies 5 % of the standard normal distribution: an interval of ± it holds 90 %. */
export const z90 = 1.6448536269514722

/** Two-sided tail of the standard normal distribution beyond ±`z`; relative error below 1e-12 up to z = 38. */
export function twoSidedTail(z: number): number {
  return erfc(Math.abs(z) / Math.SQRT2)
}

/** Complementary error function for x ≥ 0: a series near 0, a continued fraction beyond (Abramowitz & Stegun 1964, 7.1.6 and 7.1.14). */
function erfc(x: number): number {
  return x < 2.5 ? 1 - erfSeries(x) : erfcFraction(x)
}

function erfSeries(x: number): number {
  let term = x
  let sum = x
  for (let n = 1; Math.abs(term) > 1e-17 * sum; n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}

function erfcFraction(x: number): number {
  let below = x
  for (let n = 60; n >= 1; n--) below = x + n / 2 / below
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * below)
}
