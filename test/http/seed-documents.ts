import type { House } from '../../src/app/house.ts'
import { pseudonymOf } from '../../src/flows/find-audit.ts'
import { sealAudit } from '../../src/flows/seal-audit.ts'

const at = (day: number) => `2024-06-${String(day).padStart(2, '0')}T00:00:00Z`
const both = [1, 2] as const

/** Who else something was done to, as the log has them. */
export const somebody = 's'.repeat(43)

/** Three sealed entries: two of Robin, at two times, and one of somebody that differs in all that may be asked for. */
async function seedAudit(house: House): Promise<void> {
  const robin = (await pseudonymOf(house, 'robin')) ?? ''
  const own = { actor: { type: 'person', id: robin, keyId: 'k' }, action: 'R', subject: robin, outcome: 'allow', requestId: 'r1' }
  const other = { actor: { type: 'service', keyId: 'k2' }, action: 'D', subject: somebody, outcome: 'deny', requestId: 'r2' }
  for (const [n, note] of [own, own, other].entries())
    await house.documents.batch([
      {
        op: 'put',
        path: `auditOutbox/${house.nextNoteId()}`,
        body: { ...note, at: `2024-06-0${n + 1}T00:00:00.000000Z`, resource: { type: 'users/days' }, policyVersion: '1' },
      },
    ])
  await sealAudit(house, 'seed')
}

/** Two of everything that a list may tell, beside what an import makes. */
export async function seedDocuments(house: House): Promise<void> {
  const { documents, warehouse } = house
  await seedAudit(house)
  const put = (path: string, body: object) => ({ op: 'put', path, body }) as const
  const job = {
    type: 'health_analysis',
    priority: 1,
    input: { dates: ['2024-06-12'] },
    progress: { stage: 'queued', percentage: 0 },
    attempts: 0,
  }
  const card = { modelInfo: { name: 'm', version: '1.0.0', type: 'sleep', framework: 'ours' } }
  const change = { type: 'day', action: 'created', id: '2024-06-12' }
  await documents.batch([
    ...both.flatMap((n) => [
      put(`users/robin/consents/c${n}`, {
        receiptId: `c${n}`,
        userId: 'robin',
        purpose: 'dataSharing',
        given: n === 1,
        givenAt: at(n),
        textVersion: '1',
      }),
      put(`legalHolds/held_${n}`, { userId: `held_${n}`, reason: `Case ${n}`, placedAt: at(n) }),
      put(`users/robin/permissions/g${n}`, {
        grantId: `g${n}`,
        userId: 'robin',
        granteeId: 'sam',
        access: 'read',
        resources: ['days'],
        grantedAt: at(n),
      }),
      put(`users/robin/uploads/upload_${n}`, {
        ...{ uploadId: `upload_${n}`, userId: 'robin', createdAt: at(n), updatedAt: at(n) },
        ...{ file: 'export.xml', size: '<HealthData/>'.length, partBytes: 4 << 20, received: 0 },
      }),
      put(`keys/k${n}`, {
        keyId: `k${n}`,
        prefix: `clk_${n}`,
        secretSha256: String(n).repeat(64),
        kind: 'service',
        scopes: ['profile:read'],
        createdAt: at(n),
      }),
      put(`models/m${n}`, card),
      put(`models/m1/versions/1.0.${n}`, {
        version: `1.0.${n}`,
        createdAt: at(n),
        weights: { key: `w${n}`, sha256: String(n).repeat(64), length: n },
      }),
      put(`models/m1/performance/e${n}`, { version: `1.0.${n}`, lastEvaluated: at(n), dataset: `d${n}` }),
      put(`models/m1/deployments/d${n}`, { version: `1.0.${n}`, status: 'testing', deployedAt: at(n), deployedBy: 'k1' }),
      put(`jobs/j${n}`, {
        ...job,
        jobId: `j${n}`,
        userId: n === 1 ? 'robin' : 'sam',
        status: n === 1 ? 'failed' : 'pending',
        createdAt: at(n),
      }),
      put(`jobs/j1/logs/${n}`, { n, at: at(n), level: 'info', message: `step ${n}` }),
      put(`webhooks/w${n}`, {
        webhookId: `w${n}`,
        audience: 'robin',
        url: `https://hooks.example.com/${n}`,
        secret: 'whsec_x',
        status: 'active',
        createdAt: at(n),
      }),
      put(`webhooks/w1/deliveries/x${n}`, {
        deliveryId: `x${n}`,
        webhookId: 'w1',
        userId: 'robin',
        status: 'delivered',
        createdAt: at(n),
        nextAt: at(n),
        attempts: [],
        tries: 1,
        at: at(n),
        changes: [change],
      }),
    ]),
  ])
  const trend = { userId: 'robin', trendType: 'weekly', trendData: {}, revision: 1, calculatedAt: at(20) } as const
  await warehouse.putTrends([
    { ...trend, periodStart: '2024-06-03', periodEnd: '2024-06-09' },
    { ...trend, periodStart: '2024-06-10', periodEnd: '2024-06-16' },
    { ...trend, periodStart: '2024-06-17', periodEnd: '2024-06-23' },
  ])
}
