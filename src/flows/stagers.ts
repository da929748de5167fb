import type { ModelCard } from '../model/model-card.ts'
import { Problem } from '../model/problem.ts'
import type { LoadedModel } from '../ports/inference.ts'
import { type LoadDeps, loadVersion, type Placement } from './load-model.ts'
import type { RegistryDeps } from './model-registry.ts'
import { type ActiveModel, bestActiveModel, deploymentsOf, requireStager } from './model-versions.ts'
import { newTally } from './shadow-run.ts'
import { installShipped, type ShippedDeps } from './shipped-models.ts'
import type { ReadyModel } from './stage-night.ts'
import { type MayUse, type Models, newStagingRun, type StagedNights, type StagingRun, unlessProblem } from './staging-run.ts'

export type StagerDeps = RegistryDeps & LoadDeps & ShippedDeps

/** Which models stage nights here, each loaded once. */
export interface Stagers extends AsyncDisposable {
  /** The nights of one person. */
  begin(mayUse: MayUse): StagingRun
  /** The version that is named, active or not, else the best active one. Throws `Problem`: `model_unavailable` and what loading throws. */
  ready(named?: { readonly name: string; readonly version: string }): Promise<ReadyModel>
}

export function openStagers(deps: StagerDeps, stages: StagedNights = 'unstaged'): Stagers {
  const loaded = new Map<string, Promise<LoadedModel>>()

  async function ready({ name, card }: Pick<ActiveModel, 'name' | 'card'>, versionName: string, at: Placement): Promise<ReadyModel> {
    const version = await requireStager(deps, name, versionName)
    const key = [name, versionName, version.weights.sha256, at.endpoint].join(' ')
    const loading = loaded.get(key) ?? loadVersion(deps, name, version, at)
    loaded.set(key, loading)
    try {
      return { name, card, version, loaded: await loading, isElsewhere: at.endpoint !== undefined }
    } catch (error) {
      loaded.delete(key)
      throw error
    }
  }

  async function readyModels(): Promise<Models | undefined> {
    const active = (await bestActiveModel(deps)) ?? (await afterInstalling(deps))
    if (active === undefined) return undefined
    const first = await ready(active, active.version.version, active.active.rollout)
    const candidates = await Promise.all(
      active.tested.map(async ({ deploymentId, rollout }) => {
        const model = await unlessProblem(ready(active, rollout.version, rollout))
        const path = `models/${active.name}/deployments/${deploymentId}`
        return model === undefined ? [] : [{ path, model, tally: newTally() }]
      }),
    )
    return { first, candidates: candidates.flat() }
  }

  async function readyNamed(name: string, version: string): Promise<ReadyModel> {
    await installShipped(deps)
    const card = await deps.documents.get<ModelCard>(`models/${name}`)
    if (card === undefined) throw new Problem('model_unavailable', 'There is no such model.')
    const own = (await deploymentsOf(deps, name)).findLast(({ rollout }) => rollout.version === version)
    return ready({ name, card: card.body }, version, own?.rollout ?? {})
  }

  return {
    async ready(named) {
      if (named !== undefined) return readyNamed(named.name, named.version)
      const models = await readyModels()
      if (models === undefined) throw new Problem('model_unavailable', 'No model is active.')
      return models.first
    },
    begin: (mayUse) => newStagingRun({ documents: deps.documents, mayUse }, stages, readyModels),
    async [Symbol.asyncDispose]() {
      const models = await Promise.allSettled(loaded.values())
      loaded.clear()
      for (const model of models) if (model.status === 'fulfilled') await model.value[Symbol.asyncDispose]()
    },
  }
}

async function afterInstalling(deps: StagerDeps): Promise<ActiveModel | undefined> {
  await installShipped(deps)
  return bestActiveModel(deps)
}
