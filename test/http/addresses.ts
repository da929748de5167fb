/** What stands behind the parameters of an address, as `seedDocuments` puts it. */
export const named: Readonly<Record<string, string>> = {
  userId: 'robin',
  sessionId: 's1',
  date: '2024-06-12',
  type: 'daily',
  jobId: 'j1',
  webhookId: 'w1',
  deliveryId: 'x1',
  grantId: 'g1',
  name: 'm1',
  version: '1.0.1',
}

/** What must stand in a query for the handler to be reached, by endpoint. */
export const queries: Readonly<Record<string, string>> = {
  getTimeseries: '?metric=steps&from=2024-06-01T00:00:00Z&to=2024-06-30T00:00:00Z&resolution=1day',
  listTrends: '?type=weekly',
  getBaseline: '?metric=total_steps',
  getPeers: '?metric=total_steps&period=2024-05',
}
