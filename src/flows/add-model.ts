import type { ModelCard, ModelVersion } from '../model/model-card.ts'
import { Problem } from '../model/problem.ts'
import type { Blobs } from '../ports/blobs.ts'
import { addRollout, addVersion, type RegistryDeps, versionPattern } from './model-registry.ts'
import { deploymentsOf } from './model-versions.ts'

export type AddDeps = RegistryDeps & {
  readonly blobs: Blobs
  readonly newId: () => string
  readonly sha256: (bytes: Uint8Array) => string
}

export interface ModelFiles {
  /** Becomes the model's where it has none yet. */
  readonly card: ModelCard
  readonly version: Omit<ModelVersion, 'createdAt' | 'weights'> & { readonly weights: { readonly sha256: string } }
  readonly weights: Uint8Array
}

/**
 * Adds a version with its weights, and lets it run beside the active one where there is one. Throws `Problem`: `storage_corrupt` for
 * weights that are not those of the checksum, `conflict` for another version of the name, `invalid_id`.
 */
export async function addModel(deps: AddDeps, { card, version, weights }: ModelFiles, by: string): Promise<ModelVersion> {
  const { name } = card.modelInfo
  if (!versionPattern.test(name) || !versionPattern.test(version.version))
    throw new Problem('invalid_id', 'A model and its version are named by letters, digits, _, - and points.')
  if (deps.sha256(weights) !== version.weights.sha256)
    throw new Problem('storage_corrupt', `The weights of ${name} ${version.version} are not those of its checksum.`)
  await putFirstCard(deps, name, card)
  const key = `models/${name}/${version.version}-${version.weights.sha256.slice(0, 16)}.onnx`
  await deps.blobs.putAll([{ key, bytes: weights }])
  const said = { ...version, weights: { key, sha256: version.weights.sha256, length: weights.length } }
  const { version: added, isNew } = await addVersion(deps, name, said)
  const deployments = await deploymentsOf(deps, name)
  if (isNew && deployments.some(({ rollout }) => rollout.status === 'active'))
    await addRollout(deps, name, { deploymentId: deps.newId(), version: added.version, status: 'testing', by })
  return added
}

async function putFirstCard({ documents }: AddDeps, name: string, card: ModelCard): Promise<void> {
  const path = `models/${name}`
  if ((await documents.get(path)) !== undefined) return
  const { deployment: _, performance: __, ...rest } = card
  try {
    await documents.batch([{ op: 'put', path, body: rest, ifAbsent: true }])
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'conflict')) throw error
  }
}
