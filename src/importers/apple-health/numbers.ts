const ZERO = 0x30
const POWERS = Float64Array.from({ length: 23 }, (_, n) => Number(`1e${n}`))

/**
 * The decimal number in bytes [from, to), correctly rounded; NaN where it is not one. Up to 15 digits are read without a string
 * (an integer below 2^53 divided by a power of ten up to 10^22 rounds once, so it is exact: Clinger 1990); longer ones go through `Number`.
 */
export function readNumber(bytes: Uint8Array, from: number, to: number): number {
  let at = from
  const negative = bytes[at] === 0x2d
  if (negative) at++
  if (to - at > 15 || at >= to) return slowNumber(bytes, from, to)
  let digits = 0
  let fraction = -1
  for (; at < to; at++) {
    const digit = ((bytes[at] as number) - ZERO) >>> 0
    if (digit <= 9) {
      digits = digits * 10 + digit
      if (fraction >= 0) fraction++
    } else if (bytes[at] === 0x2e && fraction < 0) fraction = 0
    else return slowNumber(bytes, from, to)
  }
  if (to - from - (negative ? 1 : 0) === 1 && fraction === 0) return Number.NaN
  const value = fraction > 0 ? digits / (POWERS[fraction] as number) : digits
  return negative ? 0 - value : value
}

const SHAPE = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?$/

function slowNumber(bytes: Uint8Array, from: number, to: number): number {
  if (to - from > 400) return Number.NaN
  let text = ''
  for (let at = from; at < to; at++) text += String.fromCharCode(bytes[at] as number)
  const value = SHAPE.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(value) ? value : Number.NaN
}
