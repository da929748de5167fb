import { expect, test } from 'vitest'
import { exportText, type RecordOf, steps } from '../../test/golden/export-text.ts'
import { sourceOf, temporaryHouse } from '../../test/golden/people.ts'
import { readSamples } from '../columns/parquet-reader.ts'
import type { SessionDraft } from '../importers/importer.ts'
import { findImporter } from '../importers/registry.ts'
import type { StoredSession } from '../model/session.ts'
import { copied, type KeepDeps, keepSessions } from './keep-sessions.ts'

const date = '2024-06-12'
const morning = steps('phone', date, '08:00', '09:00', 1200)
const evening = steps('phone', date, '18:00', '19:00', 800)

type House = Awaited<ReturnType<typeof temporaryHouse>>

async function draftsOf(house: House, records: readonly RecordOf[]): Promise<SessionDraft[]> {
  const source = sourceOf(exportText(records))
  const importer = await findImporter(source)
  const reading = await importer.read(source, { scratch: house.scratch, nowMs: Date.parse('2024-12-01'), profileZone: 'America/New_York' })
  const drafts = [...reading.drafts()]
  reading.close()
  return drafts
}

const keep = async (deps: KeepDeps & { readonly house: House }, records: readonly RecordOf[]) =>
  keepSessions(deps, { userId: 'robin' }, await draftsOf(deps.house, records), () => [])

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
  expect(kept).toMatchObject({ isNewSession: false, changed: true, added: Uint8Array.of(0, 1) })
  const [after, ...others] = await sessionsOf(house)
  expect(others).toEqual([])
  expect(after).toMatchObject({ revision: 2, localDate: date, activity: { steps: { total: 2000 } }, samples: { rows: 2 } })
  expect(after?.sessionInfo.sessionId).toBe(before?.sessionInfo.sessionId)
  expect(after?.samples?.key).not.toBe(before?.samples?.key)
  expect(await keysOf(house)).toEqual([after?.samples?.key])
  const table = await readSamples(copied(await house.blobs.get(after?.samples?.key ?? '')))
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
  expect(kept).toMatchObject({ changed: false, added: Uint8Array.of(0) })
  expect({ sessions: await sessionsOf(house), keys: await keysOf(house) }).toEqual(before)
  expect(batches).toBe(0)
})

test('when the documents cannot be written, the session and its old object stay as they were', async () => {
  await using house = await temporaryHouse()
  const deps = { ...house, house }
  await keep(deps, [morning])
  const before = await sessionsOf(house)
  const refusing = { ...house.documents, batch: () => Promise.reject(new Error('refused')) }
  await expect(keep({ ...deps, documents: refusing }, [evening])).rejects.toThrow('refused')
  expect(await sessionsOf(house)).toEqual(before)
  expect(await keysOf(house)).toContain(before[0]?.samples?.key)
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
    const found = [...reading.drafts()]
    reading.close()
    return found
  }
  for (const order of [
    [300, 500],
    [500, 300],
  ]) {
    await using house = await temporaryHouse()
    for (const kcal of order) await keepSessions(house, { userId: 'robin' }, await drafts(house, rings(kcal)), () => [])
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
        await keepSessions(house, { userId: 'robin' }, other, () => [])
        return stored
      },
    },
  }
  await expect(keepSessions(slow, { userId: 'robin' }, late, () => [])).rejects.toMatchObject({ code: 'conflict' })
  const [session] = await sessionsOf(house)
  expect(session).toMatchObject({ revision: 2, activity: { steps: { total: 1700 } } })
  const table = await readSamples(copied(await house.blobs.get(session?.samples?.key ?? '')))
  expect([...table.numbers.value].toSorted((a, b) => a - b)).toEqual([500, 1200])
})

test('a session whose object is lost is made again from the next import that holds it', async () => {
  await using house = await temporaryHouse()
  const deps = { ...house, house }
  await keep(deps, [morning, evening])
  const [lost] = await sessionsOf(house)
  await house.blobs.delete(lost?.samples?.key ?? '')
  const [kept] = await keep(deps, [morning, evening])
  expect(kept).toMatchObject({ changed: true, isRebuilt: true, added: Uint8Array.of(1, 1) })
  const [session] = await sessionsOf(house)
  expect(session).toMatchObject({ revision: 2, activity: { steps: { total: 2000 } } })
  expect(await house.blobs.head(session?.samples?.key ?? '')).toBeDefined()
})
