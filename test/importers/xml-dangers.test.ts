import { expect, test } from 'vitest'
import { synthesise } from '../../src/synthetic/synthesise.ts'
import { exportOf, heartRates, metadata, record } from './export-text.ts'
import { problemOf, readExport, readOne } from './reading.ts'
import { zipOf } from './zip-bytes.ts'

const rest = exportOf(record(), '')

test.each([
  ['73: a file as an entity (XXE)', '<!DOCTYPE HealthData [<!ENTITY x SYSTEM "file:///etc/passwd">]>'],
  ['73: a parameter entity', '<!DOCTYPE HealthData [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]>'],
  ['74: a billion laughs', '<!DOCTYPE HealthData [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'],
  ['74: a quadratic blow-up', `<!DOCTYPE HealthData [<!ENTITY a "${'x'.repeat(50_000)}">]>`],
  ['75: a DTD at a URL', '<!DOCTYPE HealthData SYSTEM "http://dtd.invalid/health.dtd">'],
  ['75: a public DTD', '<!DOCTYPE HealthData\n PUBLIC "-//X//Y" "http://dtd.invalid/health.dtd" [\n]>'],
])('%s is xml_entity_forbidden, bare and in a zip', async (_, doctype) => {
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n${doctype}\n${rest}`
  expect(await problemOf(text)).toBe('xml_entity_forbidden')
  expect(await problemOf(zipOf([{ name: 'export.xml', content: text }]))).toBe('xml_entity_forbidden')
})

test('73: a reference to an entity that nothing declares stays the text that it is', async () => {
  const { metadata: entries } = await readOne(exportOf(record({}, '<MetadataEntry key="note" value="&xxe; &amp; &#x41;"/>')))
  expect(entries).toEqual({ note: '&xxe; & A' })
})

test('73: an entity declared behind the root element is never expanded', async () => {
  const hidden = exportOf(
    `<!DOCTYPE HealthData [<!ENTITY x SYSTEM "file:///etc/hostname">]>${record({}, '<MetadataEntry key="k" value="&x;"/>')}`,
  )
  expect((await readOne(hidden)).metadata).toEqual({ k: '&x;' })
})

test.each(['valid', 'ios16'] as const)('76: Apple’s own inline DTD is passed over, %s', async (dtd) => {
  const { chunks, truth } = synthesise({ seed: 7, lastDate: '2024-01-20', days: 2, dtd })
  const { whole, counts, elements } = await readExport([...chunks].join(''))
  expect(whole).toBe(true)
  expect(elements.records).toBe(truth().totals.records)
  expect(counts.received).toBe(truth().totals.records + truth().totals.workouts + truth().totals.activitySummaries)
})

test('77: a vertical tab costs nothing: the value is kept with it', async () => {
  const { records, whole } = await readExport(exportOf(record({}, '<MetadataEntry key="note" value="walked\u000bhome"/>') + heartRates(3)))
  expect(whole).toBe(true)
  expect(records.map(({ metadata: entries }) => entries)).toContainEqual({ note: 'walked\u000bhome' })
  expect(records).toHaveLength(4)
})

test('77: a bare ampersand costs nothing', async () => {
  const text = exportOf(heartRates(2) + record({ sourceName: 'Salt' }).replace('"Salt"', '"Salt & Co &c;"') + heartRates(0))
  const { records } = await readExport(text)
  expect(records.map(({ source }) => source.name)).toContain('Salt & Co &c;')
})

test.each([
  ['a quote that is lost', (text: string) => text.replace('"count/min"', '"count/min'), 1],
  [
    'an attribute given twice',
    (text: string) => text.replace(' unit=', ' type="x" type="y" unit=').replace('<Record ', "<Record b='1' "),
    1,
  ],
  ['a name without a value', (text: string) => text.replace(' unit=', ' unit '), 1],
  ['a bare less-than in a value', (text: string) => text.replace('count/min', 'count<min'), 0],
] as const)('77: %s harms one record: it is counted, and those around it are kept', async (_, damage, lost) => {
  const { records, problems, fates, whole } = await readExport(
    exportOf(heartRates(3) + damage(record({ value: '99' })) + record({ value: '77' })),
  )
  expect(records.filter(({ value }) => value !== 99).map(({ value }) => value)).toEqual([50, 51, 52, 77])
  expect(fates.received).toBe(5)
  expect([problems.unreadable_record ?? 0, 5 - records.length]).toEqual([lost, lost])
  expect(whole).toBe(true)
})

test('77: a record without its end tag ends where the next begins', async () => {
  const { records } = await readExport(
    exportOf(record({ value: '70' }, metadata({ a: '1' })).replace('</Record>', '') + record({ value: '71' })),
  )
  expect(records.map(({ value, metadata: entries }) => [value, entries.a])).toEqual([
    [70, '1'],
    [71, undefined],
  ])
})

test('79: a text that never ends, a nesting without end and a tag without end are xml_limits', async () => {
  expect(await problemOf(exportOf(record({ value: 'x'.repeat(10 << 20) })))).toBe('xml_limits')
  expect(await problemOf(exportOf(`<Workout name="${'x'.repeat(10 << 20)}"/>`))).toBe('xml_limits')
  expect(await problemOf(exportOf('<a>'.repeat(1e5)))).toBe('xml_limits')
  const attributes = Array.from({ length: 1e6 }, (_, n) => ` a${n}=""`).join('')
  expect(await problemOf(exportOf(`<Record${attributes}/>`))).toBe('xml_limits')
  expect(await problemOf(exportOf(`<Correlation${attributes}/>`))).toBe('xml_limits')
  expect(await problemOf(exportOf(`<!--${'-'.repeat(10 << 20)}`))).toBe('xml_limits')
})

test('79: 64 elements deep is read, an entry of a megabyte is read', async () => {
  const { records } = await readExport(exportOf('<a>'.repeat(60) + '</a>'.repeat(60) + record({}, metadata({ long: 'x'.repeat(1e6) }))))
  expect(records[0]?.metadata.long).toHaveLength(1e6)
})

test('80: UTF-16 is told by its byte order mark, either order', async () => {
  const text = exportOf(record({ sourceName: 'Zoë’s ∞ 跑步 😀' }), '<?xml version="1.0" encoding="UTF-16"?>\n')
  const little = Buffer.from(`\ufeff${text}`, 'utf16le')
  const big = Buffer.from(little).swap16()
  const odd = exportOf(record({ sourceName: 'Zoë’s ∞ 跑步 😀' }))
  for (const bytes of [little, big, zipOf([{ name: 'export.xml', content: little }]), Buffer.from(`\ufeff${odd}`)])
    expect((await readExport(bytes)).records.map(({ source }) => source.name)).toEqual(['Zoë’s ∞ 跑步 😀'])
})

test('80: another encoding than UTF-8 is invalid_encoding', async () => {
  for (const name of ['ISO-8859-1', 'windows-1252', 'UTF-16', 'UTF-7', 'Shift_JIS'])
    expect(await problemOf(exportOf(record(), `<?xml version="1.0" encoding='${name}'?>\n`))).toBe('invalid_encoding')
  expect(await problemOf(exportOf(record(), '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n'))).toMatch(/^read/)
})

test('80: UTF-16 without its mark is refused, never read as nothing', async () => {
  expect(await problemOf(Buffer.from(exportOf(record()), 'utf16le'))).toBe('invalid_encoding')
})

test('XML that is no export is not_recognised, small or large', async () => {
  expect(await problemOf('<?xml version="1.0"?><gpx><trk/></gpx>')).toBe('not_recognised')
  expect(await problemOf(`<html>${'<p>x</p>'.repeat(400_000)}</html>`)).toBe('not_recognised')
})

test('an export without a single record is whole', async () => {
  for (const text of [exportOf(''), '<HealthData locale="en_US"/>'])
    expect(await readExport(text)).toMatchObject({ whole: true, counts: { received: 0 } })
})
