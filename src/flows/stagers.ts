import type { NightSignals } from '../analysis/night-signals.ts'
import type { ModelCard } from '../model/model-card.ts'
import { Problem } from '../model/problem.ts'
import type { Staging } from '../model/staging.ts'
import type { LoadedModel } from '../ports/inference.ts'
import { type LoadDeps, loadVersion, type Placement } from './load-model.ts'
import type { RegistryDeps } from './model-registry.ts'
import { type ActiveModel, bestActiveModel, deploymentsOf, requireStager } from './model-versions.ts'
import { countNight, newTally, recordShadow, type Tally } from './shadow-run.ts'
import { installShipped, type ShippedDeps } from './shipped-models.ts'
import { type ReadyModel, type Shortage, shortageOf, stageNight } from './stage-night.ts'

export type StagerDeps = RegistryDeps & LoadDeps & ShippedDeps

/** A night that is staged, or why it is not. */
export type StagedNight = { readonly staging: Staging } | { readonly shortage: Shortage | { readonly code: 'model_unavailable' } }

/** Nights that want a model: those that no device staged, or all, so that the two are held against each other; or none. */
export const stagedNights = ['unstaged', 'all', 'none'] as const
export type StagedNights = (typeof stagedNights)[number]

/** The nights of one analysis: what is active when its first night comes stages all of them. */
export interface StagingRun {
  readonly stages: StagedNights
  /** Never throws because of the model: a night that it cannot stage is left to the rules. */
  stage(night: NightSignals, startMs: number): Promise<StagedNight>
  /** Writes down how the candidates agreed. To be called once the nights are kept. */
  settle(): Promise<void>
}

/** Which models stage nights here, each loaded once. */
export interface Stagers extends AsyncDisposable {
  begin(): StagingRun
  /** The version that is named, active or not, else the best active one. Throws `Problem`: `model_unavailable` and what loading throws. */
  ready(named?: { readonly name: string; readonly version: string }): Promise<ReadyModel>
}

export function openStagers(deps: StagerDeps, stages: StagedNights = 'unstaged'): Stagers {
  const loaded = new Map<string, Promise<LoadedModel>>()

  async function ready({ name, card }: Pick<ActiveModel, 'name' | 'card'>, versionName: string, at: Placement): Promise<ReadyModel> {
    const version = await requireStager(deps, name, versionName)
    const key = `${version.weights.sha256} ${at.endpoint ?? ''}`
    const loading = loaded.get(key) ?? loadVersion(deps, name, version, at)
    loaded.set(key, loading)
    try {
      return { name, card, version, loaded: await loading }
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
    begin: () => newRun(deps, stages, readyModels),
    async [Symbol.asyncDispose]() {
      const models = await Promise.allSettled(loaded.values())
      loaded.clear()
      for (const model of models) if (model.status === 'fulfilled') await model.value[Symbol.asyncDispose]()
    },
  }
}

interface Models {
  readonly first: ReadyModel
  readonly candidates: readonly { readonly path: string; readonly model: ReadyModel; readonly tally: Tally }[]
}

async function afterInstalling(deps: StagerDeps): Promise<ActiveModel | undefined> {
  await installShipped(deps)
  return bestActiveModel(deps)
}

function newRun(deps: StagerDeps, stages: StagedNights, readyModels: () => Promise<Models | undefined>): StagingRun {
  let models: Promise<Models | undefined> | undefined
  return {
    stages,
    async stage(night, startMs) {
      models ??= unlessProblem(readyModels())
      const found = await models
      if (found === undefined) return { shortage: { code: 'model_unavailable' } }
      const { first, candidates } = found
      const shortage = shortageOf(first, night)
      if (shortage !== undefined) return { shortage }
      const staging = await unlessProblem(stageNight(first, night, startMs))
      if (staging === undefined) return { shortage: { code: 'model_unavailable' } }
      for (const { model, tally } of candidates) {
        const told = shortageOf(model, night) === undefined ? await unlessProblem(stageNight(model, night, startMs)) : undefined
        if (told !== undefined) countNight(tally, staging, told)
      }
      return { staging }
    },
    async settle() {
      const found = await models
      for (const { path, tally } of found?.candidates ?? []) {
        if (tally.nights > 0) await recordShadow(deps, path, found?.first.version.version ?? '', tally)
      }
    },
  }
}

/** What a model that cannot be had throws is no fault of the night; a bug is thrown on. */
async function unlessProblem<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Problem) return undefined
    throw error
  }
}
