import { parquetReadObjects } from 'hyparquet'
import { expect, test } from 'vitest'
import { exportText, type RecordOf, steps } from '../../test/golden/export-text.ts'
import { sourceOf, temporaryHouse } from '../../test/golden/people.ts'
import { readSamples } from '../columns/parquet-reader.ts'
import type { SessionDraft } from '../importers/importer.ts'
import { findImporter } from '../importers/registry.ts'
import { Problem } from '../model/problem.ts'
import type { StoredSession } from '../model/session.ts'
import { findStrays } from './find-strays.ts'
import { keepSessions } from './keep-sessions.ts'
import type { Kept } from './plan-session.ts'
import type { FileDeps } from './session-files.ts'
import { sessionFile } from './session-samples.ts'

const date = '2024-06-12'
const morning = steps('phone', date, '08:00', '09:00', 1200)
const evening = steps('phone', date, '18:00', '19:00', 800)

type House = Awaited<ReturnType<typeof temporaryHouse>>

async function draftsOf(house: House, records: readonly RecordOf[]): Promise<SessionDraft[]> {
  const source = sourceOf(exportText(records))
  const importer = await findImporter(source)
  const reading = await importer.read(source, { scratch: house.scratch, nowMs: Date.parse('2024-12-01'), profileZone: 'America/New_York' })
  const drafts = Array.from(reading.drafts(), (draft) => structuredClone(draft))
  reading.close()
  return drafts
}

async function keepAll(deps: FileDeps, drafts: readonly SessionDraft[]): Promise<Kept[]> {
  const kept: Kept[] = []
  for await (const step of keepSessions(deps, { userId: 'robin' }, drafts, () => [])) kept.push(...step)
  return kept
}

const keep = async (deps: FileDeps & { readonly house: House }, records: readonly RecordOf[]) =>
  keepAll(deps, await draftsOf(deps.house, records))

async function samplesOf({ blobs }: House, session: StoredSession | undefined) {
  if (session?.samples === undefined) throw new Error('The session has samples')
  return readSamples(await sessionFile(blobs, session.samples))
}

async function sessionsOf({ documents }: House) {
  const page = await documents.list<StoredSession>({ collection: 'healthSessions', parent: 'users/robin', limit: 100 })
  return page.data.map(({ body }) => body)
}

async function keysOf({ blobs }: House): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of blobs.list('')) keys.push(key)
  return keys
}

test('late samples join their session, and its old object goes', async () => {
  await using house = await temporaryHouse()
  const deps = { ...house, house }
  await keep(deps, [morning])
  const [before] = await sessionsOf(house)
  const [kept] = await keep(deps, [morning, evening])
  expect(kept).toMatchObject({ isNewSession: false, changed: true, counts: { accepted: 1, duplicate: 1 } })
  const [after, ...others] = await sessionsOf(house)
  expect(others).toEqual([])
  expect(after).toMatchObject({ revision: 2, localDate: date, activity: { steps: { total: 2000 } }, samples: { rows: 2 } })
  expect(after?.sessionInfo.sessionId).toBe(before?.sessionInfo.sessionId)
  expect(after?.samples?.key).not.toBe(before?.samples?.key)
  expect(await keysOf(house)).toEqual([after?.samples?.key])
  const table = await samplesOf(house, after)
  expect([...table.numbers.value]).toEqual([1200, 800])
})

test('samples that are known already write nothing', async () => {
  await using house = await temporaryHouse()
  const deps = { ...house, house }
  await keep(deps, [morning, evening])
  const before = { sessions: await sessionsOf(house), keys: await keysOf(house) }
  let batches = 0
  const counting = {
    ...house.documents,
    batch: (writes: Parameters<House['documents']['batch']>[0]) => house.documents.batch(writes).finally(() => batches++),
  }
  const [kept] = await keep({ ...deps, documents: counting }, [evening])
  expect(kept).toMatchObject({ changed: false, counts: { accepted: 0, duplicate: 1 } })
  expect({ sessions: await sessionsOf(house), keys: await keysOf(house) }).toEqual(before)
  expect(batches).toBe(0)
})

