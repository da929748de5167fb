import fc from 'fast-check'
import { expect, test } from 'vitest'
import { synthesise } from '../../src/synthetic/synthesise.ts'
import { exportOf, metadata, record } from './export-text.ts'
import { readExport, readOne } from './reading.ts'
import { piecesOf, scan } from './scan.ts'

const attributes = {
  type: 'HKQuantityTypeIdentifierHeartRate',
  sourceName: 'Zoë’s <Watch> & "Co"',
  sourceVersion: '10.1',
  device: '<<HKDevice: 0x1a2b>, name:Apple Watch, hardware:Watch7,1>',
  unit: 'count/min',
  creationDate: '2024-01-20 12:00:05 +0100',
  startDate: '2024-01-20 12:00:00 +0100',
  endDate: '2024-01-20 12:00:01 +0100',
  value: '61.5',
}
const entries = { HKTimeZone: 'Europe/Berlin', note: 'a > "b" \' & <c>', empty: '' }
const usual = record(attributes, metadata(entries))

/** The same element with its attributes in the order given, and each told in another of XML's ways. */
function otherwise(text: string, order: readonly number[], quote: string, space: string, equals: string): string {
  return text.replace(/<(\w+)((?: \w+="[^"]*")+)(\/?)>/g, (_, name: string, words: string, slash: string) => {
    const list = [...words.matchAll(/ (\w+)="([^"]*)"/g)].map(
      ([, key = '', value = '']) => `${space}${key}${equals}${quote}${value.replaceAll("'", '&#39;')}${quote}`,
    )
    const shuffled = list.map((word, index) => ({ word, rank: order[index % order.length] ?? 0 })).sort((a, b) => a.rank - b.rank)
    return `<${name}${shuffled.map(({ word }) => word).join('')}${slash}>`
  })
}

test('77: attributes in any order, either quote, and white space around the equals sign say the same', async () => {
  const expected = await readOne(exportOf(usual))
  expect(expected.metadata).toEqual(entries)
  expect(expected.source.name).toBe(attributes.sourceName)
  const order = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8], { minLength: 9 })
  const spaces = fc.constantFrom(' ', '\n', '\r\n', '\t', '   ')
  await fc.assert(
    fc.asyncProperty(order, fc.constantFrom('"', "'"), spaces, fc.constantFrom('=', ' = ', '=\n'), async (ranks, quote, space, equals) => {
      expect(await readOne(exportOf(otherwise(usual, ranks, quote, space, equals)))).toStrictEqual(expected)
    }),
    { numRuns: 60, seed: 1 },
  )
})

test('77: comments, CDATA, processing instructions and line ends between elements are passed over', async () => {
  const others = [70, 71, 72].map((value) => record({ value: String(value) }))
  const plain = await readExport(exportOf(others.join('')))
  const between = [
    '<!-- <Record type="x"/> -- > -->',
    '<![CDATA[ <Record> ]] > ]]>',
    '<?php <Record ?>'.replace('<R', 'R'),
    ' text & more \r\n',
  ]
  for (const inserted of between) expect(await readExport(exportOf(others.join(inserted) + inserted))).toStrictEqual(plain)
  expect(await readExport(exportOf(others.join('')).replaceAll('\n', '\r\n'))).toStrictEqual(plain)
})

test('77: an element closed at once and one closed by an end tag are the same', async () => {
  const closed = exportOf(record())
  expect(await readExport(closed.replace('61"/>', '61"></Record>'))).toStrictEqual(await readExport(closed))
  expect(await readExport(closed.replace('61"/>', '61" />'))).toStrictEqual(await readExport(closed))
  const child = exportOf(record({}, metadata({ k: 'v' })))
  expect(await readExport(child.replace('"v"/>', '"v"></MetadataEntry>'))).toStrictEqual(await readExport(child))
})

test('a metadata entry keeps line breaks, quotes and signs beyond ASCII, by entity or as they are', async () => {
  const text = record({}, '<MetadataEntry key="k&amp;1" value="&lt;&quot;&apos;&gt;&#10;&#x1F600; ü 跑"/>')
  expect((await readOne(exportOf(text))).metadata).toEqual({ 'k&1': '<"\'>\n😀 ü 跑' })
})

test('an entity is decoded once, in the usual form and in others', async () => {
  const text = record({ unit: undefined, value: '&lt; &amp;' }, metadata({ k: '&amp;lt;' }))
  for (const form of [text, otherwise(text, [0], "'", ' ', '=')]) {
    const { words, metadata: found } = await readOne(exportOf(form))
    expect([words.text, found.k]).toEqual(['&lt; &amp;', '&amp;lt;'])
  }
})

test('words of JavaScript’s own objects are words like any other', async () => {
  const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty']
  const elements = names.map((name) => `<${name} a="1"/>`).join('')
  const inside = `<Workout workoutActivityType="x" sourceName="y" startDate="2024-01-20 12:00:00 +0000" endDate="2024-01-20 13:00:00 +0000"><toString><MetadataEntry key="constructor" value="1"/></toString>${elements}<MetadataEntry key="__proto__" value="2"/></Workout>`
  const records = names.map((name) =>
    record({ type: name, sourceName: name, unit: name, device: name, sourceVersion: name }, metadata({ [name]: name })),
  )
  const { fates, problems } = await readExport(exportOf(`${elements}${inside}${records.join('')}`))
  expect(fates).toMatchObject({ received: 9, kept: 5, unread: 4 })
  expect(problems.unmapped_element).toBe(4)
})

const text = [...synthesise({ seed: 3, lastDate: '2024-01-20', days: 10, controlByte: true }).chunks].join('')
// The first records, and the part where correlations, workouts, summaries and beats stand.
const bytes = Buffer.from(text.slice(0, text.indexOf('<HealthData') + 40_000) + text.slice(text.indexOf('<Correlation')))
const whole = scan(piecesOf(bytes, 1 << 20))

const isSome = (count: number) => count > 0

test.each([1, 7, 4096, 65_537])('the same export in pieces of %i bytes gives the same rows, counts and problems', (size) => {
  // Byte by byte the DTD alone would be looked through thousands of times.
  const root = bytes.indexOf('<HealthData')
  const pieces = [bytes.subarray(0, root), ...piecesOf(bytes.subarray(root), size)]
  expect(whole.counts).toMatchObject({
    correlations: expect.toSatisfy(isSome),
    workouts: expect.toSatisfy(isSome),
    beats: expect.toSatisfy(isSome),
  })
  expect(scan(pieces)).toStrictEqual(whole)
})

test('the same export cut into random pieces gives the same', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 5, maxLength: 40 }), (sizes) => {
      const pieces: Uint8Array[] = []
      for (let at = 0, k = 0; at < bytes.length; k++) {
        const size = sizes[k % sizes.length] ?? 1
        pieces.push(bytes.subarray(at, at + size))
        at += size
      }
      expect(scan(pieces)).toStrictEqual(whole)
    }),
    { numRuns: 40, seed: 2 },
  )
})
