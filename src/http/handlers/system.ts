import type { systemApi } from '../../api/system.ts'
import { configure, findConfiguration } from '../../flows/configuration.ts'
import { type MonitorDeps, monitor } from '../../flows/monitor.ts'
import { SystemConfiguration } from '../../model/configuration.ts'
import { inOrder } from '../../model/in-order.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Handlers } from '../call.ts'

export type SystemDeps = MonitorDeps & { readonly clock: Clock }

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
}
