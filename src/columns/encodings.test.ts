import fc from 'fast-check'
import { expect, test } from 'vitest'
import { byteWriter } from './byte-writer.ts'
import { writeDeltas, writeHybrid } from './encodings.ts'

// Parquet's Encodings.md, “RLE / bit-packing hybrid”: 0 to 7 in three bits are 10001000 11000110 11111010.
test('the hybrid packs bits as the example of the format', () => {
  expect(hybrid([0, 1, 2, 3, 4, 5, 6, 7], 3)).toBe(hex([(1 << 1) | 1, 0b10001000, 0b11000110, 0b11111010]))
})

// The sequences of SpecificSequences in rle_encoding_test.cc of Apache Arrow and Impala.
test.each([1, 2, 7, 8])('the hybrid writes runs as Arrow does in %i bits', (width) => {
  const runs = Array.from({ length: 100 }, (_, k) => (k < 50 ? 0 : 1))
  expect(hybrid(runs, width)).toBe(hex([50 << 1, 0, 50 << 1, 1]))
})

test('the hybrid pads the last group with zeros', () => {
  const alternating = Array.from({ length: 100 }, (_, k) => k % 2)
  expect(hybrid(alternating, 1)).toBe(hex([(13 << 1) | 1, ...Array(12).fill(0xaa), 0x0a]))
})

test('a run that begins within a group first fills the group', () => {
  // 1, 0 and six of 5 are the group; 8 of 5 are the run; the rest of the format's grammar by hand.
  expect(hybrid([1, 0, ...Array(14).fill(5)], 3)).toBe(hex([(1 << 1) | 1, 0b01000001, 0b11011011, 0b10110110, 8 << 1, 5]))
})

test('a repeated value takes whole bytes', () => {
  expect(hybrid(Array(300).fill(0x1234), 13)).toBe(hex([0xd8, 0x04, 0x34, 0x12]))
})

// What Apache Arrow 26.0.1 (pyarrow, INT32, blocks of 128) writes for the same numbers. The first two are the examples of Encodings.md.
const deltaVectors: readonly (readonly [string, readonly number[], string])[] = [
  ['1 to 5', [1, 2, 3, 4, 5], '80010405020200000000'],
  ['a minimum below zero', [7, 5, 3, 1, 2, 3, 4, 5], '800104080e0302000000c03f000000000000'],
  [
    'two blocks',
    Array.from({ length: 140 }, (_, k) => 3 * k + ((k * k) % 7)),
    '8001048c01000003030303745688ce0ad159213a2b446785e8ac109d15a2b342745688ce0ad159213a2b446785e8ac109d15a2b342745688ce0ad1000300000059213a2b0000000000000000',
  ],
  [
    '32 bits',
    [0, 2_000_000_000, 1_999_999_999, 1, 2 ** 30],
    `8001040500fbcfacf30e20000000fe276beefd93357700000000fd9335b7${'00'.repeat(112)}`,
  ],
  ['negative numbers', [-5, -1_700_000_000, 12], `8001040309f5c39fd50c200000000000000007e2a7ca${'00'.repeat(120)}`],
  ['one number', [1_790_000_000], '8001040180ee89ab0d'],
]

test.each(deltaVectors)('deltas of %s are those of Arrow', (_, values, bytes) => {
  expect(deltas(values)).toBe(bytes)
})

test('bits of any width come back as they were', () => {
  const packed = fc.integer({ min: 1, max: 48 }).chain((width) =>
    fc.tuple(
      fc.constant(width),
      fc.array(
        fc.maxSafeNat().map((value) => value % 2 ** width),
        { maxLength: 40 },
      ),
    ),
  )
  fc.assert(
    fc.property(packed, ([width, values]) => {
      const out = byteWriter()
      out.bits(Float64Array.from(values), 0, values.length, width)
      let all = 0n
      out.view().forEach((byte, k) => {
        all |= BigInt(byte) << BigInt(8 * k)
      })
      const mask = (1n << BigInt(width)) - 1n
      expect(out.size()).toBe(Math.ceil((values.length * width) / 8))
      expect(values.map((_, k) => Number((all >> BigInt(k * width)) & mask))).toEqual(values)
    }),
  )
})

test.each([0, 1, -1, 2 ** 32, -(2 ** 32), 7_258_118_400_000_000, -(2 ** 53) + 1])('int64 %i is two’s complement', (value) => {
  const out = byteWriter()
  out.int64(value)
  expect(new DataView(out.take().buffer).getBigInt64(0, true)).toBe(BigInt(value))
})

function hybrid(values: readonly number[], width: number): string {
  const out = byteWriter()
  writeHybrid(out, Int32Array.from(values), values.length, width)
  return hex(out.view())
}

function deltas(values: readonly number[]): string {
  const out = byteWriter()
  writeDeltas(out, Float64Array.from(values), values.length)
  return hex(out.view())
}

function hex(bytes: ArrayLike<number>): string {
  return Buffer.from(Uint8Array.from(bytes)).toString('hex')
}
