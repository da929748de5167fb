import fc from 'fast-check'
import { expect, test } from 'vitest'
import { escapeXml, exportOf } from './export-text.ts'
import { type ReadExport, readExport, type Sample } from './reading.ts'
import { type ReferenceRecord, readSlowly } from './reference-reader.ts'

const quantity = 'HKQuantityTypeIdentifier'
const kinds = fc.constantFrom(
  [`${quantity}HeartRate`, 'count/min'],
  [`${quantity}StepCount`, 'count'],
  [`${quantity}BloodGlucose`, 'mmol<180.1558800000541>/L'],
  [`${quantity}Unheard`, 'x/y'],
  ['HKCategoryTypeIdentifierSleepAnalysis', undefined],
)
const words = fc.constantFrom('Zoë’s Apple\u00a0Watch', 'Withings "Body+" & Co', '跑步 <Pro>', "O'Neill", 'a  b', '&amp;', 'x=y/>z')
const numbers = fc.oneof(
  fc.integer({ min: 0, max: 300 }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: 0, max: 1e6 }).map(String),
  fc.constantFrom('61.50', '0.1', '1e2', '.5', '5.', '123456789012345678'),
)
const offsets = fc.constantFrom('+0000', '-0800', '+0545', '+1400', '-1130')
const moments = fc.tuple(fc.integer({ min: 1_600_000_000, max: 1_704_000_000 }), fc.integer({ min: 0, max: 4000 }), offsets)
const metadataEntries = fc.array(fc.tuple(fc.constantFrom('HKTimeZone', 'HKWasUserEntered', 'note', 'k&"<'), words), { maxLength: 3 })
const beats = fc.integer({ min: 0, max: 3 })
const forms = fc.record({
  quote: fc.constantFrom('"', '"', '"', "'"),
  space: fc.constantFrom(' ', ' ', '\n  ', '\t'),
  equals: fc.constantFrom('=', '=', ' = '),
  turn: fc.nat(8),
  charRefs: fc.boolean(),
})
const between = fc.constantFrom('\n ', '\r\n', '', ' <!-- <Record type="no"/> -->', '<![CDATA[<Record>]]>')

const records = fc
  .tuple(kinds, words, numbers, moments, metadataEntries, beats, forms, between, fc.boolean())
  .map(([[type, unit], source, number, [seconds, length, offset], entries, count, form, gap, hasDevice]) => {
    const value = unit === undefined ? 'HKCategoryValueSleepAnalysisAsleepCore' : number
    const start = stamp(seconds, offset)
    const attributes = Object.entries({
      type,
      sourceName: source,
      ...(hasDevice && { device: `<<HKDevice: 0x${seconds.toString(16)}>, name:${source}>` }),
      ...(unit !== undefined && { unit }),
      creationDate: stamp(seconds + length + 5, offset),
      startDate: start,
      endDate: stamp(seconds + length, offset),
      value,
    })
    const turned = [...attributes.slice(form.turn), ...attributes.slice(0, form.turn)]
    const write = (text: string) =>
      (form.charRefs
        ? escapeXml(text).replace(/[^ -~]/gu, (letter) => `&#x${(letter.codePointAt(0) ?? 0).toString(16)};`)
        : escapeXml(text)
      ).replaceAll("'", '&apos;')
    const word = ([name, text]: readonly [string, string]) => `${form.space}${name}${form.equals}${form.quote}${write(text)}${form.quote}`
    const unique = [...new Map(entries)]
    const children = unique.map(([key, text]) => `<MetadataEntry${word(['key', key])}${word(['value', text])}/>\n`).join('')
    const list =
      count === 0
        ? ''
        : `<HeartRateVariabilityMetadataList>\n${`<InstantaneousBeatsPerMinute bpm="61" time="${start.slice(11, 19)}.10"/>\n`.repeat(count)}</HeartRateVariabilityMetadataList>\n`
    const head = `<Record${turned.map(word).join('')}`
    return `${gap}${children + list === '' ? `${head}/>` : `${head}>${children}${list}</Record>`}`
  })

function stamp(seconds: number, offset: string): string {
  const zone = `${offset.slice(0, 3)}:${offset.slice(3)}`
  const text = Temporal.Instant.fromEpochMilliseconds(seconds * 1000)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'second' })
  return `${text.replace('T', ' ')} ${offset}`
}

/** Everything of a record that both readers tell, as one line. */
function lineOf(record: ReferenceRecord): string {
  const { type, source, device, startMs, endMs, value, unit, metadata } = record
  const number = unit === undefined ? value : String(Number(value))
  return JSON.stringify([type, source, device, startMs, endMs, number, unit, Object.entries(metadata).sort()])
}

function lineOfSample({ words: said, source, startMs, endMs, value, rawValue, metadata }: Sample): string {
  const unit = said.raw_unit ?? (said.text === undefined ? said.unit : undefined)
  const number = said.text ?? String(Number.isNaN(rawValue) ? value : rawValue)
  return JSON.stringify([said.type, source.name, said.device, startMs, endMs, number, unit, Object.entries(metadata).sort()])
}

/** The same record twice is one: of what differs in metadata or device only, either may be kept. */
function identity(line: string): string {
  const [type, source, , start, end, value, unit] = JSON.parse(line)
  return JSON.stringify([type, source, start, end, value, unit])
}

test('the fast reader and a slow and obvious one agree on exports of every shape', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(records, { minLength: 1, maxLength: 25 }), async (list) => {
      const text = exportOf(list.join(''))
      const slow = readSlowly(text)
      const fast: ReadExport = await readExport(text, { profileZone: 'UTC' })
      const expected = slow.map(lineOf)
      const found = fast.records.map(lineOfSample)
      expect(fast.fates).toMatchObject({ received: slow.length, rejected: 0, unread: 0 })
      for (const line of found) expect(expected).toContain(line)
      expect(found.map(identity).sort()).toEqual([...new Set(expected.map(identity))].sort())
      expect(fast.elements.beats).toBe(slow.reduce((sum, record) => sum + record.beats, 0))
    }),
    { numRuns: 120, seed: 11 },
  )
})
