import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { api } from '../../src/api/api.ts'
import { analyseDirtyDays } from '../../src/flows/analyse-days.ts'
import { deleteSession } from '../../src/flows/delete-session.ts'
import { exportPerson } from '../../src/flows/export-person.ts'
import { importFile } from '../../src/flows/import-file.ts'
import { ingestSession } from '../../src/flows/ingest-session.ts'
import { runLifecycle } from '../../src/flows/run-lifecycle.ts'
import { drainOutbox } from '../../src/flows/warehouse-outbox.ts'
import { handlers } from '../../src/http/handlers.ts'
import { readHanded } from '../../src/model/handed-session.ts'
import { ExportManifest } from '../../src/model/person-export.ts'
import { everyDate } from '../../src/model/user-analytics.ts'
import { live, person, sessionOf } from '../erasure/life.ts'
import { imported, synthetic, temporaryHouse } from '../golden/people.ts'
import { asking } from '../http/asking.ts'
import { linesIn, unzipped } from './unzipped.ts'

const here = await temporaryHouse()
const there = await temporaryHouse()
afterAll(() => Promise.all([here[Symbol.asyncDispose](), there[Symbol.asyncDispose]()]))

let files: Map<string, Buffer>
beforeAll(async () => {
  await live(here, { isOld: false })
  await withHistory()
  files = await unzipped(await exportPerson(here, person))
})

/** A session that was deleted and one that was replaced, a day that was made again; without what only stands in a place and is nothing. */
async function withHistory(): Promise<void> {
  const hand = (sessionId: string, hour: number, replace?: { ifVersion: number }) =>
    ingestSession(here, {
      userId: person,
      session: readHanded(sessionOf(sessionId, hour)),
      handling: undefined,
      ...(replace && { replace }),
    })
  await hand('gone', 5)
  await deleteSession(here, person, 'gone')
  const { version } = await hand('changed', 6)
  await hand('changed', 7, { ifVersion: version })
  await analyseDirtyDays(here, person)
  const hollow = ['healthSessions/handed_0/revisions/1', 'dayRevisions/r1', 'insightRevisions/r1', 'changes/shift_steps_20241110']
  await here.documents.batch(hollow.map((path) => ({ op: 'delete', path: `users/${person}/${path}` })))
}

function bytesOf(content: Buffer) {
  return { length: content.length, read: async (from: number, to: number) => content.subarray(from, to) }
}

/** SHA-256 of each file in words that are the same for whoever it is; without what speaks of the export itself and what stays with the house that it was said to. */
function printsOf(all: ReadonlyMap<string, Buffer>, userId: string): Record<string, string> {
  const own = /^(?:README|manifest|consents|permissions|jobs|access)/
  const names = [...all.keys()].filter((name) => !own.test(name)).sort()
  const told = (name: string) =>
    name.endsWith('json')
      ? String(all.get(name))
          .replaceAll(`"userId":"${userId}"`, '"userId":"ID"')
          .replaceAll(`uploads/${userId}/`, 'uploads/ID/')
          .replaceAll(`samples/${userId}/`, 'samples/ID/')
      : (all.get(name) ?? '')
  return Object.fromEntries(names.map((name) => [name, createHash('sha256').update(told(name)).digest('hex')]))
}

