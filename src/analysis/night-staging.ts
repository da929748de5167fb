import type { StageChain } from '../model/model-card.ts'
import { type Staging, stagingStages } from '../model/staging.ts'
import { smoothedStates } from '../signal/forward-backward.ts'
import { epochSeconds } from './night-signals.ts'

/** A night as a model's probabilities have it: smoothed where the version says how, and the likeliest stage of each epoch. */
export function stagingOf(model: Staging['model'], startMs: number, probabilities: Float32Array, chain: StageChain | undefined): Staging {
  const probability = chain === undefined ? probabilities : smoothedStates(probabilities, chain)
  return { model, startMs, epochSeconds, stage: likeliest(probability), probability }
}

/** The first of equals. */
function likeliest(probability: Float32Array): Uint8Array {
  const size = stagingStages.length
  return Uint8Array.from({ length: probability.length / size }, (_, epoch) => {
    const row = probability.subarray(epoch * size, (epoch + 1) * size)
    return row.indexOf(row.reduce((most, each) => Math.max(most, each), -1))
  })
}
