import { expect, test } from 'vitest'
import { exportOf, heartRates, record } from './export-text.ts'
import { farBehind, problemOf, readExport } from './reading.ts'
import { type ZipEntry, zipOf } from './zip-bytes.ts'

const xml = exportOf(heartRates(50))
const good: ZipEntry = { name: 'apple_health_export/export.xml', content: xml }

test('59: what is neither a zip nor XML is not_a_zip, whatever it is called', async () => {
  expect(await problemOf('date,steps\n2024-01-20,8000\n')).toBe('not_a_zip')
  expect(await problemOf(Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'))).toBe('not_a_zip')
  expect(await problemOf(Buffer.concat([Buffer.from('KP'), zipOf([good]).subarray(2)]))).toBe('not_a_zip')
})

test('60: an empty file, an empty archive, and one whose only file is empty are archive_corrupt', async () => {
  expect(await problemOf('')).toBe('archive_corrupt')
  expect(await problemOf(zipOf([]))).toBe('archive_corrupt')
  expect(await problemOf(zipOf([{ name: 'apple_health_export/export.xml', content: '' }]))).toBe('archive_corrupt')
})

test('60: an archive cut off anywhere is archive_corrupt', async () => {
  const whole = zipOf([good])
  for (const length of [4, 29, 60, whole.length >> 1, whole.length - 23, whole.length - 1])
    expect(await problemOf(whole.subarray(0, length))).toBe('archive_corrupt')
})

test('60: an archive whose directory points outside the file is archive_corrupt', async () => {
  expect(await problemOf(zipOf([{ ...good, says: { at: 1 << 30 } }]))).toBe('archive_corrupt')
  expect(await problemOf(zipOf([{ ...good, method: 0, says: { compressedBytes: xml.length + 120, bytes: xml.length + 120 } }]))).toBe(
    'archive_corrupt',
  )
  const lost = zipOf([good])
  lost.writeUInt32LE(0x7fffffff, lost.length - 6)
  expect(await problemOf(lost)).toBe('archive_corrupt')
})

test('60: packed bytes that cannot be unpacked are archive_corrupt', async () => {
  const bytes = zipOf([good])
  bytes.fill(0xff, 80, 200)
  expect(await problemOf(bytes)).toBe('archive_corrupt')
})

test('61: an archive within an archive is nested_archive', async () => {
  const inner = zipOf([good])
  expect(await problemOf(zipOf([{ name: 'lib 0.zip', content: inner }]))).toBe('nested_archive')
  expect(await problemOf(zipOf(Array.from({ length: 16 }, (_, n) => ({ name: `book ${n}`, content: inner }))))).toBe('nested_archive')
})

test('62: two names for one packed file are archive_overlap', async () => {
  expect(await problemOf(zipOf([good, { name: 'again.xml', content: 'x', says: { at: 0 } }]))).toBe('archive_overlap')
})

test('62: a packed file that reaches into the next one is archive_overlap', async () => {
  const first: ZipEntry = { name: 'a', content: xml, says: { compressedBytes: 2000 } }
  expect(await problemOf(zipOf([first, { name: 'b', content: xml }, { name: 'c', content: xml }]))).toBe('archive_overlap')
})

test('63: 17 MB of zeros are archive_too_large', async () => {
  expect(await problemOf(zipOf([good, { name: 'zeros.xml', content: Buffer.alloc(17_000_000) }]))).toBe('archive_too_large')
})

test('63: a small export of repetitions is no bomb', async () => {
  const { records } = await readExport(zipOf([{ ...good, content: exportOf(record() + ' '.repeat(3_000_000)) }]))
  expect(records).toHaveLength(1)
})

test('63: more than 50 GB unpacked are archive_too_large', async () => {
  const says = { bytes: 51e9, compressedBytes: 280e6, at: 0 }
  expect(await problemOf(farBehind(280e6, zipOf([{ name: 'export.xml', zip64: true, says }], { base: 280e6 })))).toBe('archive_too_large')
})

test('64: 10,000 entries are read, 10,001 are too_many_entries', async () => {
  const empty = Array.from({ length: 10_000 }, (_, n) => ({ name: `workout-routes/${n}.gpx`, method: 0 }))
  expect(await problemOf(zipOf([good, ...empty]))).toBe('too_many_entries')
  const { records } = await readExport(zipOf([good, ...empty.slice(1)]))
  expect(records).toHaveLength(50)
})

test.each(['../../etc/passwd', 'apple_health_export/../../x', '/etc/passwd', 'C:\\x', 'c:x', '..\\..\\windows\\x', '\\\\server\\x'])(
  '65: an entry %j is unsafe_path',
  async (name) => {
    expect(await problemOf(zipOf([good, { name, content: 'x' }]))).toBe('unsafe_path')
  },
)

test('66: a symbolic link is unsafe_path', async () => {
  expect(await problemOf(zipOf([good, { name: 'link', content: '/etc/passwd', externalAttributes: 0o120777 * 65536 }]))).toBe('unsafe_path')
})

test.each([1, 0x41, 0x2001])('67: an entry encrypted in the manner %i is archive_encrypted', async (flags) => {
  expect(await problemOf(zipOf([{ ...good, flags }]))).toBe('archive_encrypted')
})

test('68: two entries of one name, and two exports of different names, are ambiguous_entry', async () => {
  expect(await problemOf(zipOf([good, good]))).toBe('ambiguous_entry')
  expect(await problemOf(zipOf([good, { ...good, name: 'old/export.xml' }]))).toBe('ambiguous_entry')
})

test('68: the clinical document beside the export is no second export', async () => {
  const clinical = '<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><id extension="HealthData"/></ClinicalDocument>'
  const { records } = await readExport(zipOf([{ name: 'apple_health_export/export_cda.xml', content: clinical }, good]))
  expect(records).toHaveLength(50)
})

test('69: a declared size that is too small or too large is archive_corrupt', async () => {
  for (const bytes of [xml.length - 1, xml.length + 1, 1, 10 * xml.length])
    expect(await problemOf(zipOf([{ ...good, says: { bytes } }]))).toBe('archive_corrupt')
})

test('69: a file of 60 MB that declares 500 bytes is archive_corrupt before it is all unpacked', async () => {
  const content = Buffer.alloc(60_000_000, exportOf(record()))
  const bytes = zipOf([{ name: 'export.xml', content, says: { bytes: 500 } }])
  let pieces = 0
  expect(await problemOf(bytes, { onProgress: () => pieces++ })).toBe('archive_corrupt')
  expect(pieces).toBe(0)
})

test('69: a wrong CRC-32 is archive_corrupt, packed or stored', async () => {
  for (const method of [0, 8]) expect(await problemOf(zipOf([{ ...good, method, says: { crc: 1 } }]))).toBe('archive_corrupt')
})

test('69: an unknown method of packing is archive_corrupt', async () => {
  expect(await problemOf(zipOf([{ ...good, method: 12 }]))).toBe('archive_corrupt')
})
