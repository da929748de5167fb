import { stagingStages } from '../model/staging.ts'
import { agreementIn } from './staged-sleep.ts'

const size = stagingStages.length
/** Of three stages light and deep are one; of two all but waking. */
const threeOf = [0, 1, 1, 2]
const twoOf = [0, 1, 1, 1]

/** How well stages were told, from one count for each pair of true stage (row) and told stage (column). Shares and Cohen's κ; NaN of nothing. */
export interface StageFigures {
  readonly epochs: number
  readonly accuracy: number
  readonly kappa: number
  readonly macroF1: number
  readonly perStage: readonly { readonly recall: number; readonly precision: number; readonly f1: number }[]
  /** Waking, NREM, REM. */
  readonly threeAccuracy: number
  readonly threeKappa: number
  readonly wakeAccuracy: number
  readonly wakeKappa: number
  /** Of sleep. */
  readonly sensitivity: number
  readonly specificity: number
}

/** Counts the epochs that were scored: `truth` holds places in `stagingStages`, −1 where nobody scored. */
export function countStages(table: Float64Array, truth: Int8Array, told: Uint8Array): void {
  truth.forEach((stage, epoch) => {
    if (stage < 0) return
    const pair = stage * size + (told[epoch] as number)
    table[pair] = (table[pair] as number) + 1
  })
}

export function newStageTable(): Float64Array {
  return new Float64Array(size * size)
}

export function stageFigures(table: Float64Array): StageFigures {
  const four = agreementIn(table, size)
  const three = agreementIn(merged(table, threeOf, 3), 3)
  const two = merged(table, twoOf, 2)
  const wake = agreementIn(two, 2)
  const perStage = stagingStages.map((_, stage) => stageOf(table, stage))
  const [wakeWake = 0, wakeSleep = 0, sleepWake = 0, sleepSleep = 0] = two
  return {
    epochs: table.reduce((sum, count) => sum + count, 0),
    accuracy: four.share,
    kappa: four.kappa,
    macroF1: perStage.reduce((sum, { f1 }) => sum + f1, 0) / size,
    perStage,
    threeAccuracy: three.share,
    threeKappa: three.kappa,
    wakeAccuracy: wake.share,
    wakeKappa: wake.kappa,
    sensitivity: sleepSleep / (sleepSleep + sleepWake),
    specificity: wakeWake / (wakeWake + wakeSleep),
  }
}

function merged(table: Float64Array, into: readonly number[], count: number): Float64Array {
  const sums = new Float64Array(count * count)
  table.forEach((each, pair) => {
    const place = (into[Math.floor(pair / size)] as number) * count + (into[pair % size] as number)
    sums[place] = (sums[place] as number) + each
  })
  return sums
}

/** A stage that was never told has a precision, and one that never was a recall, of 0. */
function stageOf(table: Float64Array, stage: number): StageFigures['perStage'][number] {
  const row = table.subarray(stage * size, (stage + 1) * size)
  const hits = row[stage] as number
  const truth = row.reduce((a, b) => a + b, 0)
  const told = stagingStages.reduce((sum, _, other) => sum + (table[other * size + stage] as number), 0)
  return { recall: hits / Math.max(truth, 1), precision: hits / Math.max(told, 1), f1: (2 * hits) / Math.max(truth + told, 1) }
}