describe('an export', () => {
  test('says of each of its files its length and SHA-256, and of each collection how many there are', () => {
    const manifest = ExportManifest.parse(JSON.parse(String(files.get('manifest.json'))))
    expect(manifest.files.map(({ name }) => name)).toEqual([...files.keys()].filter((name) => name !== 'manifest.json'))
    for (const { name, bytes, sha256 } of manifest.files) {
      const content = files.get(name) ?? Buffer.alloc(0)
      expect([name, content.length, createHash('sha256').update(content).digest('hex')]).toEqual([name, bytes, sha256])
    }
    for (const [collection, count] of Object.entries(manifest.counts))
      expect([collection, linesIn(files, `store/${collection}.ndjson`).length]).toEqual([collection, count])
  })

  test('has each session as the API tells it with its samples', async () => {
    const ask = asking({ api, handlers, deps: here }, here)
    const told = [...files.keys()].filter((name) => name.startsWith('sessions/')).flatMap((name) => linesIn(files, name)) as {
      sessionInfo: { sessionId: string }
    }[]
    expect(told.length).toBeGreaterThan(20)
    for (const session of told) {
      const { body } = await ask(person, `GET /v1/users/${person}/sessions/${session.sessionInfo.sessionId}?samples=true`)
      expect(session).toEqual(body)
    }
    expect((await ask(person, `GET /v1/users/${person}/sessions?limit=1000`)).body.data).toHaveLength(told.length)
  })

  test('has what the person sent byte for byte, and their consents, permissions, days and insights', async () => {
    const originals = [...files.keys()].filter((name) => name.startsWith('originals/'))
    expect(originals).toHaveLength(1)
    const [record] = linesIn(files, 'imports.ndjson') as { original: string; sha256: string }[]
    expect(
      createHash('sha256')
        .update(files.get(originals[0] ?? '') ?? '')
        .digest('hex'),
    ).toBe(record?.sha256)
    expect(linesIn(files, 'consents.ndjson')).toHaveLength(3)
    expect(linesIn(files, 'permissions.ndjson')).toHaveLength(1)
    expect(linesIn(files, 'days.ndjson').length).toBeGreaterThan(7)
    expect(linesIn(files, 'insights.ndjson').length).toBeGreaterThan(5)
    for (const name of ['store/sessionRevisions', 'day-revisions', 'insight-revisions'])
      expect(linesIn(files, `${name}.ndjson`).length, name).toBeGreaterThan(0)
    expect(JSON.parse(String(files.get('profile.json')))).toMatchObject({ healthProfile: { medications: ['zeisig-of-robin'] } })
  })
})

