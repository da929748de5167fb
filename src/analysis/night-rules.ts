import { coleKripke } from '../signal/sleep-wake.ts'
import { epochMovement, type NightSignals } from './night-signals.ts'

export const coleKripkeVersion = '1.0.0'
const epochsInMinute = 2
/** Counts of ActiGraph's for one step: what `sleep-estimate` takes walking for. */
const countsOfStep = 25

/**
 * Cole–Kripke on the movement of a night, an epoch 1 where it is asleep: what stands in where no model can. Movement that nobody told of
 * counts as none. `scale` turns the night's counts into ActiGraph's, to which the rule's threshold belongs.
 */
export function sleepByRule(night: NightSignals, scale = 1): Uint8Array {
  const factor = night.movement?.isSteps === true ? countsOfStep : scale
  const minutes = new Float64Array(Math.ceil(night.epochs / epochsInMinute))
  epochMovement(night).forEach((amount, epoch) => {
    const minute = Math.floor(epoch / epochsInMinute)
    if (!Number.isNaN(amount)) minutes[minute] = (minutes[minute] as number) + amount * factor
  })
  const asleep = coleKripke(minutes)
  return Uint8Array.from({ length: night.epochs }, (_, epoch) => asleep[Math.floor(epoch / epochsInMinute)] as number)
}
