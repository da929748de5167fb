import fc from 'fast-check'
import { expect, test } from 'vitest'
import { analyseDirtyDays } from '../../src/flows/analyse-days.ts'
import { daysBetween } from '../../src/flows/days-between.ts'
import { deleteSession } from '../../src/flows/delete-session.ts'
import { importFile } from '../../src/flows/import-file.ts'
import { ingestSession } from '../../src/flows/ingest-session.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { type HandedSession, readHanded } from '../../src/model/handed-session.ts'
import { Problem } from '../../src/model/problem.ts'
import { exportText, steps } from '../golden/export-text.ts'
import { sourceOf, temporaryHouse } from '../golden/people.ts'

const at = (day: number, hour: number, minute = 0) => new Date(Date.UTC(2024, 0, day, hour, minute)).toISOString()
const info = (sessionId: string, day: number, hour: number, hours: number, dataSource: string) => ({
  sessionInfo: { sessionId, startTime: at(day, hour), endTime: at(day, hour + hours), dataSource },
})
const stepped = (day: number, hour: number, values: readonly number[]) => ({
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
  { ...info('a', 20, 8, 2, 'Apple Watch'), ...stepped(20, 8, [100, 200, 50]), ...hearts(20, 8, 40) },
  { ...info('b', 20, 8, 1, 'iPhone'), ...stepped(20, 8, [80, 220, 70, 90]) },
  { ...info('c', 20, 8, 3, 'Apple Watch'), ...stepped(20, 8, [100, 200, 50, 40]) },
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

/** What a phone said of each before it was corrected. */
const drafts = sessions.map((session, at) =>
  readHanded({ ...info(session.sessionId, 20, 7 + at, 1, session.dataSource), ...hearts(20, 7 + at, 5) }),
)

/** What the same phone and another watch say in a file. */
const file = exportText([steps('phone', '2024-01-20', '08:10', '08:30', 500), steps('watch', '2024-01-22', '10:00', '10:30', 900)])

type House = Awaited<ReturnType<typeof temporaryHouse>>

const operations = {
  send: (house: House, userId: string, which: number) => put(house, userId, sessions[which]),
  draft: (house: House, userId: string, which: number) => put(house, userId, drafts[which]),
  delete: (house: House, userId: string, which: number) =>
    deleteSession(house, userId, sessions[which]?.sessionId ?? '').catch(ignoreAbsent),
  analyse: (house: House, userId: string) => analyseDirtyDays(house, userId),
  import: (house: House, userId: string) => importFile(house, { userId, fileName: 'x', source: sourceOf(file), zone: 'UTC' }),
} as const
type Step = { readonly op: keyof typeof operations; readonly which: number }

/** New, or in place of what stands. */
async function put(house: House, userId: string, session: HandedSession | undefined): Promise<void> {
  if (session === undefined) throw new Error('No such session')
  const stored = await house.documents.get(`users/${userId}/healthSessions/${session.sessionId}`)
  const replace = stored && { replace: { ifVersion: stored.version } }
  await ingestSession(house, { userId, session, handling: 'lenient', restore: true, ...replace })
}

test('172: order, repetition, corrections, deletions and a file in between never change the days that come of it', {
  timeout: 60_000,
}, async () => {
  await using house = await temporaryHouse()
  let people = 0

  async function daysAfter(given: readonly Step[]) {
    const userId = `p${++people}`
    await house.documents.batch([{ op: 'put', path: `users/${userId}`, body: newUser(house, 'UTC') }])
    for (const { op, which } of given) await operations[op](house, userId, which)
    await analyseDirtyDays(house, userId)
    const days = await daysBetween(house, userId, '2024-01-01', '2024-02-01')
    // A day of which everything was deleted is as one that never was.
    return days.flatMap(({ body: { userId: _, revision: __, inputHash: ___, madeAt: ____, ...day } }) =>
      Object.keys(day.provenance).length > 0 ? [day] : [],
    )
  }

  const all = sessions.map((_, which): Step => ({ op: 'send', which }))
  const imported: Step = { op: 'import', which: 0 }
  const expected = [await daysAfter([...all, imported]), await daysAfter([...all.slice(0, 3), imported]), await daysAfter([imported])]
  expect(expected.map(({ length }) => length)).toEqual([3, 2, 2])
  const op = fc.constantFrom(...(Object.keys(operations) as Step['op'][]))
  const noise = fc.array(fc.record({ op, which: fc.nat(4) }), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(
      noise,
      fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }),
      fc.constantFrom(5, 3, 0),
      fc.nat(5),
      async (before, order, kept, at) => {
        const end = order.map((which): Step => ({ op: which < kept ? 'send' : 'delete', which }))
        expect(await daysAfter([...before, ...end.toSpliced(at, 0, imported)])).toEqual(expected[kept === 5 ? 0 : kept === 3 ? 1 : 2])
      },
    ),
    { numRuns: 40 },
  )
})

function ignoreAbsent(error: unknown): void {
  if (!(error instanceof Problem && error.code === 'not_found')) throw error
}