describe('brought back', () => {
  test('elsewhere and under another id it is equal to what it was, and brought back twice it adds nothing', async () => {
    const { report, isNewUser } = await importFile(there, {
      userId: 'elsewhere',
      fileName: 'export.zip',
      source: bytesOf(await zipOf(here, person)),
    })
    expect([report.format, isNewUser]).toEqual(['clarity-export', true])
    expect(report.received).toBe(report.accepted + report.quarantined)
    const again = await unzipped(await exportPerson(there, 'elsewhere'))
    expect(printsOf(again, 'elsewhere')).toEqual(printsOf(files, person))
    const second = await importFile(there, { userId: 'elsewhere', fileName: 'export.zip', source: bytesOf(await zipOf(here, person)) })
    expect(second.report).toMatchObject({ accepted: 0, sessions: 0, days: 0, duplicate: report.received })
    expect(printsOf(await unzipped(await exportPerson(there, 'elsewhere')), 'elsewhere')).toEqual(printsOf(files, person))
  })

  test.each([11, 12, 13])('so is a person invented with the seed %i', async (seed) => {
    await using from = await temporaryHouse()
    await imported(from, synthetic({ seed, lastDate: '2024-11-15', days: 3 + (seed % 4) }).source, 'America/New_York')
    const userId = `seed_${seed}`
    await importFile(there, { userId, fileName: 'export.zip', source: bytesOf(await zipOf(from, person)) })
    const before = await unzipped(await exportPerson(from, person))
    expect(printsOf(await unzipped(await exportPerson(there, userId)), userId)).toEqual(printsOf(before, person))
  })

  test('so is who has years in the archive, and what was archived there is hot here', async () => {
    const from = await temporaryHouse()
    const lived = { ...from, clock: { nowMs: () => Date.parse('2024-12-01T00:00:00Z') } }
    await imported(lived, synthetic({ seed: 21, lastDate: '2024-11-03', days: 6 }).source, 'America/New_York')
    const before = await told(from, person)
    const aged = await runLifecycle(from, { atMs: Date.parse('2027-01-01T00:00:00Z'), isSure: true })
    expect(aged.kinds.rawData.archived).toBeGreaterThan(10)
    const archived = await unzipped(await exportPerson(from, person))
    expect([...archived.keys()]).toContainEqual(expect.stringContaining('sessions/archived/rawData_2024-11'))
    expect(await told(from, person)).toEqual(before)
    await importFile(there, { userId: 'aged', fileName: 'export.zip', source: bytesOf(await zipOf(from, person)) })
    expect((await told(there, 'aged')).map((text) => text.replaceAll('"userId":"aged"', `"userId":"${person}"`))).toEqual(before)
    await from[Symbol.asyncDispose]()
  })

  test('its rows reach the analytics tables, and what was agreed to with another house does not come along', async () => {
    await drainOutbox(there)
    const rows = await there.warehouse.analytics({ userId: 'elsewhere', ...everyDate })
    expect(rows).toHaveLength(linesIn(files, 'days.ndjson').length)
    const found = await unzipped(await exportPerson(there, 'elsewhere'))
    expect([linesIn(found, 'consents.ndjson'), linesIn(found, 'permissions.ndjson')]).toEqual([[], []])
  })

  test('a session that was deleted stays deleted', async () => {
    const late = ingestSession(there, { userId: 'elsewhere', session: readHanded(sessionOf('gone', 5)), handling: undefined })
    await expect(late).rejects.toMatchObject({ code: 'deleted' })
  })

  test('damaged anywhere it is refused', async () => {
    const zip = await zipOf(here, person)
    const places = Array.from({ length: 24 }, (_, n) => Math.floor(((n + 0.5) * zip.length) / 24))
    for (const at of places) {
      const damaged = Buffer.from(zip)
      damaged[at] = (damaged[at] ?? 0) ^ 0x10
      const userId = `damaged_${at}`
      const outcome = await importFile(there, { userId, fileName: 'x.zip', source: bytesOf(damaged) }).then(
        ({ report }) => report,
        (error) => error.code,
      )
      // A flipped bit in a file that is for people only is none of the importer's.
      if (typeof outcome === 'string') expect(['archive_corrupt', 'invalid', 'not_recognised', 'malformed_json']).toContain(outcome)
      else expect(outcome.received).toBeGreaterThan(0)
    }
  })

  test('a forged one cannot name the objects of somebody else', async () => {
    const { zipArchive } = await import('../../src/adapters/archive/zip.ts')
    const forged = forgedWith(files, (text) =>
      text.replaceAll(`samples/${person}/`, 'samples/victim/').replaceAll('"inline":', '"ignored":'),
    )
    const packed: { name: string; bytes: number; sha256: string }[] = []
    async function* entries() {
      for (const [name, content] of forged) if (name !== 'manifest.json') yield { name, content: chunk(content) }
      const manifest = { ...JSON.parse(String(files.get('manifest.json'))), files: packed }
      yield { name: 'manifest.json', content: chunk(Buffer.from(JSON.stringify(manifest))) }
    }
    const zip: Uint8Array[] = []
    for await (const piece of zipArchive.pack(entries(), new Date(0), (file) => packed.push(file))) zip.push(piece)
    const source = bytesOf(Buffer.concat(zip))
    await expect(importFile(there, { userId: 'forger', fileName: 'x.zip', source })).rejects.toMatchObject({ code: 'invalid' })
  })
})

function forgedWith(all: ReadonlyMap<string, Buffer>, change: (text: string) => string): [string, Buffer][] {
  return [...all].map(([name, content]) => [name, name.startsWith('store/healthSessions') ? Buffer.from(change(String(content))) : content])
}

/** Every session as it is told, in order, whichever file it stands in. */
async function told(house: typeof here, userId: string): Promise<string[]> {
  const all = await unzipped(await exportPerson(house, userId))
  const names = [...all.keys()].filter((name) => name.startsWith('sessions/'))
  return names.flatMap((name) => linesIn(all, name).map((line) => JSON.stringify(line))).sort()
}

async function* chunk(content: Buffer) {
  yield content
}

async function zipOf(house: typeof here, userId: string): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const piece of await exportPerson(house, userId)) chunks.push(piece)
  return Buffer.concat(chunks)
}
