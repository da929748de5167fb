import { expect, test } from 'vitest'
import { exportText, type RecordOf, steps } from '../../test/golden/export-text.ts'
import { sourceOf, temporaryHouse } from '../../test/golden/people.ts'
import type { ImportRecord } from '../model/import.ts'
import { ImportReport } from '../model/import.ts'
import { importFile } from './import-file.ts'
import { requireUser } from './manage-user.ts'

type House = Awaited<ReturnType<typeof temporaryHouse>>

const zone = 'America/New_York'
const at = '2024-06-12 08:00:00 -0400'
const records: readonly RecordOf[] = [
  steps('phone', '2024-06-12', '08:00', '09:00', 1200),
  steps('phone', '2024-06-12', '08:00', '09:00', 1200),
  steps('watch', '2024-06-13', '08:00', '09:00', 1300),
  { type: 'HeartRate', device: 'watch', start: at, value: 61, unit: 'count/min' },
  { type: 'HeartRate', device: 'watch', start: at, value: 255, unit: 'count/min' },
  { type: 'BodyMass', device: 'phone', start: at, value: 1.9, unit: 'firkin' },
  { type: 'StepCount', device: 'phone', start: 'no time', value: 5, unit: 'count' },
]

const imports = (house: House, text: string, more: { readonly zone?: string; readonly dryRun?: boolean } = { zone }) =>
  importFile(house, { userId: 'robin', fileName: 'export.xml', source: sourceOf(text), ...more })

async function contentsOf({ blobs, documents }: House) {
  const keys: string[] = []
  for await (const { key } of blobs.list('')) keys.push(key)
  const counted = await Promise.all(
    ['users', 'imports', 'healthSessions', 'jobs'].map((collection) => documents.list({ collection, limit: 100 })),
  )
  return { keys, documents: counted.map(({ data }) => data.length) }
}

test('every record is accepted, a duplicate, quarantined or rejected', async () => {
  await using house = await temporaryHouse()
  const { report, isNewUser } = await imports(house, exportText(records))
  expect(ImportReport.parse(report)).toMatchObject({
    format: 'apple-health',
    received: 7,
    accepted: 3,
    duplicate: 1,
    quarantined: 2,
    rejected: 1,
    sessions: 3,
    days: 2,
    firstDate: '2024-06-12',
    lastDate: '2024-06-13',
    metrics: { steps: { accepted: 2, unit: '{steps}' }, heart_rate: { accepted: 1, unit: '/min' } },
  })
  expect(report.problems.map(({ code, count }) => [code, count])).toEqual(
    expect.arrayContaining([
      ['hr_out_of_range', 1],
      ['unit_unknown', 1],
    ]),
  )
  expect(isNewUser).toBe(true)
})

test('the original is kept byte for byte, and once however often it is sent', async () => {
  const text = exportText(records)
  await using house = await temporaryHouse()
  const first = await imports(house, text)
  const key = `uploads/robin/${first.report.importId}`
  expect(Buffer.from(await house.blobs.get(key)).toString()).toBe(text)
  const second = await imports(house, text)
  expect(second).toMatchObject({
    isNewUser: false,
    sameFileAs: first.report.importId,
    report: { accepted: 0, quarantined: 0, rejected: 1, duplicate: 6, sessions: 0 },
  })
  expect((await contentsOf(house)).keys.filter((each) => each.startsWith('uploads/'))).toEqual([key])
  const kept = await house.documents.get<ImportRecord>(`users/robin/imports/${first.report.importId}`)
  expect(kept?.body).toMatchObject({ status: 'completed', report: first.report })
})

test('a dry run counts as the import does and keeps nothing', async () => {
  await using house = await temporaryHouse()
  const before = await contentsOf(house)
  const { report: dry } = await imports(house, exportText(records), { zone, dryRun: true })
  expect(await contentsOf(house)).toEqual(before)
  const { report: wet } = await imports(house, exportText(records))
  expect({ ...dry, importId: '', seconds: 0 }).toEqual({ ...wet, importId: '', seconds: 0 })
})

test('a file that ends too early is kept as far as it goes, and said to be partial', async () => {
  const text = exportText(records)
  await using house = await temporaryHouse()
  const { report } = await imports(house, text.slice(0, text.indexOf('count/min')))
  expect(report).toMatchObject({ received: 4, accepted: 2, duplicate: 1, quarantined: 1 })
  expect(report.problems.map(({ code }) => code)).toContain('xml_truncated')
  const kept = await house.documents.get<ImportRecord>(`users/robin/imports/${report.importId}`)
  expect(kept?.body.status).toBe('partial')
})

test('what an export says of the person fills the profile and overwrites nothing; a zone that is asked for becomes the profile’s', async () => {
  await using house = await temporaryHouse()
  const profile = async () => (await requireUser(house, 'robin')).user.profile
  await imports(house, exportText(records, { DateOfBirth: '1986-04-12' }))
  expect(await profile()).toMatchObject({ dateOfBirth: '1986-04-12', timezone: zone })
  await imports(house, exportText(records, { DateOfBirth: '1990-01-01', BiologicalSex: 'HKBiologicalSexFemale' }), {
    zone: 'Europe/Berlin',
  })
  expect(await profile()).toMatchObject({ dateOfBirth: '1986-04-12', gender: 'female', timezone: 'Europe/Berlin' })
  await imports(house, exportText(records, { BiologicalSex: 'HKBiologicalSexMale' }))
  expect(await profile()).toMatchObject({ dateOfBirth: '1986-04-12', gender: 'female' })
})

test('a file of another kind, or a zone that is none, leaves nothing behind', async () => {
  await using house = await temporaryHouse()
  const before = await contentsOf(house)
  await expect(imports(house, 'date,steps\n2024-06-12,1200\n')).rejects.toMatchObject({ name: 'Problem', code: 'not_a_zip' })
  await expect(imports(house, exportText(records), { zone: 'EST' })).rejects.toMatchObject({ name: 'Problem', code: 'invalid_timezone' })
  expect(await contentsOf(house)).toEqual(before)
})

test('a dry run for a known person counts what is known, and writes nothing', async () => {
  await using house = await temporaryHouse()
  await imports(house, exportText(records))
  const before = await contentsOf(house)
  const { report } = await imports(house, exportText(records), { dryRun: true })
  expect(report).toMatchObject({ accepted: 0, quarantined: 0, duplicate: report.received - report.rejected })
  expect(await contentsOf(house)).toEqual(before)
})
