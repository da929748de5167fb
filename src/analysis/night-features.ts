import { ordered, ranksOf } from '../signal/ranks.ts'
import { quantileOfSorted } from '../signal/statistics.ts'
import { meansAround, type RunningSums, runningSums, windowMeansOf } from '../signal/window-means.ts'
import { binnedHeartRate, binsInEpoch, epochMovement, type NightSignals } from './night-signals.ts'

/**
 * What the staging models see of an epoch, in this order; `models/training/features.py` makes the same numbers, and golden vectors hold
 * the two together. Heart rate against the night (z, rank) and its surroundings (local, slope), in units of bpm where not said; `slow`,
 * `fast`, `mid` are log energies of its changes; numbers are half windows in epochs.
 */
const level = [
  'z',
  'low',
  'z3',
  'z10',
  'rank',
  'local5',
  'local20',
  'local60',
  'slope3',
  'slope10',
  'slope40',
  'slow10',
  'slow30',
  'slow_rank',
  'slow_centred',
] as const
const fine = ['fast2', 'fast10', 'fast30', 'mid2', 'mid10', 'mid30', 'fast_rank', 'fast_centred', 'mid_rank', 'mid_centred'] as const
const movement = ['m', 'm_before', 'm_after', 'm2', 'm5', 'm10', 'm20', 'm40', 'm_rank', 'moving10', 'since', 'until', 'is_steps'] as const
const always = ['from_start', 'to_end', 'knows_level', 'knows_fine', 'knows_movement'] as const

export const nightFeatureNames = [...level, ...fine, ...movement, ...always] as const
const places: ReadonlyMap<string, number> = new Map(nightFeatureNames.map((name, place) => [name, place]))
type FeatureName = (typeof nightFeatureNames)[number]
type Columns<Name extends FeatureName> = Readonly<Record<Name, Float64Array>>

/** Counts an epoch above which somebody moved: less is a sensor's own unrest. */
const movedCounts = 15
/** Changes within minutes are only told where this share of the bins of ten minutes had a sample: lines over gaps would pass for calm. */
const denseShare = 0.3
/** Times are told in units of four hours. */
const epochsInFourHours = 480

/** Row by row, one row an epoch, a column a name. What is not known is 0, and its mask says so. */
export function nightFeatures(signals: NightSignals): Float32Array {
  const { epochs } = signals
  const { bpm, sampled } = binnedHeartRate(signals)
  const amounts = epochMovement(signals)
  const beat = epochMeans(bpm)
  const knowsLevel = knownIn(beat)
  const dense = meansAround(runningSums(epochMeans(sampled)), 10)
  const knowsFine = knowsLevel.map((known, epoch) => (Number(dense[epoch]) >= denseShare ? known : 0))
  const knowsMovement = knownIn(amounts)
  const rows = new Float32Array(epochs * nightFeatureNames.length)
  const changes = changesOf(bpm, sampled)
  fill(rows, levelColumns(beat, changes.slow), knowsLevel)
  fill(rows, fineColumns(changes), knowsFine)
  fill(rows, movementColumns(amounts, signals.movement?.isSteps ?? false), knowsMovement)
  const fromStart = amounts.map((_, epoch) => epoch / epochsInFourHours)
  const toEnd = amounts.map((_, epoch) => (epochs - epoch) / epochsInFourHours)
  fill(rows, { from_start: fromStart, to_end: toEnd, knows_level: knowsLevel, knows_fine: knowsFine, knows_movement: knowsMovement })
  return rows
}

/** Gaps, and all that is not known, stay 0. */
function fill(rows: Float32Array, columns: Partial<Columns<FeatureName>>, known?: Float64Array): void {
  for (const [name, column] of Object.entries(columns)) {
    let at = places.get(name) as number
    for (let epoch = 0; epoch < column.length; epoch++, at += nightFeatureNames.length) {
      const value = column[epoch] as number
      if (!Number.isNaN(value) && (known === undefined || known[epoch] === 1)) rows[at] = value
    }
  }
}

interface Changes {
  /** Within a minute, within three, and of two minutes within ten. */
  readonly fast: RunningSums
  readonly mid: RunningSums
  readonly slow: RunningSums
}

/** Energies of each epoch, from the bins that had a sample: lines over gaps are calmer than any heart. */
function changesOf(bpm: Float64Array, sampled: Float64Array): Changes {
  const sums = runningSums(bpm)
  return {
    fast: energies(bpm, meansAround(sums, 3), sampled),
    mid: energies(meansAround(sums, 1), meansAround(sums, 9), sampled),
    slow: energies(meansAround(sums, 6), meansAround(sums, 30), sampled),
  }
}

function energies(a: Float64Array, b: Float64Array, sampled: Float64Array): RunningSums {
  const squares = new Float64Array(a.length)
  for (let bin = 0; bin < a.length; bin++) {
    const apart = (a[bin] as number) - (b[bin] as number)
    squares[bin] = sampled[bin] === 1 ? apart * apart : Number.NaN
  }
  return runningSums(epochMeans(squares))
}