test('when the documents are refused, the session and its old object stay as they were, and the new object goes', async () => {
  await using house = await temporaryHouse()
  const deps = { ...house, house }
  await keep(deps, [morning])
  const before = await sessionsOf(house)
  const refusing = { ...house.documents, batch: () => Promise.reject(new Problem('storage_full', 'No space')) }
  await expect(keep({ ...deps, documents: refusing }, [evening])).rejects.toMatchObject({ code: 'storage_full' })
  expect(await sessionsOf(house)).toEqual(before)
  expect(await keysOf(house)).toEqual([before[0]?.samples?.key])
  await keep(deps, [evening])
  const [after] = await sessionsOf(house)
  expect(after).toMatchObject({ revision: 2, samples: { rows: 2 } })
  expect(await keysOf(house)).toEqual([after?.samples?.key])
})

test('a later version of a sample takes the place of the one before', async () => {
  const version = (value: number, number: string): RecordOf => ({
    ...steps('phone', date, '08:00', '09:00', value),
    metadata: { HKMetadataKeySyncIdentifier: 'walk', HKMetadataKeySyncVersion: number },
  })
  await using house = await temporaryHouse()
  const deps = { ...house, house }
  await keep(deps, [version(1200, '1')])
  await keep(deps, [version(900, '2')])
  expect(await sessionsOf(house)).toMatchObject([{ revision: 2, activity: { steps: { total: 900 } } }])
  const [kept] = await keep(deps, [version(1200, '1')])
  expect(kept).toMatchObject({ changed: false })
})

test('the rings of a date are those of its fullest summary, in whatever order they come', async () => {
  const rings = (kcal: number) =>
    ` <ActivitySummary dateComponents="${date}" activeEnergyBurned="${kcal}" activeEnergyBurnedUnit="Cal" appleExerciseTime="${kcal / 10}" appleStandHours="8"/>`
  const drafts = async (house: House, ...texts: string[]) => {
    const source = sourceOf(exportText([]).replace('</HealthData>', `${texts.join('\n')}\n</HealthData>`))
    const reading = await (await findImporter(source)).read(source, { scratch: house.scratch, nowMs: Date.parse('2024-12-01') })
    const found = Array.from(reading.drafts(), (draft) => structuredClone(draft))
    reading.close()
    return found
  }
  for (const order of [
    [300, 500],
    [500, 300],
  ]) {
    await using house = await temporaryHouse()
    for (const kcal of order) await keepAll(house, await drafts(house, rings(kcal)))
    expect(await sessionsOf(house)).toMatchObject([{ summary: { date, activeEnergyKcal: 500, exerciseMinutes: 50, standHours: 8 } }])
  }
})

test('of two imports at once that make the same revision one fails, and the other’s samples are what its document names', async () => {
  await using house = await temporaryHouse()
  const deps = { ...house, house }
  await keep(deps, [morning])
  const late = await draftsOf(house, [morning, evening])
  const other = await draftsOf(house, [morning, steps('phone', date, '12:00', '13:00', 500)])
  // The second has read and written its object before the first is done: its batch then finds another version.
  const slow = {
    ...house,
    blobs: {
      ...house.blobs,
      putAll: async (objects: Parameters<House['blobs']['putAll']>[0]) => {
        const stored = await house.blobs.putAll(objects)
        await keepAll(house, other)
        return stored
      },
    },
  }
  await expect(keepAll(slow, late)).rejects.toMatchObject({ code: 'conflict' })
  const [session] = await sessionsOf(house)
  expect(session).toMatchObject({ revision: 2, activity: { steps: { total: 1700 } } })
  const table = await samplesOf(house, session)
  expect([...table.numbers.value].toSorted((a, b) => a - b)).toEqual([500, 1200])
})

test('a session whose object is lost is made again from the next import that holds it', async () => {
  await using house = await temporaryHouse()
  const deps = { ...house, house }
  await keep(deps, [morning, evening])
  const [lost] = await sessionsOf(house)
  await house.blobs.delete(lost?.samples?.key ?? '')
  const [kept] = await keep(deps, [morning, evening])
  expect(kept).toMatchObject({ changed: true, isRebuilt: true, counts: { accepted: 2, duplicate: 0 } })
  const [session] = await sessionsOf(house)
  expect(session).toMatchObject({ revision: 2, activity: { steps: { total: 2000 } } })
  expect(await house.blobs.head(session?.samples?.key ?? '')).toBeDefined()
})

