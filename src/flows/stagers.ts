import type { NightSignals } from '../analysis/night-signals.ts'
import { Problem } from '../model/problem.ts'
import type { Staging } from '../model/staging.ts'
import type { LoadedModel } from '../ports/inference.ts'
import { type LoadDeps, loadVersion, type Placement } from './load-model.ts'
import type { RegistryDeps } from './model-registry.ts'
import { type ActiveModel, bestActiveModel, requireStager } from './model-versions.ts'
import { countNight, newTally, recordShadow, type Tally } from './shadow-run.ts'
import { installShipped, type ShippedDeps } from './shipped-models.ts'
import { type ReadyModel, type Shortage, shortageOf, stageNight } from './stage-night.ts'

export type StagerDeps = RegistryDeps & LoadDeps & ShippedDeps

/** A night that is staged, or why it is not. */
export type StagedNight = { readonly staging: Staging } | { readonly shortage: Shortage | { readonly code: 'model_unavailable' } }

/** The nights of one analysis: what is active when its first night comes stages all of them. */
export interface StagingRun {
  /** Never throws because of the model: a night that it cannot stage is left to the rules. */
  stage(night: NightSignals, startMs: number): Promise<StagedNight>
  /** Writes down how the candidates agreed. To be called once the nights are kept. */
  settle(): Promise<void>
}

/** Which models stage nights here, each loaded once. */
export interface Stagers extends AsyncDisposable {
  begin(): StagingRun
}

export function openStagers(deps: StagerDeps): Stagers {
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

  return {
    begin: () => newRun(deps, readyModels),
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

function newRun(deps: StagerDeps, readyModels: () => Promise<Models | undefined>): StagingRun {
  let models: Promise<Models | undefined> | undefined
  return {
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
