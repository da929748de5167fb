import { expect, test } from 'vitest'
import { importFile } from '../../src/flows/import-file.ts'
import { Problem } from '../../src/model/problem.ts'
import { StoredSession } from '../../src/model/session.ts'
import { temporaryHouse } from '../golden/people.ts'
import { element, exportOf, heartRates, record } from './export-text.ts'
import { sourceOf } from './reading.ts'
import { zipOf } from './zip-bytes.ts'

type House = Awaited<ReturnType<typeof temporaryHouse>>

const importOf = (house: House, content: string | Uint8Array) =>
  importFile(house, { userId: 'kim', fileName: 'export.zip', source: sourceOf(content) })

async function sessionsOf({ documents }: House) {
  const { data } = await documents.list<StoredSession>({ collection: 'healthSessions', limit: 500 })
  return data.map(({ body }) => body)
}

async function isEmpty({ documents, blobs }: House): Promise<boolean> {
  for await (const _ of blobs.list('')) return false
  const lists = await Promise.all(
    ['users', 'imports', 'healthSessions', 'jobs'].map((collection) => documents.list({ collection, limit: 1 })),
  )
  return lists.every(({ data }) => data.length === 0)
}

const xml = exportOf(heartRates(20))

test.each([
  ['59', 'not_a_zip', Buffer.from('nothing of the kind')],
  ['60', 'archive_corrupt', zipOf([{ name: 'export.xml', content: xml }]).subarray(0, 300)],
  ['61', 'nested_archive', zipOf([{ name: 'a.zip', content: zipOf([{ name: 'export.xml', content: xml }]) }])],
  [
    '62',
    'archive_overlap',
    zipOf([
      { name: 'a', content: xml },
      { name: 'b', content: xml, says: { at: 0 } },
    ]),
  ],
  ['63', 'archive_too_large', zipOf([{ name: 'export.xml', content: Buffer.alloc(17_000_000) }])],
  [
    '65',
    'unsafe_path',
    zipOf([
      { name: 'export.xml', content: xml },
      { name: '../../etc/cron.d/x', content: 'x' },
    ]),
  ],
  ['67', 'archive_encrypted', zipOf([{ name: 'export.xml', content: xml, flags: 1 }])],
  [
    '68',
    'ambiguous_entry',
    zipOf([
      { name: 'export.xml', content: xml },
      { name: 'export.xml', content: xml },
    ]),
  ],
  ['69', 'archive_corrupt', zipOf([{ name: 'export.xml', content: xml, says: { crc: 7 } }])],
  ['73', 'xml_entity_forbidden', Buffer.from(`<!DOCTYPE HealthData [<!ENTITY x SYSTEM "file:///etc/passwd">]>${exportOf('', '')}`)],
  ['79', 'xml_limits', Buffer.from(exportOf('<a>'.repeat(100)))],
  ['80', 'invalid_encoding', Buffer.from(exportOf('', '<?xml version="1.0" encoding="ISO-8859-1"?>'))],
])('%s: an import that is refused (%s) leaves nothing behind', async (_, code, content) => {
  await using house = await temporaryHouse()
  const refused = await importOf(house, content).catch((error: unknown) => error)
  expect(refused instanceof Problem && refused.code).toBe(code)
  expect(await isEmpty(house)).toBe(true)
})

test('77 and 78: an import that breaks off is partial, and the whole file later adds only what was missing', async () => {
  await using house = await temporaryHouse()
  const text = exportOf(heartRates(100))
  const cut = await importOf(house, text.slice(0, Math.floor(text.length * 0.9)))
  expect(cut.report.accepted).toBeGreaterThanOrEqual(88)
  const { data } = await house.documents.list<{ status: string }>({ collection: 'imports', limit: 5 })
  expect(data.map(({ body }) => body.status)).toEqual(['partial'])
  const { report } = await importOf(house, text)
  expect(report).toMatchObject({ received: 100, duplicate: cut.report.accepted, accepted: 100 - cut.report.accepted })
})

test('81 and 82: what cannot be understood is counted in the report and kept in its session', async () => {
  await using house = await temporaryHouse()
  const strange =
    record({ type: 'HKQuantityTypeIdentifierTelepathy', unit: 'x', value: '1' }) +
    record({ unit: 'parsec' }) +
    element('Audiogram', { type: 'x' })
  const { report } = await importOf(house, exportOf(strange + heartRates(3)))
  expect(report).toMatchObject({ received: 6, accepted: 4, quarantined: 2, rejected: 0 })
  expect(Object.fromEntries(report.problems.map(({ code, count }) => [code, count]))).toEqual({
    unmapped_type: 1,
    unit_unknown: 1,
    unmapped_element: 1,
  })
  expect((await sessionsOf(house)).map(({ quality }) => quality)).toMatchObject([
    { verdict: 'quarantine', quarantined: { unit_unknown: 1 } },
  ])
})

test('134: times at either end of the calendar are kept as sessions that can be read back', async () => {
  await using house = await temporaryHouse()
  const times = [
    '1900-01-01 00:00:00 +1400',
    '0001-01-01 00:00:00 +0000',
    '1850-06-01 12:00:00 +0000',
    '9999-12-31 23:59:59 -1200',
    '2200-12-31 23:59:59 -1200',
  ]
  const { report } = await importOf(house, exportOf(times.map((at) => record({ at })).join('') + heartRates(1)))
  expect(report).toMatchObject({ received: 6, accepted: 1 })
  expect(report).toMatchObject({ quarantined: 2, rejected: 3 })
  for (const session of await sessionsOf(house)) expect(StoredSession.safeParse(session).error?.message).toBe(undefined)
})

test('139 and 141: a session of one instant and one of a sample of 24 hours and a second are documents as they must be', async () => {
  await using house = await temporaryHouse()
  const long = record({ sourceName: 'Long', startDate: '2024-01-18 12:00:00 +0000', endDate: '2024-01-19 12:00:01 +0000' })
  expect((await importOf(house, exportOf(record() + long))).report).toMatchObject({ received: 2, accepted: 2, sessions: 2 })
  for (const session of await sessionsOf(house)) expect(StoredSession.safeParse(session).error?.message).toBe(undefined)
})
