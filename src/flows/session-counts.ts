import type { Counts } from '../model/session.ts'

const none: Counts = { received: 0, accepted: 0, duplicate: 0, quarantined: 0, rejected: 0 }

export function sumOfCounts(counts: readonly (Counts | undefined)[]): Counts {
  return counts.reduce<Counts>((sum, each = none) => {
    return {
      received: sum.received + each.received,
      accepted: sum.accepted + each.accepted,
      duplicate: sum.duplicate + each.duplicate,
      quarantined: sum.quarantined + each.quarantined,
      rejected: sum.rejected + each.rejected,
    }
  }, none)
}
