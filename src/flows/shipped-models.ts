import type { ModelCard, ModelEvaluation, ModelRollout, ModelVersion } from '../model/model-card.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Write } from '../ports/documents.ts'
import type { RegistryDeps } from './model-registry.ts'

/** A model that comes with the program. */
export interface ShippedModel {
  readonly card: ModelCard
  readonly version: Omit<ModelVersion, 'createdAt'>
  readonly evaluation: ModelEvaluation
  readonly weights: () => Promise<Uint8Array>
}

export type ShippedDeps = RegistryDeps & { readonly blobs: Blobs; readonly shipped: () => Promise<readonly ShippedModel[]> }

/**
 * Puts what comes with the program into the registry, where it is not there yet: a new model active, a new version of a known one to be
 * compared and activated by an operator. Safe to be called twice at once.
 */
export async function installShipped(deps: ShippedDeps): Promise<void> {
  for (const model of await deps.shipped()) await install(deps, model)
}

async function install(deps: ShippedDeps, { card, version, evaluation, weights }: ShippedModel): Promise<void> {
  const { name } = card.modelInfo
  const path = `models/${name}`
  if ((await deps.documents.get(`${path}/versions/${version.version}`)) !== undefined) return
  const isNew = (await deps.documents.get(path)) === undefined
  await deps.blobs.putAll([{ key: version.weights.key, bytes: await weights() }])
  const id = `shipped-${version.version.replaceAll('.', '-')}`
  const createdAt = formatInstant(deps.clock.nowMs())
  const rollout: ModelRollout = { version: version.version, status: 'active', deployedAt: createdAt, deployedBy: 'the program' }
  const writes: Write[] = [
    { op: 'put', path: `${path}/versions/${version.version}`, body: { ...version, createdAt }, ifAbsent: true },
    { op: 'put', path: `${path}/performance/${id}`, body: evaluation },
  ]
  const first: Write[] = [
    { op: 'put', path, body: card, ifAbsent: true },
    { op: 'put', path: `${path}/deployments/${id}`, body: rollout },
  ]
  try {
    await deps.documents.batch(isNew ? [...writes, ...first] : writes)
  } catch (error) {
    // Another process installs the same.
    if (!(error instanceof Problem && error.code === 'conflict')) throw error
  }
}
