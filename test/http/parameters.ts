import type { api } from '../../src/api/api.ts'
import { somebody } from './seed-documents.ts'
import { sessionBody } from './session-bodies.ts'

/** Two requests that differ in one parameter, and are answered differently. */
export interface Demonstration {
  /** As `asking` has it. */
  readonly who: string
  readonly path: string
  /** The other parameters that both have, `a=1&b=2`. */
  readonly beside?: string
  /** The parameter's value in the second; in the first it is absent, or has the value `before`. */
  readonly value: string
  readonly before?: string
  readonly body?: unknown
  readonly payload?: string
  readonly headers?: Readonly<Record<string, string>>
  /** What the job of the answer is to do is compared, not the answer. */
  readonly ofJob?: true
}

type Name = keyof typeof api

/** Every list with at least two rows: its `limit` and `cursor` are shown by that. */
export const lists: { readonly [N in Name]?: { readonly who: string; readonly path: string } } = {
  listConsents: { who: 'robin', path: '/v1/users/robin/consents' },
  listKeys: { who: 'operator:', path: '/v1/keys' },
  listPermissions: { who: 'robin', path: '/v1/users/robin/permissions' },
  listUsers: { who: 'service:', path: '/v1/users' },
  listSessions: { who: 'robin', path: '/v1/users/robin/sessions' },
  listDays: { who: 'robin', path: '/v1/users/robin/days' },
  listInsights: { who: 'robin', path: '/v1/users/robin/insights' },
  listTrends: { who: 'robin', path: '/v1/users/robin/trends?type=weekly' },
  listAnalytics: { who: 'robin', path: '/v1/users/robin/analytics' },
  listModels: { who: 'operator:', path: '/v1/models' },
  listModelVersions: { who: 'operator:', path: '/v1/models/m1/versions' },
  listModelPerformance: { who: 'operator:', path: '/v1/models/m1/performance' },
  listModelDeployments: { who: 'operator:', path: '/v1/models/m1/deployments' },
  listJobs: { who: 'operator:', path: '/v1/jobs' },
  listJobLogs: { who: 'operator:', path: '/v1/jobs/j1/logs' },
  listLegalHolds: { who: 'operator:', path: '/v1/system/legal-holds' },
  listAuditLogs: { who: 'auditor:', path: '/v1/system/audit-logs' },
  listAccess: { who: 'robin', path: '/v1/users/robin/access-log' },
  listImports: { who: 'robin', path: '/v1/users/robin/imports' },
  listWebhooks: { who: 'service:', path: '/v1/webhooks' },
  listDeliveries: { who: 'service:', path: '/v1/webhooks/w1/deliveries' },
}

const robin = (path: string, value: string, more: Partial<Demonstration> = {}): Demonstration => ({
  who: 'robin',
  path: `/v1/users/robin/${path}`,
  value,
  ...more,
})

const cohort = (value: string, more: Partial<Demonstration>): Demonstration => ({
  who: 'operator:',
  path: '/v1/analytics/cohort',
  value,
  ...more,
})

const log = (value: string): Demonstration => ({ who: 'auditor:', path: '/v1/system/audit-logs', value })
/** Olga's data are years old. */
const old = (path: string, beside = ''): Demonstration => ({ who: 'olga', path: `/v1/users/olga/${path}`, value: 'true', beside })

const range = { from: robin('days', '2024-06-13'), to: robin('days', '2024-06-13') }
const over = (path: string, { from, to }: typeof range, beside = '') => ({
  from: { ...from, path: `/v1/users/robin/${path}`, beside },
  to: { ...to, path: `/v1/users/robin/${path}`, beside },
})
const series = 'metric=steps&from=2024-06-12T00:00:00Z&to=2024-06-14T00:00:00Z'
const without = (name: string) =>
  series
    .split('&')
    .filter((pair) => !pair.startsWith(`${name}=`))
    .join('&')
const firstMade = '2024-06-20T12:00:00Z'

