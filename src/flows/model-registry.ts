import { canonicalJson } from '../model/in-order.ts'
import type { ModelCard, ModelEvaluation, ModelRollout, ModelVersion } from '../model/model-card.ts'
import { nothingThere } from '../model/nothing-there.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents } from '../ports/documents.ts'
import { putVersioned } from './versions.ts'

export interface RegistryDeps {
  readonly documents: Documents
  readonly clock: Clock
}

/** Writes a card, and says what version of it stands then. Throws `Problem`: `invalid` for another model's card, `precondition_failed`. */
export async function putCard({ documents }: RegistryDeps, name: string, card: ModelCard, ifVersion?: number): Promise<number> {
  if (card.modelInfo.name !== name) {
    const error = { pointer: '/modelInfo/name', code: 'invalid', message: 'Not the name in the address' } as const
    throw new Problem('invalid', 'The card is of another model.', { errors: [error] })
  }
  return (await putVersioned(documents, `models/${name}`, () => ({ body: card }), ifVersion)).version
}

/** The version that the card stands at. Throws `Problem('not_found')`. */
export async function requireCard({ documents }: Pick<RegistryDeps, 'documents'>, name: string): Promise<number> {
  const found = await documents.get(`models/${name}`)
  if (found === undefined) throw nothingThere()
  return found.version
}

export interface AddedVersion {
  readonly version: ModelVersion
  /** False where the same was there. */
  readonly isNew: boolean
}

/**
 * Adds a version, which never changes, of weights that are kept already. Throws `Problem`: `conflict` where another of that name is there,
 * `not_found`, `invalid` for weights that are not.
 */
export async function addVersion(
  deps: RegistryDeps & { readonly blobs: Pick<Blobs, 'head'> },
  name: string,
  said: Omit<ModelVersion, 'createdAt'>,
): Promise<AddedVersion> {
  await requireCard(deps, name)
  if ((await deps.blobs.head(said.weights.key))?.length !== said.weights.length) {
    const error = { pointer: '/weights/key', code: 'invalid', message: 'No weights of this length are kept under this key' } as const
    throw new Problem('invalid', 'The weights are not there: clarity models add brings them.', { errors: [error] })
  }
  const version = { ...said, createdAt: formatInstant(deps.clock.nowMs()) }
  const path = `models/${name}/versions/${said.version}`
  try {
    await deps.documents.batch([{ op: 'put', path, body: version, ifAbsent: true }])
    return { version, isNew: true }
  } catch (error) {
    const there = await deps.documents.get<ModelVersion>(path)
    if (!(error instanceof Problem && error.code === 'conflict') || there === undefined) throw error
    const { createdAt: _, ...rest } = there.body
    if (canonicalJson(rest) !== canonicalJson(said))
      throw new Problem('conflict', 'There is another version of this name.', { cause: error })
    return { version: there.body, isNew: false }
  }
}

/** Keeps what was measured, under an id that a repeated call has again. Throws `Problem`: `not_found`, `model_unavailable`. */
export async function addEvaluation(deps: RegistryDeps, name: string, evaluationId: string, evaluation: ModelEvaluation): Promise<void> {
  await requireVersion(deps, name, evaluation.version)
  await deps.documents.batch([{ op: 'put', path: `models/${name}/performance/${evaluationId}`, body: evaluation }])
}

export interface Rollout extends Pick<ModelRollout, 'version' | 'status' | 'endpoint' | 'resourceRequirements' | 'scalingConfig'> {
  readonly deploymentId: string
  readonly by: string
}

/** Keeps where a version was put to use. Throws `Problem`: `not_found`, `model_unavailable`. */
export async function addRollout(deps: RegistryDeps, name: string, { deploymentId, by, ...said }: Rollout): Promise<ModelRollout> {
  await requireVersion(deps, name, said.version)
  const rollout: ModelRollout = { ...said, deployedAt: formatInstant(deps.clock.nowMs()), deployedBy: by }
  await deps.documents.batch([{ op: 'put', path: `models/${name}/deployments/${deploymentId}`, body: rollout }])
  return rollout
}

async function requireVersion(deps: RegistryDeps, name: string, version: string): Promise<void> {
  await requireCard(deps, name)
  const found = versionPattern.test(version) ? await deps.documents.get(`models/${name}/versions/${version}`) : undefined
  if (found === undefined) throw new Problem('model_unavailable', 'There is no such version of this model.')
}

/** As an address and a path can hold it. */
export const versionPattern = /^[A-Za-z0-9_-]{1,60}(?:\.[A-Za-z0-9_-]{1,60})*$/
