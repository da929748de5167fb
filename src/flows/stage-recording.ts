import { coleKripkeVersion, sleepByRule } from '../analysis/night-rules.ts'
import { epochSeconds, type NightSignals } from '../analysis/night-signals.ts'
import { Problem } from '../model/problem.ts'
import { type StagingStage, stagingStages } from '../model/staging.ts'
import { type ReadyModel, shortageOf, stageNight } from './stage-night.ts'

export interface RecordedEpoch {
  /** Seconds from the start of the recording. */
  readonly t: number
  readonly stage: StagingStage | 'asleep'
  /** Of a model; a rule has none. */
  readonly probabilities?: Readonly<Record<StagingStage, number>>
}

export interface StagedRecording {
  readonly model: { readonly name: string; readonly version: string }
  readonly epochSeconds: number
  readonly epochs: readonly RecordedEpoch[]
}

/**
 * A recording of one night, epoch by epoch. One with fewer epochs than the model takes is told asleep and awake by Cole–Kripke, and says so
 * by its `model`. Throws `Problem('required')` where a signal is missing without which the model says nothing.
 */
export async function stageRecording(model: ReadyModel, night: NightSignals): Promise<StagedRecording> {
  const shortage = shortageOf(model, night)
  if (shortage?.code === 'missing_signal') {
    const errors = (shortage.fields ?? []).map((field) => ({
      pointer: `/${field}`,
      code: 'required' as const,
      message: 'The model needs it',
    }))
    throw new Problem('required', `${model.name} needs ${shortage.fields?.join(', ')}.`, { errors })
  }
  return shortage === undefined ? byModel(model, night) : byRule(night)
}

async function byModel(model: ReadyModel, night: NightSignals): Promise<StagedRecording> {
  const { model: of, stage, probability } = await stageNight(model, night, 0)
  const epochs = Array.from(stage, (code, epoch): RecordedEpoch => {
    const told = stagingStages.map((name, place) => [name, probability[epoch * stagingStages.length + place] as number] as const)
    return {
      t: epoch * epochSeconds,
      stage: stagingStages[code] as StagingStage,
      probabilities: Object.fromEntries(told) as Record<StagingStage, number>,
    }
  })
  return { model: of, epochSeconds, epochs }
}

function byRule(night: NightSignals): StagedRecording {
  const epochs = Array.from(
    sleepByRule(night),
    (asleep, epoch): RecordedEpoch => ({ t: epoch * epochSeconds, stage: asleep === 1 ? 'asleep' : 'awake' }),
  )
  return { model: { name: 'cole_kripke', version: coleKripkeVersion }, epochSeconds, epochs }
}
