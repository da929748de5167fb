const ZERO = 0x30
const POWERS = Float64Array.from({ length: 23 }, (_, n) => Number(`1e${n}`))

/** The decimal number in bytes [from, to), correctly rounded; NaN where it is not one. */
export function readNumber(bytes: Uint8Array, from: number, to: number): number {
  readNumberInto(single, 0, bytes, from, to)
  return single[0] as number
}

const single = new Float64Array(1)

/**
 * The same into `out[slot]`, since a double given back would be boxed; false where it is not one. Up to 15 digits are read without a string
 * (an integer below 2^53 divided by a power of ten up to 10^22 rounds once, so it is exact: Clinger 1990); longer ones go through `Number`.
 */
export function readNumberInto(out: Float64Array, slot: number, bytes: Uint8Array, from: number, to: number): boolean {
  let at = from
  const negative = bytes[at] === 0x2d
  if (negative) at++
  if (to - at > 15 || at >= to) return slowNumber(out, slot, bytes, from, to)
  let digits = 0
  let fraction = -1
  for (; at < to; at++) {
    const digit = ((bytes[at] as number) - ZERO) & 0xff
    if (digit <= 9) {
      digits = digits * 10 + digit
      if (fraction >= 0) fraction++
    } else if (bytes[at] === 0x2e && fraction < 0) fraction = 0
    else return slowNumber(out, slot, bytes, from, to)
  }
  if (to - from - (negative ? 1 : 0) === 1 && fraction === 0) return slowNumber(out, slot, bytes, from, to)
  const size = fraction > 0 ? digits / (POWERS[fraction] as number) : digits
  out[slot] = negative ? 0 - size : size
  return true
}

const SHAPE = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?$/

function slowNumber(out: Float64Array, slot: number, bytes: Uint8Array, from: number, to: number): boolean {
  let text = ''
  for (let at = from; at < to && to - from <= 400; at++) text += String.fromCharCode(bytes[at] as number)
  const value = SHAPE.test(text) ? Number(text) : Number.NaN
  const isNumber = Number.isFinite(value)
  out[slot] = isNumber ? value : Number.NaN
  return isNumber
}
