import type { DayInput } from '../analysis/day-input.ts'
import { fingerprint } from '../analysis/fingerprint.ts'
import { signalsOf } from '../analysis/night-signals-of.ts'
import { nightToStage } from '../analysis/night-to-stage.ts'
import type { Reason } from '../model/day.ts'
import type { StagingRun } from './staging-run.ts'

export interface StagedInput {
  readonly input: DayInput
  /** Why a night that wanted a model has none. */
  readonly reasons: readonly Reason[]
}

/** The day's input with its night staged by a model, where the run has one and the night wants one. The model's version is part of its hash then. */
export async function withStaging(run: StagingRun, input: DayInput): Promise<StagedInput> {
  const unstaged = { input, reasons: [] }
  if (run.stages === 'none') return unstaged
  const night = nightToStage(input)
  if (night?.pulse === undefined || (night.isStaged && run.stages === 'unstaged')) return unstaged
  const told = await run.stage(signalsOf(night, night.pulse), night.fromMs)
  if ('shortage' in told) {
    const { code, ...numbers } = told.shortage
    return {
      input,
      reasons: [{ field: 'sleep.stagesMinutes', code, ...('have' in numbers && { have: numbers.have, need: numbers.need }) }],
    }
  }
  const { name, version } = told.staging.model
  return { input: { ...input, staging: told.staging, inputHash: fingerprint([input.inputHash, name, version]) }, reasons: [] }
}
