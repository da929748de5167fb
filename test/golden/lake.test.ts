import { createHmac, hash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parquetReadObjects } from 'hyparquet'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openFolderLake } from '../../src/adapters/lake/folder.ts'
import { analyseDirtyDays } from '../../src/flows/analyse-days.ts'
import { giveConsent } from '../../src/flows/consents.ts'
import { exportLake, type LakeManifest, type LakeRequest } from '../../src/flows/export-lake.ts'
import { importFile } from '../../src/flows/import-file.ts'
import { everyDate } from '../../src/model/user-analytics.ts'
import type { Lake } from '../../src/ports/lake.ts'
import { expectProblem } from '../contracts/expectations.ts'
import { exportText, steps } from './export-text.ts'
import { sourceOf, synthetic, temporaryHouse } from './people.ts'

let house: Awaited<ReturnType<typeof temporaryHouse>>
let folder = ''
let receipts = 0
beforeEach(async () => {
  house = await temporaryHouse()
  folder = await mkdtemp(join(tmpdir(), 'clarity-lake-'))
})
afterEach(async () => {
  await house[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const pseudonym = (text: string) => createHmac('sha256', 'key').update(text).digest('hex')
const nameOf = (userId: string) => pseudonym(userId).slice(0, 32)
const consent = (userId: string, given: boolean) =>
  giveConsent(house, userId, `r${++receipts}`, { purpose: 'researchParticipation', given, textVersion: '1' })

async function person(userId: string, source = sourceOf(exportText([steps('phone', '2024-05-31', '08:00', '09:00', 700)]))): Promise<void> {
  await importFile(house, { userId, fileName: 'x', source, zone: 'America/New_York' })
  await analyseDirtyDays(house, userId)
}

function exported(request: Partial<LakeRequest> = {}, lake: Lake = openFolderLake(folder)): Promise<LakeManifest> {
  const deps = { ...house, lake, sha256: (bytes: Uint8Array) => hash('sha256', bytes, 'hex'), pseudonym }
  return exportLake(deps, { ...everyDate, shiftDates: false, ...request })
}

async function rowsOf(path: string): Promise<Record<string, unknown>[]> {
  const bytes = await readFile(join(folder, path))
  return parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer })
}

test('days and samples of who consents lie by metric and month under pseudonyms, and of nobody else', async () => {
  for (const userId of ['ada', 'bob', 'eve']) await person(userId)
  await consent('ada', true)
  await consent('bob', true)
  const manifest = await exported()
  expect(manifest).toMatchObject({ format: 'clarity-lake-1', personalData: true, people: 2 })
  expect(manifest.files.map(({ path, rows }) => [path, rows])).toEqual([
    ['days/metric=total_steps/month=2024-05/part-00000.parquet', 2],
    // A walk of 700 steps in an hour is no active minute.
    ['days/metric=active_minutes/month=2024-05/part-00000.parquet', 2],
    ['samples/metric=steps/month=2024-05/part-00000.parquet', 2],
  ])
  const people = [nameOf('ada'), nameOf('bob')].sort()
  expect(await rowsOf('days/metric=total_steps/month=2024-05/part-00000.parquet')).toEqual(
    people.map((each) => ({ person: each, date: new Date('2024-05-31'), value: 700, worn: 0 })),
  )
  expect(await rowsOf('samples/metric=steps/month=2024-05/part-00000.parquet')).toEqual(
    people.map((each) => ({
      person: each,
      date: new Date('2024-05-31'),
      start: new Date('2024-05-31T12:00:00Z'),
      end: new Date('2024-05-31T13:00:00Z'),
      value: 700,
      unit: '{steps}',
      word: null,
      source: 'phone',
    })),
  )
  for (const { path, bytes, sha256 } of manifest.files) {
    const content = await readFile(join(folder, path))
    expect([content.length, hash('sha256', content, 'hex')]).toEqual([bytes, sha256])
    expect(content.toString('latin1')).not.toMatch(/ada|bob|eve/)
  }
  expect(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'))).toEqual(manifest)
})

test('the tree of a watch adds up to what the export said', async () => {
  const { source, truth } = synthetic({ seed: 3, days: 45, lastDate: '2024-08-10' })
  await person('ada', source)
  await consent('ada', true)
  const { files, rows } = await exported()
  expect(rows).toBeGreaterThan(20_000)
  const days = files.filter(({ path }) => path.startsWith('days/metric=total_steps/'))
  expect(days.map(({ path }) => path.split('/')[2])).toEqual(['month=2024-06', 'month=2024-07', 'month=2024-08'])
  const said = (await Promise.all(days.map(({ path }) => rowsOf(path)))).flat().map(({ value }) => value)
  expect(said).toEqual(truth.days.map(({ steps: count }) => count))
  const sleep = (await rowsOf(files.find(({ path }) => path.startsWith('samples/metric=sleep_session/'))?.path ?? '')).map(
    ({ word }) => word,
  )
  expect(sleep).toEqual(expect.arrayContaining(['in_bed', 'awake', 'light', 'deep', 'rem']))
}, 30_000)

test('dates are moved by whole weeks of the person’s own, and samples with them', async () => {
  for (const userId of ['ada', 'bob']) {
    await person(userId)
    await consent(userId, true)
  }
  const { files, shiftedDates } = await exported({ shiftDates: true })
  expect(shiftedDates).toBe(true)
  const samples = (await Promise.all(files.filter(({ path }) => path.startsWith('samples/')).map(({ path }) => rowsOf(path)))).flat()
  const weeks = samples.map(({ date }) => (Date.parse('2024-05-31') - (date as Date).getTime()) / (7 * 86_400_000))
  expect(weeks.every((count) => Number.isInteger(count) && count >= 1 && count <= 52)).toBe(true)
  expect(new Set(weeks).size).toBe(2)
  for (const { date, start } of samples) expect((start as Date).getTime() - (date as Date).getTime()).toBe(12 * 3_600_000)
})

test('the dates that were asked for are the ones that are there', async () => {
  await person(
    'ada',
    sourceOf(exportText(['2024-05-30', '2024-05-31', '2024-06-01'].map((date) => steps('phone', date, '08:00', '09:00', 700)))),
  )
  await consent('ada', true)
  expect((await exported({ from: '2024-05-31', to: '2024-05-31' })).files.map(({ rows }) => rows)).toEqual([1, 1, 1])
})

test('who withdraws while the lake is written is in no lake: nothing of it stays', async () => {
  for (const userId of ['ada', 'bob']) {
    await person(userId)
    await consent(userId, true)
  }
  const inner = openFolderLake(folder)
  let isFirst = true
  const lake: Lake = {
    ...inner,
    async put(path, bytes) {
      await inner.put(path, bytes)
      if (isFirst) await consent('bob', false)
      isFirst = false
    },
  }
  await expectProblem('conflict', exported({}, lake))
  expect(await readdir(folder)).toEqual([])
  expect((await exported()).people).toBe(1)
})
