import type { NightSignals } from '../analysis/night-signals.ts'
import { Problem } from '../model/problem.ts'
import type { Staging } from '../model/staging.ts'
import type { Documents } from '../ports/documents.ts'
import type { Purpose } from './consents.ts'
import { countNight, recordShadow, type Tally } from './shadow-run.ts'
import { type ReadyModel, type Shortage, shortageOf, stageNight } from './stage-night.ts'

/** Nights that want a model: those that no device staged, or all, so that the two are held against each other; or none. */
export const stagedNights = ['unstaged', 'all', 'none'] as const
export type StagedNights = (typeof stagedNights)[number]

/** A night that is staged, or why it is not. */
export type StagedNight = { readonly staging: Staging } | { readonly shortage: Shortage | { readonly code: 'model_unavailable' } }

/** The nights of one analysis: what is active when its first night comes stages all of them. */
export interface StagingRun {
  readonly stages: StagedNights
  /** Never throws because of the model: a night that it cannot stage is left to the rules. */
  stage(night: NightSignals, startMs: number): Promise<StagedNight>
  /** Writes down how the candidates agreed. To be called once the nights are kept. */
  settle(): Promise<void>
}

export interface Models {
  readonly first: ReadyModel
  readonly candidates: readonly Candidate[]
}

export interface Candidate {
  readonly model: ReadyModel
  /** Of its deployment. */
  readonly path: string
  readonly tally: Tally
}

/** Whether a person's data may be used for this, now. */
export type MayUse = (purpose: Purpose) => Promise<boolean>

export interface RunDeps {
  readonly documents: Documents
  /** Of the person whose nights they are: asked for each night that would go to a model elsewhere, or be used to judge one. */
  readonly mayUse: MayUse
}

export function newStagingRun(deps: RunDeps, stages: StagedNights, readyModels: () => Promise<Models | undefined>): StagingRun {
  let models: Promise<Models | undefined> | undefined
  return {
    stages,
    async stage(night, startMs) {
      models ??= unlessProblem(readyModels())
      const found = await models
      return found === undefined ? unavailable : stageBeside(found, night, startMs, deps.mayUse)
    },
    async settle() {
      const found = await models
      for (const { path, tally } of found?.candidates ?? []) {
        if (tally.nights > 0) await recordShadow(deps, path, found?.first.version.version ?? '', tally)
      }
    },
  }
}

const unavailable: StagedNight = { shortage: { code: 'model_unavailable' } }

async function stageBeside({ first, candidates }: Models, night: NightSignals, startMs: number, mayUse: MayUse): Promise<StagedNight> {
  if (!(await mayGo(first, mayUse))) return unavailable
  const shortage = shortageOf(first, night)
  if (shortage !== undefined) return { shortage }
  const staging = await unlessProblem(stageNight(first, night, startMs))
  if (staging === undefined) return unavailable
  // How candidates agree is an evaluation of models: that is research.
  const judged = candidates.length > 0 && (await mayUse('researchParticipation')) ? candidates : []
  for (const { model, tally } of judged) {
    if (shortageOf(model, night) !== undefined || !(await mayGo(model, mayUse))) continue
    const told = await unlessProblem(stageNight(model, night, startMs))
    if (told !== undefined) countNight(tally, staging, told)
  }
  return { staging }
}

async function mayGo({ isElsewhere }: ReadyModel, mayUse: MayUse): Promise<boolean> {
  return !isElsewhere || (await mayUse('dataSharing'))
}

/** What a model that cannot be had throws is no fault of the night; a bug is thrown on. */
export async function unlessProblem<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Problem) return undefined
    throw error
  }
}
