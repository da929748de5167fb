import { createHash } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { type SynthesisOptions, synthesise } from './synthesise.ts'
import type { Truth } from './truth.ts'

const base = { seed: 1, lastDate: '2025-11-30', days: 60 } as const

let xml: string
let truth: Truth
beforeAll(() => {
  const whole = read(base)
  xml = whole.xml
  truth = whole.truth
})

test('the same options give the same bytes, another seed gives others', () => {
  const hash = (options: SynthesisOptions) => createHash('sha256').update(read(options).xml).digest('hex')
  expect(hash(base)).toBe(hash(base))
  expect(hash({ ...base, seed: 2 })).not.toBe(hash(base))
})

test('the text comes in pieces of about 64 kB', () => {
  const sizes = [...synthesise(base).chunks].map((chunk) => chunk.length)
  expect(Math.max(...sizes)).toBeLessThan(2 * 65536)
  expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThanOrEqual(65536)
})

test('the file is well formed', () => {
  expect(flaws(xml)).toEqual([])
  expect(flaws(read({ ...base, part: 'late' }).xml)).toEqual([])
})

test('every element, attribute and child is declared in the document type', () => {
  const [head = '', body = ''] = xml.split(']>\n')
  const declared = new Set([...head.matchAll(/<!ELEMENT (\w+)/g)].map(([, name]) => name))
  const used = new Set([...body.matchAll(/<(\w+)/g)].map(([, name]) => name))
  expect([...used].filter((name) => !declared.has(name))).toEqual([])
  const attributes = new Set([...head.matchAll(/^ {2}(\w+) CDATA/gm)].map(([, name]) => name))
  const named = new Set([...body.matchAll(/ (\w+)="/g)].map(([, name]) => name))
  expect([...named].filter((name) => !attributes.has(name))).toEqual([])
})

test('the totals of the truth are what stands in the file', () => {
  const { totals } = truth
  const count = (pattern: RegExp) => xml.match(pattern)?.length ?? 0
  expect(totals.records).toBe(count(/^ <Record /gm))
  expect(totals.nested).toBe(count(/^ {2}<Record /gm))
  expect(totals.workouts).toBe(count(/<Workout /g))
  expect(totals.correlations).toBe(count(/<Correlation /g))
  expect(totals.activitySummaries).toBe(count(/<ActivitySummary /g))
  expect(totals.beats).toBe(count(/<InstantaneousBeatsPerMinute /g))
  expect(totals.metadata).toBe(count(/<MetadataEntry /g))
  expect(totals.unknownTypes).toBe(count(/TidalPatience/g))
  expect(totals.unknownUnits).toBe(count(/unit="firkin"/g))
  expect(totals.outOfRange).toBe(count(/HeartRate"[^>]* value="(0|255)"/g))
  expect(Object.values(totals.byType).reduce((sum, value) => sum + value, 0)).toBe(totals.records)
  expect([totals.outOfRange, totals.unknownUnits, totals.activitySummaries]).toEqual([2, 1, 60])
})

test('as many top-level records repeat another as the truth says', () => {
  const keys = [...xml.matchAll(/^ <Record type="(\w+)" sourceName="([^"]*)".* startDate="([^"]*)" endDate="([^"]*)" value="([^"]*)"/gm)]
  expect(keys.length).toBe(truth.totals.records)
  expect(keys.length - new Set(keys.map((parts) => parts.slice(1).join('|'))).size).toBe(truth.totals.duplicates)
  expect(truth.totals.duplicates).toBeGreaterThan(100)
})

test('the file holds what real exports trouble readers with', () => {
  for (const text of [
    'Robin’s Apple\u00a0Watch',
    '&quot;Duo&quot; &amp; Co',
    '&lt;Pro&gt;',
    '&lt;&lt;HKDevice: 0x',
    '\u202fPM"',
    'mmol&lt;180.1558800000541&gt;/L',
  ]) {
    expect(xml).toContain(text)
  }
  expect(xml).not.toContain('\u000b')
  expect(read({ ...base, days: 3, controlByte: true }).xml).toContain('walked\u000bhome')
  expect(flaws(read({ ...base, days: 3, dtd: 'ios16' }).xml)).toEqual(
    ['VisionPrescription', 'RightEye', 'LeftEye'].map((name) => `attribute list of ${name} is not closed`),
  )
})

test('the edited workout stands twice, the higher version being the one of the truth', () => {
  const versions = [
    ...xml.matchAll(
      /<Workout [^>]* startDate="([^"]*)" endDate="([^"]*)">(?:(?!<\/Workout>)[\s\S])*?SyncIdentifier" value="([^"]*)"[\s\S]*?SyncVersion" value="(\d)"/g,
    ),
  ]
  expect(versions.map(([, , , , version]) => version)).toEqual(['1', '2'])
  expect(new Set(versions.map(([, start, , identifier]) => `${start} ${identifier}`)).size).toBe(1)
  const [first, second] = versions.map(([, , end]) => instant(end ?? ''))
  const day = truth.days.find(({ occasions }) => occasions.includes('edited-workout'))
  expect(day?.workouts.map(({ end }) => end)).toEqual([second])
  expect(first).not.toBe(second)
})

test('all dates carry one offset, or, if asked, that of the place; the instants are the same', () => {
  const capture = read({ ...base, offsets: 'capture' }).xml
  const offsets = (text: string) => [...new Set([...text.matchAll(/Date="[^"]*([+-]\d{4})"/g)].map(([, offset]) => offset))].sort()
  const starts = (text: string) => [...text.matchAll(/startDate="([^"]*)"/g)].map(([, date]) => instant(date ?? ''))
  expect(offsets(xml)).toEqual(['-0500'])
  expect(offsets(capture)).toEqual(['+0000', '-0400', '-0500'])
  expect(starts(capture)).toEqual(starts(xml))
})

test('the route that a workout names is offered', () => {
  const { gpx } = synthesise(base)
  expect(xml).toContain(`<FileReference path="/${gpx?.path}"/>`)
  expect(flaws(gpx?.text ?? '')).toEqual([])
})

test('what cannot be made is refused by name', () => {
  expect(() => synthesise({ ...base, days: 0 })).toThrow('days must be a whole number from 1')
  expect(() => synthesise({ ...base, zone: 'Asia/Tokyo', traveller: true })).toThrow('only known from America/New_York')
  expect(() => synthesise(base).truth()).toThrow('when all chunks have been read')
})

function read(options: SynthesisOptions) {
  const { chunks, truth: tell } = synthesise(options)
  return { xml: [...chunks].join(''), truth: tell() }
}

function instant(text: string): string {
  return Temporal.Instant.from(text.replace(' ', 'T').replace(' ', '')).toString()
}

/** A small check of well-formedness that shares nothing with the writer: tags nest, attributes are quoted and once, entities known. */
function flaws(text: string): string[] {
  const [, lists = '', rest = ''] =
    /^<\?xml [^>]*\?>\n(?:<!DOCTYPE HealthData \[\n([\s\S]*?)\n>?\]>\n|<!DOCTYPE [\s\S]*?\]>\n)?([\s\S]*)$/.exec(text) ?? []
  const found = [...lists.matchAll(/<!ATTLIST (\w+)\n([^>]*)/g)].flatMap(([, name, list]) =>
    list?.includes('<') ? [`attribute list of ${name} is not closed`] : [],
  )
  const open: string[] = []
  let at = 0
  for (const match of rest.matchAll(/<(\/?)([\w]+)((?: [\w:]+="[^"<]*")*)(\/?)>/g)) {
    const [tag, close, name = '', attributes = '', empty] = match
    if (/[<>]/.test(rest.slice(at, match.index))) found.push(`stray bracket before ${match.index}`)
    at = match.index + tag.length
    found.push(...attributeFlaws(name, attributes))
    if (close === '/' && open.pop() !== name) found.push(`</${name}> closes another element`)
    if (close === '' && empty === '') open.push(name)
  }
  if (open.length > 0 || rest.slice(at).trim() !== '') found.push('the end is missing')
  return found.slice(0, 5)
}

function attributeFlaws(element: string, attributes: string): string[] {
  const names = [...attributes.matchAll(/([\w:]+)="/g)].map(([, name]) => name)
  const isForbidden = /&(?!(?:amp|lt|gt|quot);)/.test(attributes) || [...attributes].some((character) => character < ' ')
  return [
    ...(new Set(names).size === names.length ? [] : [`${element} repeats an attribute`]),
    ...(isForbidden ? [`${element} holds what XML forbids: ${attributes}`] : []),
  ]
}
