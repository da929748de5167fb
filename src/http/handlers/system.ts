import type { systemApi } from '../../api/system.ts'
import type { ArchiveDeps } from '../../flows/archived-documents.ts'
import { askLifecycle, forecastPage } from '../../flows/ask-lifecycle.ts'
import { configure, findConfiguration } from '../../flows/configuration.ts'
import { placeHold, releaseHold } from '../../flows/legal-holds.ts'
import { findRun } from '../../flows/lifecycle-clock.ts'
import { type MonitorDeps, monitor } from '../../flows/monitor.ts'
import { LegalHold } from '../../model/archive.ts'
import { SystemConfiguration } from '../../model/configuration.ts'
import { inOrder } from '../../model/in-order.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Handlers } from '../call.ts'
import { listPage } from '../list-page.ts'

export type SystemDeps = MonitorDeps & ArchiveDeps & { readonly clock: Clock }

export const systemHandlers: Handlers<typeof systemApi, SystemDeps> = {
  async getConfiguration(deps) {
    const { configuration, version } = await findConfiguration(deps)
    return { body: inOrder(SystemConfiguration, configuration), version }
  },
  async putConfiguration(deps, { body, ifMatch }) {
    const { configuration, version } = await configure(deps, body, ifMatch)
    return { body: inOrder(SystemConfiguration, configuration), version }
  },
  async getMonitoring(deps) {
    return { body: await monitor(deps) }
  },
  async getLifecycle(deps) {
    const { at, after, noted } = (await findRun(deps))?.body ?? {}
    return {
      body: {
        ...(at !== undefined && { lastRunAt: at }),
        isUnderWay: after !== undefined,
        ...(noted !== undefined && { refusedAt: noted }),
      },
    }
  },
  async runLifecycle(deps, { body, callId }) {
    if (body.dryRun) return { status: 200, body: await forecastPage(deps, body) }
    const { jobId, type, status } = await askLifecycle(deps, `lifecycle_${callId}`, body)
    return { body: { jobId, type, status }, location: `/v1/jobs/${jobId}` }
  },
  async listLegalHolds({ documents }, call) {
    const { data, ...next } = await listPage<LegalHold>(documents, { collection: 'legalHolds', index: 'placed' }, call)
    return { body: { data: data.map(({ body }) => inOrder(LegalHold, body)), ...next } }
  },
  async placeLegalHold(deps, { params, body, principal }) {
    const hold = await placeHold(deps, params.personId, { reason: body.reason, placedBy: principal.credential })
    return { body: inOrder(LegalHold, hold) }
  },
  async releaseLegalHold(deps, { params }) {
    await releaseHold(deps, params.personId)
    return {}
  },
}
