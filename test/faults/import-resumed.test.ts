import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openFileSource } from '../../src/app/file-source.ts'
import { type House, openHouse } from '../../src/app/house.ts'
import { endAbandonedImports } from '../../src/flows/end-imports.ts'
import { type ImportResult, importFile } from '../../src/flows/import-file.ts'
import type { ImportRecord } from '../../src/model/import.ts'
import { run } from '../e2e/cli.ts'
import { seeded } from './dice.ts'

const writer = join(import.meta.dirname, 'import-writer.ts')
const shared = mkdtempSync(join(tmpdir(), 'clarity-resumed-'))
const file = join(shared, 'export.zip')
let hits = 0
let whole: object
let folder = ''

beforeAll(() => {
  expect(run('cli', ['synth', '--to', file, '--days', '36', '--last', '2024-11-15']).code).toBe(0)
  hits = Number(/^hits (\d+)$/m.exec(killed(join(shared, 'whole'), 0).stdout)?.[1])
  whole = reported(join(shared, 'counted'))
})
afterAll(() => rmSync(shared, { recursive: true }))
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clarity-resumed-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Imports as the command does, and is killed at place number `at` of the stores; at 0 by nobody. */
function killed(data: string, at: number) {
  return spawnSync(process.execPath, [writer, data, file, String(at)], { encoding: 'utf8' })
}

/** What the command says of its import, but for what differs from run to run. */
function reported(data: string): object {
  const { code, out, err } = run('cli', ['import', file, '--user', 'robin', '--zone', 'America/New_York', '--json'], { data })
  expect({ code, err }).toMatchObject({ code: 0 })
  const { importId: _, seconds: __, ...counts } = JSON.parse(out)
  return counts
}

async function importsOf(house: House): Promise<ImportRecord[]> {
  const { data } = await house.documents.list<ImportRecord>({ collection: 'imports', parent: 'users/robin', limit: 100 })
  return data.map(({ body }) => body)
}

test('the import that nobody stops has insights and no duplicates of its own', () => {
  expect(hits).toBeGreaterThan(100)
  expect(whole).toMatchObject({ days: 36, insights: 36 })
})

const random = seeded(20_261_125)
const moments = [0.4, 0.65, 0.9].map((share) => share + random() / 20)

test.each(moments)('killed at %f of its way and begun again, an import says the same of the file as if it had not been', async (moment) => {
  expect(killed(folder, Math.ceil(moment * hits)).signal).toBe('SIGKILL')
  expect(reported(folder)).toEqual(whole)
  await using house = await openHouse({ data: folder })
  expect((await importsOf(house)).map(({ status, checkpoint }) => [status, checkpoint])).toEqual([['completed', undefined]])
})

test('killed again and again it still counts each record once', () => {
  for (const part of [0.4, 0.3]) expect(killed(folder, Math.ceil(part * hits)).signal).toBe('SIGKILL')
  expect(reported(folder)).toEqual(whole)
})

test('taken up by another process, an import that is alive after all ends with conflict and changes nothing more', async () => {
  await using house = await openHouse({ data: folder })
  await using source = await openFileSource(file)
  const request = { userId: 'robin', fileName: 'export.zip', source, zone: 'America/New_York' }
  let taken: ImportResult | undefined
  const first = importFile(house, {
    ...request,
    async analyse() {
      taken = await importFile(house, request)
      return 0
    },
  })
  await expect(first).rejects.toMatchObject({ code: 'conflict' })
  const { insights: _, ...counts } = whole as { insights: number }
  expect(taken?.report).toMatchObject(counts)
  expect(await importsOf(house)).toMatchObject([{ status: 'completed', report: { ...taken?.report } }])
})

test('imported once more it is all duplicates, and the record of the first stays', async () => {
  expect(killed(folder, Math.ceil(0.6 * hits)).signal).toBe('SIGKILL')
  const first = reported(folder) as { received: number }
  expect(reported(folder)).toMatchObject({ received: first.received, accepted: 0, days: 0, insights: 0 })
  await using house = await openHouse({ data: folder })
  expect((await importsOf(house)).map(({ status }) => status)).toEqual(['completed', 'completed'])
})

test('one that nobody begins again is ended, and only once it has been silent', async () => {
  expect(killed(folder, Math.ceil(0.6 * hits)).signal).toBe('SIGKILL')
  await using house = await openHouse({ data: folder })
  expect(await endAbandonedImports(house, 60_000)).toBe(0)
  expect(await importsOf(house)).toMatchObject([{ status: 'processing' }])
  expect(await endAbandonedImports(house, 0)).toBe(1)
  expect(await importsOf(house)).toMatchObject([{ status: 'failed', problem: { code: 'unavailable' } }])
  expect(await endAbandonedImports(house, 0)).toBe(0)
})
