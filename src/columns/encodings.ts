import type { ByteWriter } from './byte-writer.ts'

/** Parquet's RLE / bit-packing hybrid (Apache Parquet, Encodings.md): runs of eight or more equal values, else groups of eight. */
export function writeHybrid(out: ByteWriter, values: Int32Array, count: number, width: number): void {
  let at = 0
  let packedFrom = 0
  while (at < count) {
    // In no bits all are alike.
    const run = width === 0 ? count - at : runLength(values, at, count)
    // A run may only begin where the bit-packed groups before it are whole.
    const pad = (8 - ((at - packedFrom) % 8)) % 8
    if (run - pad >= 8) {
      packGroups(out, values, packedFrom, at + pad, width)
      at += pad
      const length = run - pad
      out.varint(length * 2)
      for (let shift = 0; shift < width; shift += 8) out.byte(((values[at] as number) >>> shift) & 255)
      at += length
      packedFrom = at
    } else at += run
  }
  packGroups(out, values, packedFrom, count, width)
}

function runLength(values: Int32Array, from: number, count: number): number {
  const value = values[from]
  let to = from + 1
  while (to < count && values[to] === value) to++
  return to - from
}

const group = new Int32Array(8)

function packGroups(out: ByteWriter, values: Int32Array, from: number, to: number, width: number): void {
  if (to <= from) return
  const groups = Math.ceil((to - from) / 8)
  out.varint(groups * 2 + 1)
  const whole = Math.floor((to - from) / 8) * 8
  out.bits(values, from, whole, width)
  if (whole === to - from) return
  group.fill(0)
  for (let k = from + whole; k < to; k++) group[k - from - whole] = values[k] as number
  out.bits(group, 0, 8, width)
}

export function bitWidth(most: number): number {
  return most < 2 ** 32 ? 32 - Math.clz32(most) : 64 - Math.clz32(Math.floor(most / 2 ** 32))
}

const BLOCK = 128
const MINI = 32
const deltas = new Float64Array(BLOCK)
const narrow = new Int32Array(BLOCK)
const widths = new Uint8Array(BLOCK / MINI)

/** DELTA_BINARY_PACKED of integers within ±2^52 that span less than 2^47 (Lemire & Boytsov 2015; Apache Parquet, Encodings.md). */
export function writeDeltas(out: ByteWriter, values: Float64Array, count: number): void {
  out.varint(BLOCK)
  out.varint(BLOCK / MINI)
  out.varint(count)
  out.zigzag(count > 0 ? (values[0] as number) : 0)
  for (let from = 1; from < count; from += BLOCK) writeBlock(out, values, from, Math.min(count, from + BLOCK))
}

function writeBlock(out: ByteWriter, values: Float64Array, from: number, to: number): void {
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  let last = values[from - 1] as number
  for (let k = from; k < to; k++) {
    const value = values[k] as number
    const delta = value - last
    last = value
    deltas[k - from] = delta
    if (delta < least) least = delta
    if (delta > most) most = delta
  }
  deltas.fill(least, to - from)
  out.zigzag(least)
  const minis = Math.ceil((to - from) / MINI)
  // Whole numbers of 31 bits are several times faster, and nearly all are.
  const packed = most - least < 2 ** 31 ? lessenNarrow(least, minis) : lessen(least, minis)
  for (let mini = 0; mini < BLOCK / MINI; mini++) out.byte(mini < minis ? (widths[mini] as number) : 0)
  for (let mini = 0; mini < minis; mini++) out.bits(packed, mini * MINI, MINI, widths[mini] as number)
}

/** The deltas of the first miniblocks above the least, whose widths are in `widths`. */
function lessenNarrow(least: number, minis: number): Int32Array {
  for (let mini = 0; mini < minis; mini++) {
    let any = 0
    for (let k = mini * MINI; k < (mini + 1) * MINI; k++) {
      const above = (deltas[k] as number) - least
      narrow[k] = above
      any |= above
    }
    widths[mini] = 32 - Math.clz32(any)
  }
  return narrow
}

function lessen(least: number, minis: number): Float64Array {
  for (let mini = 0; mini < minis; mini++) {
    let most = 0
    for (let k = mini * MINI; k < (mini + 1) * MINI; k++) {
      const above = (deltas[k] as number) - least
      deltas[k] = above
      if (above > most) most = above
    }
    widths[mini] = bitWidth(most)
  }
  return deltas
}
