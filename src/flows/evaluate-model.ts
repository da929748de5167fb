import { sleepByRule } from '../analysis/night-rules.ts'
import type { NightSignals } from '../analysis/night-signals.ts'
import { countStages, newStageTable, type StageFigures, stageFigures } from '../analysis/stage-figures.ts'
import type { ModelEvaluation } from '../model/model-card.ts'
import { stagingStages } from '../model/staging.ts'
import { type ReadyModel, shortageOf, stageNight } from './stage-night.ts'

/** A night that people scored from polysomnography. */
export interface ScoredNight {
  readonly person: string
  readonly signals: NightSignals
  /** An epoch a place in `stagingStages`, −1 where nobody scored. */
  readonly truth: Int8Array
}

/** Stages by person of networks that were fitted without the person, once a split of the people. */
export type OutOfFold = ReadonlyMap<string, readonly Uint8Array[]>

export interface Measured {
  readonly method: string
  readonly people: number
  /** Nights of people whom the version was fitted to are told by its cross-validation, never by itself. */
  readonly seen: 'cross_validated' | 'unseen'
  readonly splits: number
  /** Of all epochs together, the mean of the splits. */
  readonly figures: StageFigures
  /** κ of four stages by person, the mean and the standard deviation of people. */
  readonly byPerson: { readonly kappa: number; readonly deviation: number }
  /** Told stage by column, true stage by row, all splits together. */
  readonly table: readonly number[]
}

/** How a version stages nights that were scored; people of its cross-validation and others each for themselves. Too short nights are left out. */
export async function evaluateModel(model: ReadyModel, nights: readonly ScoredNight[], outOfFold: OutOfFold): Promise<Measured[]> {
  const known = nights.filter(({ person }) => outOfFold.has(person))
  const unseen = nights.filter((night) => !outOfFold.has(night.person) && shortageOf(model, night.signals) === undefined)
  const told = await Promise.all(unseen.map(async ({ signals }) => [(await stageNight(model, signals, 0)).stage]))
  const method = `${model.name} ${model.version.version}`
  return [
    ...measured(method, 'cross_validated', known, (night) => outOfFold.get(night.person) ?? []),
    ...measured(method, 'unseen', unseen, (night) => told[unseen.indexOf(night)] ?? []),
  ]
}

/**
 * Cole–Kripke on the same nights, which knows sleep and waking only: sleep counts as light, so only its figures of two stages mean anything.
 * `scale` turns the nights' counts into ActiGraph's.
 */
export function evaluateRule(nights: readonly ScoredNight[], scale: number): Measured[] {
  return measured('cole_kripke', 'unseen', nights, ({ signals }) => [sleepByRule(signals, scale)])
}

function measured(
  method: string,
  seen: Measured['seen'],
  nights: readonly ScoredNight[],
  stagesOf: (night: ScoredNight) => readonly Uint8Array[],
): Measured[] {
  const [first] = nights
  if (first === undefined) return []
  const splits = stagesOf(first).length
  const tables = Array.from({ length: splits }, newStageTable)
  const kappas = nights.map((night) => {
    const own = stagesOf(night).map((stages, split) => {
      const table = newStageTable()
      countStages(table, night.truth, stages)
      countStages(tables[split] as Float64Array, night.truth, stages)
      return stageFigures(table).kappa
    })
    return meanOf(own)
  })
  const kappa = meanOf(kappas)
  const deviation = Math.sqrt(kappas.reduce((sum, each) => sum + (each - kappa) ** 2, 0) / Math.max(kappas.length - 1, 1))
  const table = Array.from({ length: stagingStages.length ** 2 }, (_, pair) =>
    tables.reduce((sum, each) => sum + (each[pair] as number), 0),
  )
  return [
    { method, people: nights.length, seen, splits, figures: meanFigures(tables.map(stageFigures)), byPerson: { kappa, deviation }, table },
  ]
}

function meanFigures(all: readonly StageFigures[]): StageFigures {
  const mean = (pick: (figures: StageFigures) => number) => meanOf(all.map(pick))
  return {
    epochs: mean(({ epochs }) => epochs),
    accuracy: mean(({ accuracy }) => accuracy),
    kappa: mean(({ kappa }) => kappa),
    macroF1: mean(({ macroF1 }) => macroF1),
    perStage: stagingStages.map((_, stage) => ({
      recall: mean(({ perStage }) => perStage[stage]?.recall ?? 0),
      precision: mean(({ perStage }) => perStage[stage]?.precision ?? 0),
      f1: mean(({ perStage }) => perStage[stage]?.f1 ?? 0),
    })),
    threeAccuracy: mean(({ threeAccuracy }) => threeAccuracy),
    threeKappa: mean(({ threeKappa }) => threeKappa),
    wakeAccuracy: mean(({ wakeAccuracy }) => wakeAccuracy),
    wakeKappa: mean(({ wakeKappa }) => wakeKappa),
    sensitivity: mean(({ sensitivity }) => sensitivity),
    specificity: mean(({ specificity }) => specificity),
  }
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Figures as an evaluation keeps them, to four digits, with counts beside them; what is no number is left out. */
export function keptFigures(
  { perStage, accuracy, macroF1, ...shares }: StageFigures,
  counts: Readonly<Record<string, number>>,
): Pick<ModelEvaluation, 'accuracy' | 'precision' | 'recall' | 'f1Score' | 'figures'> {
  const mean = (of: 'precision' | 'recall') => rounded(perStage.reduce((sum, each) => sum + each[of], 0) / perStage.length)
  const numbers = Object.entries({ ...shares, ...counts }).filter(([, value]) => Number.isFinite(value))
  return {
    accuracy: rounded(accuracy),
    precision: mean('precision'),
    recall: mean('recall'),
    f1Score: rounded(macroF1),
    figures: Object.fromEntries(numbers.map(([figure, value]) => [figure, rounded(value)])),
  }
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
