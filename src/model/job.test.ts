import { expect, test } from 'vitest'
import { Job, jobTransitions, Priority, priorityRank, priorityWord, StoredJob } from './job.ts'

const base = {
  jobId: 'j1',
  userId: 'u1',
  type: 'health_analysis',
  priority: 'normal',
  createdAt: '2024-01-20T14:30:00Z',
  input: { date: '2024-01-20' },
  errors: [],
}
const started = { startedAt: '2024-01-20T14:30:05Z' }
const ended = { ...started, completedAt: '2024-01-20T14:32:00Z' }

test('each status carries what it must', () => {
  expect(valid({ status: 'pending' })).toBe(true)
  expect(valid({ status: 'processing' })).toBe(false)
  expect(valid({ status: 'processing', ...started, lease: { worker: 'w1', until: '2024-01-20T14:31:00Z', fence: 1 } })).toBe(true)
  expect(valid({ status: 'completed', ...ended })).toBe(false)
  expect(valid({ status: 'completed', ...ended, output: { insightId: 'i1' } })).toBe(true)
  expect(valid({ status: 'failed', ...ended })).toBe(false)
  expect(valid({ status: 'failed', ...ended, errors: [{ code: 'unavailable', message: 'No answer' }] })).toBe(true)
  expect(valid({ status: 'cancelled', completedAt: '2024-01-20T14:32:00Z' })).toBe(true)
  expect(valid({ status: 'done' })).toBe(false)
})

test('183: progress is from 0 to 100 and no more steps are done than there are', () => {
  const progress = (fields: object) =>
    valid({ status: 'processing', ...started, progress: { stage: 'ml_processing', percentage: 65, ...fields } })
  expect([-1, 0, 100, 101].map((percentage) => progress({ percentage }))).toEqual([false, true, true, false])
  expect(progress({ stepsCompleted: 5, totalSteps: 5 })).toBe(true)
  expect(progress({ stepsCompleted: 6, totalSteps: 5 })).toBe(false)
})

test('184: priority is spoken in words and sorts by rank', () => {
  expect(Priority.options.toSorted((a, b) => priorityRank(b) - priorityRank(a))).toEqual(['high', 'normal', 'low'])
  for (const word of Priority.options) expect(priorityWord(priorityRank(word))).toBe(word)
  expect(valid({ status: 'pending', priority: 'high ' })).toBe(false)
  expect(StoredJob.safeParse({ ...base, status: 'pending', priority: 2 }).success).toBe(true)
  for (const priority of [-1, 3, 'high', 1.5]) expect(StoredJob.safeParse({ ...base, status: 'pending', priority }).success).toBe(false)
})

test('182: a job takes at most 1000 sessions', () => {
  const ids = (n: number) => valid({ status: 'pending', input: { dataSessionIds: Array.from({ length: n }, (_, at) => `s${at}`) } })
  expect([ids(1000), ids(1001)]).toEqual([true, false])
})

test('190: a finished job goes nowhere, and one that failed only back to the queue', () => {
  for (const status of ['completed', 'cancelled'] as const) expect(jobTransitions[status]).toEqual([])
  expect(jobTransitions.failed).toEqual(['pending'])
  expect(jobTransitions.pending).toContain('cancelled')
})

function valid(fields: object): boolean {
  return Job.safeParse({ ...base, ...fields }).success
}
