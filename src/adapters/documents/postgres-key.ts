import type { KeyValue } from './cursor.ts'

// What a number's key begins with, and a text's that would else come before or among the numbers.
const numberMark = '\u0001'
const textMark = '\u0002'

/**
 * A field's value as text whose order by code point is that of the port: numbers by size, then text by code point. Text is
 * left as it is unless it is empty or has control characters; PostgreSQL knows no NUL and no lone surrogates.
 */
export function keyOf(value: KeyValue): string {
  if (typeof value === 'number') return `${numberMark}${sortableHex(value)}`
  const text = value.toWellFormed().replaceAll('\u0001', '\u0001\u0002').replaceAll('\0', '\u0001\u0001')
  return text === '' || text < '\u0003' ? `${textMark}${text}` : text
}

/** Bits of a double, turned so that they sort as unsigned: a negative one inverted, else the sign set. */
function sortableHex(value: number): string {
  const view = new DataView(new ArrayBuffer(8))
  // Adding zero makes -0 equal to 0.
  view.setFloat64(0, value + 0)
  const bits = view.getBigUint64(0)
  const turned = bits >> 63n === 1n ? ~bits : bits | (1n << 63n)
  return BigInt.asUintN(64, turned).toString(16).padStart(16, '0')
}
