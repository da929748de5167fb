import { client } from '../../state/client.ts'

export const MONITORING = 'operator/monitoring'

export const loadMonitoring = async () => (await client.getMonitoring({})).body
