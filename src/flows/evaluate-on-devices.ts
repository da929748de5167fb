import { signalsOf } from '../analysis/night-signals-of.ts'
import { nightToStage } from '../analysis/night-to-stage.ts'
import { countStages, newStageTable, stageFigures } from '../analysis/stage-figures.ts'
import { deviceStages } from '../analysis/staged-sleep.ts'
import type { Day } from '../model/day.ts'
import type { ModelEvaluation } from '../model/model-card.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents } from '../ports/documents.ts'
import { consentingPeople } from './consenting-people.ts'
import { dayInputOf } from './day-input.ts'
import { keptFigures } from './evaluate-model.ts'
import { every } from './every.ts'
import { sessionLoader } from './load-samples.ts'
import type { KnownUser } from './manage-user.ts'
import { type ReadyModel, shortageOf, stageNight } from './stage-night.ts'
import type { Stagers } from './stagers.ts'

export interface DeviceEvaluationDeps {
  readonly documents: Documents
  readonly blobs: Blobs
  readonly clock: Clock
  readonly stagers: Pick<Stagers, 'ready'>
}

/** As wherever figures of several people are told. */
const leastPeople = 11

interface PersonNights {
  readonly nights: number
  readonly table: Float64Array
}

/**
 * How a version stages nights that devices staged too, over everybody who lets research use their data: agreement, since a device is no truth.
 * Who withdrew by the end is left out. Throws `Problem`: `model_unavailable`, and `forbidden` where fewer than 11 people would be in it.
 */
export async function evaluateOnDevices(
  deps: DeviceEvaluationDeps,
  { name, version }: { readonly name: string; readonly version: string },
  onProgress?: (done: number, total: number) => void,
): Promise<ModelEvaluation> {
  const model = await deps.stagers.ready({ name, version })
  const people = await consentingPeople(deps, 'researchParticipation')
  const told = new Map<string, PersonNights>()
  let done = 0
  for (const [userId, user] of people) {
    const own = await nightsOf(deps, model, userId, user)
    if (own.nights > 0) told.set(userId, own)
    onProgress?.(++done, people.size)
  }
  const still = await consentingPeople(deps, 'researchParticipation')
  const counted = [...told].filter(([userId]) => still.has(userId)).map(([, nights]) => nights)
  if (counted.length < leastPeople)
    throw new Problem('forbidden', `Fewer than ${leastPeople} people who allow research have nights that a device staged.`)
  return evaluationOf(version, counted, formatInstant(deps.clock.nowMs()))
}

async function nightsOf(deps: DeviceEvaluationDeps, model: ReadyModel, userId: string, user: KnownUser): Promise<PersonNights> {
  const sessionsOf = sessionLoader(deps, userId)
  const table = newStageTable()
  let nights = 0
  const query = { collection: 'days', parent: `users/${userId}`, index: 'userDate', equals: [userId] }
  for await (const { body } of every<Day>(deps.documents, query)) {
    if (body.sleep?.method !== 'device_stages') continue
    const input = await dayInputOf(userId, user, body.date, sessionsOf, { nowMs: deps.clock.nowMs() })
    const night = input && nightToStage(input)
    if (!night?.isStaged || night.pulse === undefined) continue
    const signals = signalsOf(night, night.pulse)
    if (shortageOf(model, signals) !== undefined) continue
    const staging = await stageNight(model, signals, night.fromMs)
    countStages(table, deviceStages(staging, night), staging.stage)
    nights++
  }
  return { nights, table }
}

function evaluationOf(version: string, people: readonly PersonNights[], lastEvaluated: string): ModelEvaluation {
  const table = newStageTable().map((_, pair) => people.reduce((sum, each) => sum + (each.table[pair] as number), 0))
  const nights = people.reduce((sum, each) => sum + each.nights, 0)
  return {
    version,
    lastEvaluated,
    dataset: `${nights} nights of ${people.length} people, against what their devices told`,
    against: 'devices',
    ...keptFigures(stageFigures(table), { people: people.length, nights }),
  }
}
