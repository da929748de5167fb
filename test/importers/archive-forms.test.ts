import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { ZipFile } from 'yazl'
import { exportOf, heartRates } from './export-text.ts'
import { farBehind, problemOf, readExport, sourceOf } from './reading.ts'
import { zipOf } from './zip-bytes.ts'

const content = exportOf(heartRates(50))
const name = 'apple_health_export/export.xml'

test('70: a zip64 archive, ours and another writer’s, is read', async () => {
  expect((await readExport(zipOf([{ name, content, zip64: true }]))).records).toHaveLength(50)
  const zip = new ZipFile()
  zip.addBuffer(Buffer.from(content), name, { forceZip64Format: true })
  zip.end({ forceZip64Format: true, comment: '' })
  expect((await readExport(await buffer(zip.outputStream))).records).toHaveLength(50)
})

test('70: an export that begins beyond 4 GiB in its archive is read', async () => {
  const base = 5_000_000_000
  const before = zipOf([{ name, content, zip64: true }], { base })
  expect((await readExport(farBehind(base, before))).records).toHaveLength(50)
})

test.each([
  'apple_health_export/Export.xml',
  'apple_health_export/导出.xml',
  'apple_health_export/Exportación.xml',
  'تصدير',
  '导出/export.dat',
])('71: the export is found by its root element as %s', async (translated) => {
  const { records } = await readExport(
    zipOf([
      { name: 'apple_health_export/workout-routes/route.gpx', content: '<gpx/>' },
      { name: translated, content },
    ]),
  )
  expect(records).toHaveLength(50)
})

test('71: an archive without an export is not_recognised', async () => {
  expect(await problemOf(zipOf([{ name: 'export.xml', content: '<gpx><trk/></gpx>' }]))).toBe('not_recognised')
})

test('72: sizes that only follow the data are found in the directory', async () => {
  expect((await readExport(zipOf([{ name, content, descriptor: true }]))).records).toHaveLength(50)
})

test('72: a comment with the header of an entry in it is not taken for one', async () => {
  const comment = Buffer.concat([Buffer.from('PK\u0001\u0002'), zipOf([{ name: 'other.xml', content }]).subarray(0, 400)])
  expect((await readExport(zipOf([{ name, content }], { comment }))).records).toHaveLength(50)
})

test('72: a comment with the end of a directory in it is archive_corrupt, never another archive’s content', async () => {
  const comment = zipOf([{ name: 'other.xml', content: exportOf('') }])
  expect(await problemOf(zipOf([{ name, content }], { comment }))).toBe('archive_corrupt')
})

test('a stored entry is read like a packed one', async () => {
  const packed = await readExport(zipOf([{ name, content }]))
  const stored = await readExport(zipOf([{ name, content, method: 0 }]))
  expect(stored).toStrictEqual(packed)
  expect(await readExport(content)).toStrictEqual(packed)
})

test('progress ends at the length of the file that was given', async () => {
  for (const bytes of [zipOf([{ name, content }]), Buffer.from(content)]) {
    let last = 0
    await readExport(sourceOf(bytes), { onProgress: (done) => (last = done) })
    expect(last).toBeGreaterThan(bytes.length * 0.9 - 400)
    expect(last).toBeLessThanOrEqual(bytes.length)
  }
})