function levelColumns(beat: Float64Array, slow: RunningSums): Columns<(typeof level)[number]> {
  const { sorted } = ordered(beat)
  const [lowest, quarter, middle, third] = [0.1, 0.25, 0.5, 0.75].map((share) => quantileOfSorted(sorted, share)) as [
    number,
    number,
    number,
    number,
  ]
  const spread = Math.max(third - quarter, 2)
  const sums = runningSums(beat)
  const around5 = meansAround(sums, 5)
  const around20 = meansAround(sums, 20)
  const around60 = meansAround(sums, 60)
  const slow30 = logAround(slow, 30)
  const slow10 = logAround(slow, 10, slow30)
  const slowOrder = ordered(slow10)
  return {
    z: scaled(beat.slice(), middle, spread),
    low: scaled(beat.slice(), lowest, 10),
    z3: scaled(meansAround(sums, 3), middle, spread),
    z10: scaled(meansAround(sums, 10), middle, spread),
    rank: ranksOf(meansAround(sums, 2)),
    local5: difference(beat.slice(), around5),
    local20: difference(beat.slice(), around20),
    local60: difference(around5.slice(), around60),
    slope3: difference(windowMeansOf(sums, 1, 3), windowMeansOf(sums, -3, -1)),
    slope10: difference(windowMeansOf(sums, 1, 10), windowMeansOf(sums, -10, -1)),
    slope40: difference(windowMeansOf(sums, 1, 40), windowMeansOf(sums, -40, -1)),
    slow10,
    slow30,
    slow_rank: ranksOf(slow10, slowOrder),
    slow_centred: scaled(slow10.slice(), quantileOfSorted(slowOrder.sorted, 0.5), 1),
  }
}

function fineColumns({ fast, mid }: Changes): Columns<(typeof fine)[number]> {
  const fast10 = logAround(fast, 10)
  const mid10 = logAround(mid, 10)
  const fastOrder = ordered(fast10)
  const midOrder = ordered(mid10)
  return {
    fast2: logAround(fast, 2, fast10),
    fast10,
    fast30: logAround(fast, 30),
    mid2: logAround(mid, 2, mid10),
    mid10,
    mid30: logAround(mid, 30),
    fast_rank: ranksOf(fast10, fastOrder),
    fast_centred: scaled(fast10.slice(), quantileOfSorted(fastOrder.sorted, 0.5), 1),
    mid_rank: ranksOf(mid10, midOrder),
    mid_centred: scaled(mid10.slice(), quantileOfSorted(midOrder.sorted, 0.5), 1),
  }
}

function movementColumns(amounts: Float64Array, isSteps: boolean): Columns<(typeof movement)[number]> {
  const { m, moved } = movementOf(amounts, isSteps ? 0 : movedCounts)
  const sums = runningSums(m)
  const m20 = meansAround(sums, 20)
  return {
    m,
    m_before: windowMeansOf(sums, -1, -1),
    m_after: windowMeansOf(sums, 1, 1),
    m2: meansAround(sums, 2),
    m5: meansAround(sums, 5),
    m10: meansAround(sums, 10),
    m20,
    m40: meansAround(sums, 40),
    m_rank: ranksOf(m20),
    moving10: meansAround(runningSums(moved), 10),
    since: sinceMoved(moved),
    until: untilMoved(moved),
    is_steps: new Float64Array(m.length).fill(Number(isSteps)),
  }
}

/** Logarithms of the amounts, and 1 for each epoch with more than `above`. */
function movementOf(amounts: Float64Array, above: number): { m: Float64Array; moved: Float64Array } {
  const m = new Float64Array(amounts.length)
  const moved = new Float64Array(amounts.length)
  for (let epoch = 0; epoch < m.length; epoch++) {
    const amount = amounts[epoch] as number
    m[epoch] = amount === 0 ? 0 : Math.log1p(amount)
    moved[epoch] = amount > above ? 1 : 0
  }
  return { m, moved }
}

/** Two hours of stillness count. */
const mostStill = 240
const logarithms = Float64Array.from({ length: mostStill + 1 }, (_, epochs) => Math.log1p(epochs))

/** Logarithm of one more than the epochs since the last movement. */
function sinceMoved(moved: Float64Array): Float64Array {
  const since = new Float64Array(moved.length)
  let still = mostStill
  for (let epoch = 0; epoch < moved.length; epoch++) {
    still = moved[epoch] === 1 ? 0 : Math.min(still + 1, mostStill)
    since[epoch] = logarithms[still] as number
  }
  return since
}

/** The same to the next one. */
function untilMoved(moved: Float64Array): Float64Array {
  const until = new Float64Array(moved.length)
  let still = mostStill
  for (let epoch = moved.length - 1; epoch >= 0; epoch--) {
    still = moved[epoch] === 1 ? 0 : Math.min(still + 1, mostStill)
    until[epoch] = logarithms[still] as number
  }
  return until
}

function knownIn(column: Float64Array): Float64Array {
  return column.map((value) => Number(!Number.isNaN(value)))
}

function epochMeans(bins: Float64Array): Float64Array {
  return windowMeansOf(runningSums(bins), 0, binsInEpoch - 1, binsInEpoch)
}

/** In units of 5 bpm; written over `a`, which nobody else has: a night makes many columns. */
function difference(a: Float64Array, b: Float64Array): Float64Array {
  for (let i = 0; i < a.length; i++) a[i] = ((a[i] as number) - (b[i] as number)) / 5
  return a
}

/** Written over `column`, which nobody else has. */
function scaled(column: Float64Array, middle: number, spread: number): Float64Array {
  for (let i = 0; i < column.length; i++) column[i] = ((column[i] as number) - middle) / spread
  return column
}

/** Logarithm of the mean around each epoch; where that is not known, what the wider one says. */
function logAround(energy: RunningSums, reach: number, wider?: Float64Array): Float64Array {
  const logs = meansAround(energy, reach)
  for (let epoch = 0; epoch < logs.length; epoch++) {
    const mean = logs[epoch] as number
    logs[epoch] = Number.isNaN(mean) ? (wider?.[epoch] ?? mean) : Math.log(Math.max(mean, 0) + 0.05)
  }
  return logs
}
