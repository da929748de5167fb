import type { cohortApi } from '../../api/cohort.ts'
import { askCohort, type CohortDeps } from '../../flows/cohort.ts'
import { findPeers } from '../../flows/peers.ts'
import { Cohort, Peers } from '../../model/cohort.ts'
import { inOrder } from '../../model/in-order.ts'
import type { Handlers } from '../call.ts'

export const cohortHandlers: Handlers<typeof cohortApi, CohortDeps> = {
  async getCohort(deps, { query, principal }) {
    const { metric, period, by = [], epsilon } = query
    // Research is another use than running the system, and another consent.
    const purpose = principal.kind === 'researcher' ? 'researchParticipation' : 'anonymousAnalytics'
    const question = { metric, period, by, purpose, asker: principal.credential, ...(epsilon !== undefined && { epsilon }) } as const
    return { body: inOrder(Cohort, await askCohort(deps, question)) }
  },
  async getPeers(deps, { params, query }) {
    return { body: inOrder(Peers, await findPeers(deps, params.userId, query)) }
  },
}
