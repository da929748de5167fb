/** Numbers row by row. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly values: Float32Array
}

export interface ModelToLoad {
  readonly name: string
  readonly version: string
  /** Asked once, by adapters that run the model themselves. */
  readonly weights: () => Promise<Uint8Array>
  /** Hex, of the weights. */
  readonly sha256: string
  /** Where the model runs, for adapters that ask another process. */
  readonly endpoint?: string
}

/** A version that is ready. Disposing it twice is no error; a run after it is. */
export interface LoadedModel extends AsyncDisposable {
  /**
   * One matrix of probabilities for each matrix of features, in order and with as many rows. The same features give the same answer, alone
   * or among others. Throws `Problem`: `invalid` for features that are not the model's, `unavailable`.
   */
  run(batch: readonly Matrix[]): Promise<readonly Matrix[]>
}

/**
 * Models that were trained elsewhere, run. Nothing is loaded before it is asked for.
 *
 * Problems: `storage_corrupt` weights that are not those of the checksum, before they are looked at · `model_unavailable` weights that are no
 * model of ours, or an endpoint that has no such version · `unavailable` nobody answered, in time or as agreed.
 */
export interface Inference {
  load(model: ModelToLoad): Promise<LoadedModel>
}
