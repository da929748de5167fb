import { mean } from './statistics.ts'

export interface Cosinor {
  /** The level about which the curve swings (MESOR). */
  readonly mesor: number
  /** Half of the swing, ≥ 0. */
  readonly amplitude: number
  /** Where the curve is highest, in periods after the first value, 0 to 1. */
  readonly peak: number
  /** Share of the variance that the curve explains, 0–1. */
  readonly explained: number
}

/**
 * The cosine of one period that fits best, y = M + A·cos(2π(t − peak)), by least squares (Nelson 1979, Chronobiologia 6:305; Cornelissen
 * 2014, Theor Biol Med Model 11:16). `perPeriod` values a period; gaps skipped. NaN with fewer than three values.
 */
export function cosinor(values: Float64Array, perPeriod: number): Cosinor {
  const [mesor, cosine, sine] = fitted(values, perPeriod)
  return {
    mesor,
    amplitude: Math.hypot(cosine, sine),
    peak: peakOf(cosine, sine),
    explained: explained(values, perPeriod, [mesor, cosine, sine]),
  }
}

/** Its peak alone. */
export function cosinorPeak(values: Float64Array, perPeriod: number): number {
  const [, cosine, sine] = fitted(values, perPeriod)
  return peakOf(cosine, sine)
}

function peakOf(cosine: number, sine: number): number {
  const turn = Math.atan2(sine, cosine) / (2 * Math.PI)
  return turn < 0 ? turn + 1 : turn
}

/** Level, and parts of cosine and sine. */
function fitted(values: Float64Array, perPeriod: number): Three {
  const { n, sums, products } = momentsOf(values, perPeriod)
  if (n < 3) return [Number.NaN, Number.NaN, Number.NaN]
  return solved(
    [
      [n, sums.cos, sums.sin],
      [sums.cos, products.cosCos, products.cosSin],
      [sums.sin, products.cosSin, products.sinSin],
    ],
    [sums.y, products.yCos, products.ySin],
  )
}

function explained(values: Float64Array, perPeriod: number, [mesor, cosine, sine]: Three): number {
  const average = mean(values)
  let left = 0
  let whole = 0
  const { cos, sin } = wavesOf(perPeriod, values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (Number.isNaN(value)) continue
    left += (value - mesor - cosine * (cos[i] as number) - sine * (sin[i] as number)) ** 2
    whole += (value - average) ** 2
  }
  return 1 - left / whole
}

/** Every fortnight is summed up: an array of doubles, since variables would be boxed each time they change. */
function momentsOf(values: Float64Array, perPeriod: number) {
  const waves = wavesOf(perPeriod, values.length)
  const sums = new Float64Array(8)
  let n = 0
  for (let i = 0; i < values.length; i++) {
    const y = values[i] as number
    if (Number.isNaN(y)) continue
    n++
    addMoments(sums, y, waves.cos[i] as number, waves.sin[i] as number)
  }
  const [sumY = 0, cos = 0, sin = 0, cosCos = 0, cosSin = 0, sinSin = 0, yCos = 0, ySin = 0] = sums
  return { n, sums: { y: sumY, cos, sin }, products: { cosCos, cosSin, sinSin, yCos, ySin } }
}

function addMoments(sums: Float64Array, y: number, cos: number, sin: number): void {
  sums[0] = (sums[0] as number) + y
  sums[1] = (sums[1] as number) + cos
  sums[2] = (sums[2] as number) + sin
  sums[3] = (sums[3] as number) + cos * cos
  sums[4] = (sums[4] as number) + cos * sin
  sums[5] = (sums[5] as number) + sin * sin
  sums[6] = (sums[6] as number) + y * cos
  sums[7] = (sums[7] as number) + y * sin
}

interface Waves {
  readonly perPeriod: number
  readonly cos: Float64Array
  readonly sin: Float64Array
}

let lastWaves: Waves | undefined

/** Cosine and sine at each place: thousands of fortnights in a row ask for the same ones. */
function wavesOf(perPeriod: number, length: number): Waves {
  if (lastWaves?.perPeriod === perPeriod && lastWaves.cos.length >= length) return lastWaves
  const angles = Float64Array.from({ length }, (_, i) => (2 * Math.PI * i) / perPeriod)
  lastWaves = { perPeriod, cos: angles.map(Math.cos), sin: angles.map(Math.sin) }
  return lastWaves
}

type Three = readonly [number, number, number]

/** Cramer's rule: three unknowns, and the matrix is far from singular as soon as the values lie around the clock. */
function solved([a, b, c]: readonly [Three, Three, Three], y: Three): Three {
  const whole = determinant(a, b, c)
  const replaced = (column: 0 | 1 | 2): number => {
    const rows = [a, b, c].map((row, i) => row.map((each, j) => (j === column ? (y[i] ?? Number.NaN) : each)) as unknown as Three)
    return determinant(rows[0] as Three, rows[1] as Three, rows[2] as Three) / whole
  }
  return [replaced(0), replaced(1), replaced(2)]
}

function determinant(a: Three, b: Three, c: Three): number {
  return a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0])
}

/** Natural logarithm of 1 + value, in which counts of movement are fitted; gaps stay. */
export function logCounts(counts: Float64Array): Float64Array {
  return counts.map((count) => Math.log1p(count))
}