/** What each parameter does. One that is not here, or changes nothing, fails the test: then it is to be left out of the table. */
export const demonstrations: { readonly [N in Name]?: Readonly<Record<string, Demonstration>> } = {
  addSessions: { restore: robin('sessions', '1', { body: sessionBody('deleted_1') }) },
  putSession: { restore: robin('sessions/deleted_2', '1', { body: sessionBody('deleted_2') }) },
  listSessions: {
    from: robin('sessions', '2024-06-13T12:00:00Z'),
    to: robin('sessions', '2024-06-13T12:00:00Z'),
    dataType: robin('sessions', 'heart_rate'),
    source: robin('sessions', 'apple_watch_series_9'),
    archived: old('sessions'),
  },
  getSession: {
    samples: robin('sessions/kept_1', 'true'),
    quarantined: robin('sessions/kept_1', 'true'),
    revision: robin('sessions/kept_1', '1'),
  },
  getTimeseries: {
    metric: robin('timeseries', 'heart_rate', { before: 'steps', beside: without('metric') }),
    from: robin('timeseries', '2024-06-13T00:00:00Z', { before: '2024-06-12T00:00:00Z', beside: without('from') }),
    to: robin('timeseries', '2024-06-13T00:00:00Z', { before: '2024-06-14T00:00:00Z', beside: without('to') }),
    resolution: robin('timeseries', '1day', { beside: series }),
    source: robin('timeseries', 'nobody', { beside: series }),
    archived: old('timeseries', 'metric=steps&from=2021-06-12T00:00:00Z&to=2021-06-14T00:00:00Z'),
  },
  listDays: { ...over('days', range), asOf: robin('days', firstMade), archived: old('days') },
  getDay: { asOf: robin('days/2024-06-13', firstMade) },
  listInsights: {
    ...over('insights', range),
    asOf: robin('insights', firstMade),
    type: robin('insights', 'weekly_summary'),
    archived: old('insights'),
  },
  getInsight: { asOf: robin('insights/daily/2024-06-13', firstMade) },
  listTrends: { ...over('trends', range, 'type=weekly'), type: robin('trends', 'monthly', { before: 'weekly' }) },
  getBaseline: {
    ...over('baseline', range, 'metric=total_steps'),
    metric: robin('baseline', 'resting_heart_rate', { before: 'total_steps' }),
  },
  listAnalytics: over('analytics', range),
  getCohort: {
    metric: cohort('resting_heart_rate', { before: 'total_steps', beside: 'period=2024-03' }),
    period: cohort('2024-W10', { before: '2024-03', beside: 'metric=total_steps' }),
    by: cohort('sex', { beside: 'metric=total_steps&period=2024-03' }),
    epsilon: cohort('0.5', { beside: 'metric=total_steps&period=2024-03' }),
  },
  getPeers: {
    metric: robin('peers', 'resting_heart_rate', { before: 'total_steps', beside: 'period=2024-03' }),
    period: robin('peers', '2024-W10', { before: '2024-03', beside: 'metric=total_steps' }),
  },
  exportUser: { format: robin('export', 'fhir', { before: 'zip', ofJob: true }) },
  listAuditLogs: {
    from: log('2024-06-02T12:00:00Z'),
    to: log('2024-06-02T12:00:00Z'),
    userId: log('robin'),
    subject: log(somebody),
    action: log('D'),
    outcome: log('deny'),
    actorType: log('service'),
    actor: log('k2'),
    requestId: log('r2'),
  },
  listAccess: { from: robin('access-log', '2024-06-01T12:00:00Z'), to: robin('access-log', '2024-06-01T12:00:00Z') },
  listJobs: {
    status: { who: 'operator:', path: '/v1/jobs', value: 'failed' },
    person: { who: 'operator:', path: '/v1/jobs', value: 'sam' },
  },
  addPart: {
    offset: robin('uploads/upload_1', '0', {
      before: '1',
      payload: '<HealthData/>',
      headers: { 'content-type': 'application/octet-stream' },
    }),
  },
  startImport: {
    dryRun: robin('imports', 'true', { payload: '<HealthData/>', headers: { 'content-type': 'application/octet-stream' } }),
    zone: robin('imports', 'Europe/Berlin', { payload: '<HealthData/>', headers: { 'content-type': 'application/octet-stream' } }),
    newPerson: {
      who: 'service:',
      path: '/v1/users/newcomer/imports',
      value: 'true',
      payload: '<HealthData/>',
      headers: { 'content-type': 'application/octet-stream' },
    },
  },
}

/** Of a stream the first event is compared. */
export const streams: { readonly [N in Name]?: Readonly<Record<string, Demonstration>> } = {
  followEvents: { types: robin('events', 'job', { before: 'session' }) },
}
