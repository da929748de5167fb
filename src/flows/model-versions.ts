import type { ModelCard, ModelEvaluation, ModelRequirements, ModelRollout, ModelVersion } from '../model/model-card.ts'
import { Problem } from '../model/problem.ts'
import type { Documents, Stored } from '../ports/documents.ts'
import { all } from './every.ts'
import { versionPattern } from './model-registry.ts'

/** Whose versions a job may name. */
export const nightModel = 'actigraphy_transformer'

type Reading = { readonly documents: Documents }

/** Throws `Problem('model_unavailable')` where there is no such version of the model, or its head for sleep stages is not trained. */
export async function requireStager({ documents }: Reading, name: string, version: string): Promise<ModelVersion> {
  const path = `models/${name}/versions/${version}`
  const found = versionPattern.test(`${name}.${version}`) ? await documents.get<ModelVersion>(path) : undefined
  if (found === undefined) throw new Problem('model_unavailable', 'There is no such version of this model.')
  if (found.body.heads.sleep_stage !== 'trained')
    throw new Problem('model_unavailable', `${name} ${version} was not trained to stage sleep: an untrained head produces no result.`)
  return found.body
}

export interface Deployed {
  readonly deploymentId: string
  readonly rollout: ModelRollout
}

/** By the time they were made. */
export async function deploymentsOf({ documents }: Reading, name: string): Promise<Deployed[]> {
  const found = await all<ModelRollout>(documents, { collection: 'modelDeployments', parent: `models/${name}` })
  return found
    .map(({ path, body }) => ({ deploymentId: path.slice(path.lastIndexOf('/') + 1), rollout: body }))
    .sort((a, b) => (a.rollout.deployedAt < b.rollout.deployedAt ? -1 : 1))
}

/** What was measured last of a version on nights that people scored; undefined where nothing was. */
export async function lastEvaluation({ documents }: Reading, name: string, version: string): Promise<ModelEvaluation | undefined> {
  const found = await all<ModelEvaluation>(documents, { collection: 'modelPerformance', parent: `models/${name}` })
  return found
    .map(({ body }) => body)
    .filter((each) => each.version === version && each.against !== 'devices')
    .sort((a, b) => (a.lastEvaluated < b.lastEvaluated ? -1 : 1))
    .at(-1)
}

export interface ActiveModel {
  readonly name: string
  readonly card: ModelCard
  readonly version: ModelVersion
  readonly active: Deployed
  /** Candidates that run beside it. */
  readonly tested: readonly Deployed[]
}

/** The active model of which the highest κ was measured, whatever its name; of equals, and of those without a figure, the first by name. */
export async function bestActiveModel(deps: Reading): Promise<ActiveModel | undefined> {
  const cards = await all<ModelCard>(deps.documents, { collection: 'models' })
  const active = await Promise.all(cards.map((card) => activeOf(deps, card)))
  return active
    .filter((each) => each !== undefined)
    .sort((a, b) => b.kappa - a.kappa || (a.model.name < b.model.name ? -1 : 1))
    .map(({ model }) => model)[0]
}

async function activeOf(deps: Reading, { body: card }: Stored<ModelCard>): Promise<{ model: ActiveModel; kappa: number } | undefined> {
  const { name } = card.modelInfo
  const deployments = await deploymentsOf(deps, name)
  const active = deployments.find(({ rollout }) => rollout.status === 'active')
  if (active === undefined) return undefined
  const version = await requireStager(deps, name, active.rollout.version)
  const kappa = (await lastEvaluation(deps, name, version.version))?.figures?.kappa ?? -1
  const tested = deployments.filter(({ rollout }) => rollout.status === 'testing' && rollout.version !== version.version)
  return { model: { name, card, version, active, tested }, kappa }
}

/** The version's own, else the model's. */
export function requirementsOf(card: ModelCard, version: ModelVersion): ReturnType<typeof ModelRequirements.parse> | undefined {
  return version.dataRequirements ?? card.dataRequirements
}
