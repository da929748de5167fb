/** A session of heart rates as a watch hands it in, one a second from 14:30. */
export function sessionBody(sessionId = 'session_20240120_143000', samples = 3, over: object = {}) {
  const from = Date.parse('2024-01-20T14:30:00Z')
  return {
    sessionInfo: {
      sessionId,
      startTime: '2024-01-20T14:30:00Z',
      endTime: '2024-01-20T15:30:00Z',
      dataSource: 'apple_watch_series_9',
      dataTypes: ['heart_rate'],
    },
    heartRate: {
      samples: Array.from({ length: samples }, (_, at) => ({
        timestamp: `${new Date(from + at * 1000).toISOString().slice(0, 19)}Z`,
        value: 70 + (at % 20),
        confidence: (90 + (at % 10)) / 100,
        context: at % 3 === 0 ? 'resting' : 'active',
      })),
    },
    ...over,
  }
}

export const moved = (startTime: string, endTime: string, sessionId = 'session_20240120_143000') => ({
  sessionInfo: { ...sessionBody().sessionInfo, sessionId, startTime, endTime },
})
