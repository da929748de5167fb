/** What a model calls an epoch; `Staging.stage` holds places in this list. */
export const stagingStages = ['awake', 'light', 'deep', 'rem'] as const
export type StagingStage = (typeof stagingStages)[number]

/** A night staged by a model: epochs of one length in a row, without gaps. */
export interface Staging {
  /** As the registry has it; becomes the night's `method` and `methodVersion`. */
  readonly model: { readonly name: string; readonly version: string }
  /** Start of the first epoch, epoch ms. */
  readonly startMs: number
  readonly epochSeconds: number
  /** One an epoch: a place in `stagingStages`. */
  readonly stage: Uint8Array
  /** Row by row, one row an epoch and one value a stage in the order of `stagingStages`; a row adds up to 1. */
  readonly probability: Float32Array
}
