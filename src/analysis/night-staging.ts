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
  const stages = new Uint8Array(probability.length / size)
  for (let epoch = 0; epoch < stages.length; epoch++) {
    let best = 0
    for (let stage = 1; stage < size; stage++) {
      if ((probability[epoch * size + stage] as number) > (probability[epoch * size + best] as number)) best = stage
    }
    stages[epoch] = best
  }
  return stages
}
