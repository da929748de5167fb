import fc from 'fast-check'
import { expect, test } from 'vitest'
import { analyseDirtyDays, daysBetween } from '../../src/flows/analyse-days.ts'
import { deleteSession } from '../../src/flows/delete-session.ts'
import { ingestSession } from '../../src/flows/ingest-session.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { readHanded } from '../../src/model/handed-session.ts'
import { Problem } from '../../src/model/problem.ts'
import { temporaryHouse } from '../golden/people.ts'

const at = (day: number, hour: number, minute = 0) => new Date(Date.UTC(2024, 0, day, hour, minute)).toISOString()
const info = (sessionId: string, day: number, hour: number, hours: number, dataSource: string) => ({
  sessionInfo: { sessionId, startTime: at(day, hour), endTime: at(day, hour + hours), dataSource },
})
const steps = (day: number, hour: number, values: readonly number[]) => ({
  series: {
    steps: {
      unit: '{steps}',
      samples: values.map((value, k) => ({ startTime: at(day, hour, 10 * k), endTime: at(day, hour, 10 * k + 10), value })),
    },
  },
})
const hearts = (day: number, hour: number, count: number) => ({
  heartRate: { samples: Array.from({ length: count }, (_, k) => ({ timestamp: at(day, hour, k), value: 60 + ((day + k) % 30) })) },
})

/** Of two devices and three days; two hold the same samples, and one reaches into the next day. */
const sessions = [
  { ...info('a', 20, 8, 2, 'Apple Watch'), ...steps(20, 8, [100, 200, 50]), ...hearts(20, 8, 40) },
  { ...info('b', 20, 8, 1, 'iPhone'), ...steps(20, 8, [80, 220, 70, 90]) },
  { ...info('c', 20, 8, 3, 'Apple Watch'), ...steps(20, 8, [100, 200, 50, 40]) },
  {
    ...info('d', 20, 22, 9, 'Apple Watch'),
    sleep: {
      stages: [
        { startTime: at(20, 23), endTime: at(21, 4), stage: 'light' },
        { startTime: at(21, 4), endTime: at(21, 6), stage: 'deep' },
      ],
    },
  },
  { ...info('e', 21, 9, 1, 'Apple Watch'), ...hearts(21, 9, 30), activity: { distance: { value: 3, unit: 'km' } } },
].map((body) => readHanded(body))

type Step = { readonly op: 'send' | 'delete' | 'analyse'; readonly which: number }

test('172: order, repetition and deletions in between never change the days that come of it', { timeout: 60_000 }, async () => {
  await using house = await temporaryHouse()
  let people = 0

  async function daysAfter(steps: readonly Step[]) {
    const userId = `p${++people}`
    await house.documents.batch([{ op: 'put', path: `users/${userId}`, body: newUser(house, 'UTC') }])
    for (const { op, which } of steps) {
      const session = sessions[which]
      if (op === 'analyse') await analyseDirtyDays(house, userId)
      else if (op === 'send' && session) await ingestSession(house, { userId, session, handling: 'lenient', restore: true })
      else await deleteSession(house, userId, session?.sessionId ?? '').catch(ignoreAbsent)
    }
    await analyseDirtyDays(house, userId)
    const days = await daysBetween(house, userId, '2024-01-01', '2024-02-01')
    // A day of which everything was deleted is as one that never was.
    return days.flatMap(({ body: { userId: _, revision: __, inputHash: ___, madeAt: ____, ...day } }) =>
      Object.keys(day.provenance).length > 0 ? [day] : [],
    )
  }

  const all = sessions.map((_, which): Step => ({ op: 'send', which }))
  const expected = [await daysAfter(all), await daysAfter(all.slice(0, 3)), await daysAfter([])]
  expect(expected.map(({ length }) => length)).toEqual([2, 1, 0])
  const noise = fc.array(fc.record({ op: fc.constantFrom('send', 'delete', 'analyse'), which: fc.nat(4) }), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(
      noise,
      fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }),
      fc.constantFrom(5, 3, 0),
      async (before, order, kept) => {
        const end = order.map((which): Step => ({ op: which < kept ? 'send' : 'delete', which }))
        expect(await daysAfter([...before, ...end])).toEqual(expected[kept === 5 ? 0 : kept === 3 ? 1 : 2])
      },
    ),
    { numRuns: 60 },
  )
})

function ignoreAbsent(error: unknown): void {
  if (!(error instanceof Problem && error.code === 'not_found')) throw error
}