const nextMorning = steps('phone', '2024-06-13', '08:00', '09:00', 700)
const july = steps('phone', '2024-07-01', '08:00', '09:00', 300)

test('sessions of a month share an object, each in a part of it that is a whole file', async () => {
  await using house = await temporaryHouse()
  await keep({ ...house, house }, [morning, nextMorning, july])
  const sessions = await sessionsOf(house)
  const [one, other, alone] = sessions.map(({ samples }) => samples)
  expect(one?.key).toBe(other?.key)
  expect(other?.offset).toBe(one?.length)
  expect(alone?.key).not.toBe(one?.key)
  expect(alone).not.toHaveProperty('offset')
  for (const [at, value] of [1200, 700, 300].entries()) expect([...(await samplesOf(house, sessions[at])).numbers.value]).toEqual([value])
})

test('the object of a month is one Parquet file, each row with its date and source', async () => {
  await using house = await temporaryHouse()
  await keep({ ...house, house }, [morning, evening, nextMorning])
  const [key = ''] = await keysOf(house)
  const { buffer } = await house.blobs.get(key)
  const rows = await parquetReadObjects({ file: buffer as ArrayBuffer, columns: ['date', 'source', 'value'] })
  const source = (await sessionsOf(house))[0]?.source.id
  expect(rows).toEqual([
    { date: new Date('2024-06-12'), source, value: 1200 },
    { date: new Date('2024-06-12'), source, value: 800 },
    { date: new Date('2024-06-13'), source, value: 700 },
  ])
})

test('late samples take the neighbours of their session along into a new object, and nothing is left of the old', async () => {
  await using house = await temporaryHouse()
  const deps = { ...house, house }
  await keep(deps, [morning, nextMorning, steps('phone', '2024-06-14', '08:00', '09:00', 600)])
  const before = await sessionsOf(house)
  await keep(deps, [evening])
  const after = await sessionsOf(house)
  expect(after.map(({ revision }) => revision)).toEqual([2, 1, 1])
  expect(await keysOf(house)).toEqual([after[0]?.samples?.key])
  expect(after[0]?.samples?.key).not.toBe(before[0]?.samples?.key)
  expect(after.map(({ samples }) => samples?.key)).toEqual(Array(3).fill(after[0]?.samples?.key))
  expect(after.map(({ samples }) => samples?.sha256).slice(1)).toEqual(before.map(({ samples }) => samples?.sha256).slice(1))
  for (const [at, values] of [[1200, 800], [700], [600]].entries())
    expect([...(await samplesOf(house, after[at])).numbers.value]).toEqual(values)
  expect(await findStrays(house, false)).toMatchObject({ sessions: 3, missing: [], damaged: [], strays: 0 })
})

test('a neighbour that another writer changes meanwhile stays as that writer left it', async () => {
  await using house = await temporaryHouse()
  const deps = { ...house, house }
  await keep(deps, [morning, nextMorning])
  let isFirst = true
  const slow = {
    ...house,
    blobs: {
      ...house.blobs,
      putAll: async (objects: Parameters<House['blobs']['putAll']>[0]) => {
        const stored = await house.blobs.putAll(objects)
        if (isFirst) {
          isFirst = false
          await keep(deps, [steps('phone', '2024-06-13', '10:00', '11:00', 50)])
        }
        return stored
      },
    },
  }
  await expect(keepAll(slow, await draftsOf(house, [evening]))).rejects.toMatchObject({ code: 'conflict' })
  const sessions = await sessionsOf(house)
  expect(sessions.map(({ revision }) => revision)).toEqual([1, 2])
  expect([...(await samplesOf(house, sessions[0])).numbers.value]).toEqual([1200])
  expect([...(await samplesOf(house, sessions[1])).numbers.value]).toEqual([700, 50])
})
