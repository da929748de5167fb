let slots = new Int32Array(1 << 13)
const numbers = new Float64Array(1 << 16)
const word = new Float64Array(1)
const halves = new Int32Array(word.buffer)

/**
 * The dictionary of `values[0…count)`, with the place of each in `codes`, where that is smaller than the numbers themselves: fewer than
 * two in three differ. −0 is not 0. What is given is good until the next call.
 */
export function distinctNumbers(
  values: Float64Array,
  codes: Int32Array,
  count: number,
): { count: number; numbers: Float64Array } | undefined {
  const found = findDistinct(values, codes, count)
  return found < 0 ? undefined : { count: found, numbers }
}

/** How many differ; −1 for too many. By itself: V8 would throw its code for a long loop away where it goes on to make an object. */
function findDistinct(values: Float64Array, codes: Int32Array, count: number): number {
  const size = 2 ** Math.ceil(Math.log2(Math.max(16, count * 2)))
  if (slots.length < size) slots = new Int32Array(size)
  const mask = size - 1
  slots.fill(0, 0, size)
  const most = Math.min(numbers.length, (count * 2) / 3)
  let found = 0
  for (let k = 0; k < count; k++) {
    const value = values[k] as number
    word[0] = value
    let at = Math.imul((halves[0] as number) ^ Math.imul(halves[1] as number, 0x85ebca6b), 0x9e3779b1)
    at = (at ^ (at >>> 15)) & mask
    while (slots[at] !== 0 && !Object.is(numbers[(slots[at] as number) - 1], value)) at = (at + 1) & mask
    if (slots[at] === 0) {
      if (found >= most) return -1
      numbers[found++] = value
      slots[at] = found
    }
    codes[k] = (slots[at] as number) - 1
  }
  return found
}
