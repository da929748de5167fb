import type { ShadowRun } from '../model/model-card.ts'
import type { Documents } from '../ports/documents.ts'
import type { ScoredNight } from './evaluate-model.ts'
import { deploymentsOf } from './model-versions.ts'
import { countNight, newTally, recordShadow } from './shadow-run.ts'
import { type ReadyModel, shortageOf, stageNight } from './stage-night.ts'
import type { Stagers } from './stagers.ts'

type CompareDeps = { readonly documents: Documents; readonly stagers: Pick<Stagers, 'ready'> }

/** Runs a version that is tested beside the active one of its model, and records how they agree. Undefined where it is not tested. */
export async function compareWithActive(
  deps: CompareDeps,
  candidate: ReadyModel,
  nights: readonly ScoredNight[],
): Promise<ShadowRun | undefined> {
  const { name } = candidate
  const deployments = await deploymentsOf(deps, name)
  const active = deployments.find(({ rollout }) => rollout.status === 'active')?.rollout.version
  const own = deployments.findLast(({ rollout }) => rollout.version === candidate.version.version)
  if (active === undefined || own?.rollout.status !== 'testing') return undefined
  const first = await deps.stagers.ready({ name, version: active })
  const tally = newTally()
  for (const { signals } of nights) {
    if (shortageOf(first, signals) !== undefined || shortageOf(candidate, signals) !== undefined) continue
    countNight(tally, await stageNight(first, signals, 0), await stageNight(candidate, signals, 0))
  }
  return recordShadow(deps, `models/${name}/deployments/${own.deploymentId}`, active, tally)
}
