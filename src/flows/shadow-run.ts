import { agreementIn } from '../analysis/staged-sleep.ts'
import type { ModelRollout, ShadowRun } from '../model/model-card.ts'
import { nothingThere } from '../model/nothing-there.ts'
import { type Staging, stagingStages } from '../model/staging.ts'
import type { Documents, Stored } from '../ports/documents.ts'
import { putVersioned } from './versions.ts'

/** What two versions said of the same nights: a count for each pair of stages, rows the active one's. */
export interface Tally {
  nights: number
  readonly table: number[]
}

const size = stagingStages.length

export function newTally(): Tally {
  return { nights: 0, table: new Array<number>(size * size).fill(0) }
}

export function countNight(tally: Tally, active: Staging, candidate: Staging): void {
  tally.nights++
  active.stage.forEach((stage, epoch) => {
    const pair = stage * size + (candidate.stage[epoch] as number)
    tally.table[pair] = (tally.table[pair] as number) + 1
  })
}

/** Adds to what the deployment says already, of the same active version; beside another one it begins anew. */
export async function recordShadow(
  { documents }: { readonly documents: Documents },
  path: string,
  beside: string,
  tally: Tally,
): Promise<ShadowRun> {
  const { body } = await putVersioned(documents, path, (stored: Stored<ModelRollout> | undefined) => {
    if (stored === undefined) throw nothingThere()
    const { shadow } = stored.body
    return { body: { ...stored.body, shadow: shadowOf(beside, shadow?.beside === beside ? shadow : undefined, tally) } }
  })
  return body.shadow
}

function shadowOf(beside: string, before: ShadowRun | undefined, { nights, table: added }: Tally): ShadowRun {
  const table = added.map((count, pair) => count + (before?.table[pair] ?? 0))
  const { share, kappa } = agreementIn(Float64Array.from(table), size)
  return {
    beside,
    nights: nights + (before?.nights ?? 0),
    epochs: table.reduce((sum, count) => sum + count, 0),
    table,
    ...(Number.isFinite(share) && { accuracy: share }),
    ...(Number.isFinite(kappa) && { kappa }),
  }
}
