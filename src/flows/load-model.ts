import type { ModelRollout, ModelVersion } from '../model/model-card.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Inference, LoadedModel } from '../ports/inference.ts'

export interface LoadDeps {
  readonly blobs: Blobs
  readonly inference: Inference
}

/** Where a version runs. */
export type Placement = Pick<ModelRollout, 'endpoint'>

/** Throws `Problem`: `storage_corrupt` for weights that are not those of the checksum, `not_found`, `model_unavailable`, `unavailable`. */
export function loadVersion({ blobs, inference }: LoadDeps, name: string, version: ModelVersion, at: Placement): Promise<LoadedModel> {
  const { key, sha256, length } = version.weights
  return inference.load({
    name,
    version: version.version,
    weights: () => blobs.get(key, { length }),
    sha256,
    ...(at.endpoint !== undefined && { endpoint: at.endpoint }),
  })
}
