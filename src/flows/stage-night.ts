import { nightFeatureNames, nightFeatures } from '../analysis/night-features.ts'
import { type NightSignals, partOfNight, signalsIn } from '../analysis/night-signals.ts'
import { stagingOf } from '../analysis/night-staging.ts'
import type { ModelCard, ModelVersion } from '../model/model-card.ts'
import { type Staging, stagingStages } from '../model/staging.ts'
import type { LoadedModel, Matrix } from '../ports/inference.ts'
import { requirementsOf } from './model-versions.ts'

/** A version that is ready, with what stands about it. */
export interface ReadyModel {
  readonly name: string
  readonly card: ModelCard
  readonly version: ModelVersion
  readonly loaded: LoadedModel
  /** What it is given goes to an endpoint, out of this house. */
  readonly isElsewhere: boolean
}

export interface Shortage {
  readonly code: 'too_few_epochs' | 'missing_signal'
  readonly have: number
  readonly need: number
  /** What is missing. */
  readonly fields?: readonly string[]
}

/** What the night lacks for the model; undefined where nothing is. */
export function shortageOf({ card, version }: Pick<ReadyModel, 'card' | 'version'>, night: NightSignals): Shortage | undefined {
  const needs = requirementsOf(card, version)
  if (needs === undefined) return undefined
  if (night.epochs < needs.minSamples) return { code: 'too_few_epochs', have: night.epochs, need: needs.minSamples }
  const there: readonly string[] = signalsIn(night)
  const fields = needs.requiredFields.filter((field) => !there.includes(field))
  if (fields.length === 0) return undefined
  return { code: 'missing_signal', have: needs.requiredFields.length - fields.length, need: needs.requiredFields.length, fields }
}

/** A night of which nothing is short; one longer than the model takes is staged in parts. */
export async function stageNight(model: ReadyModel, night: NightSignals, startMs: number): Promise<Staging> {
  const { name, version } = model
  const answers = await model.loaded.run(featuresOf(model, night))
  const probabilities = new Float32Array(night.epochs * stagingStages.length)
  let at = 0
  for (const { values } of answers) {
    probabilities.set(values, at)
    at += values.length
  }
  return stagingOf({ name, version: version.version }, startMs, probabilities, version.chain)
}

function featuresOf({ card, version }: ReadyModel, night: NightSignals): Matrix[] {
  const most = requirementsOf(card, version)?.maxSamples ?? night.epochs
  const parts = Math.ceil(night.epochs / most)
  return Array.from({ length: parts }, (_, part) => {
    const [from, to] = [part, part + 1].map((each) => Math.round((each * night.epochs) / parts)) as [number, number]
    const signals = parts === 1 ? night : partOfNight(night, from, to)
    return { rows: to - from, columns: nightFeatureNames.length, values: nightFeatures(signals) }
  })
}
