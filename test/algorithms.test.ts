import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { api } from '../src/api/api.ts'
import { algorithmsHandlers } from '../src/http/handlers/algorithms.ts'
import { algorithms } from '../src/model/algorithms.ts'

const src = join(import.meta.dirname, '..', 'src')

/** Files of `signal` that hold tools and no formula of a figure, and of `analysis` those that hold nothing else than formulas. */
const tools = ['cover', 'minute-grid', 'ranks', 'runs', 'samples', 'sliding-quantiles', 'spikes', 'statistics', 'window-means']
const formulas = ['beat-variability', 'heart-zones', 'intensity', 'sleep-timing', 'staged-sleep']
/** Of those: parts of an algorithm that has its row. */
const parts = [
  'analysis/intensity.minutesByLevel',
  'analysis/staged-sleep.agreementIn',
  'analysis/staged-sleep.confidenceIn',
  'signal/sleep-regularity.epochPairs',
  'signal/sleep-regularity.regularityOf',
]

function exported(room: string, file: string): string[] {
  const text = readFileSync(join(src, room, `${file}.ts`), 'utf8')
  return [...text.matchAll(/^export (?:const (\w+): RrFilter|(?:async )?function (\w+))/gm)].map(
    ([, filter, name]) => `${room}/${file}.${filter ?? name}`,
  )
}

const listed = new Set(algorithms.flatMap(({ functions }) => functions))
const signal = readdirSync(join(src, 'signal'))
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map((name) => name.slice(0, -3))
const exportedFormulas = [
  ...signal.filter((file) => !tools.includes(file)).flatMap((file) => exported('signal', file)),
  ...formulas.flatMap((file) => exported('analysis', file)),
].filter((name) => !parts.includes(name))

test.each(exportedFormulas)('%s has a row in the table of algorithms', (name) => {
  expect([...listed]).toContain(name)
})

test.each([...listed])('%s, which the table names, is exported', (name) => {
  const [, room = '', file = ''] = /^(\w+)\/([\w-]+)\./.exec(name) ?? []
  expect(exported(room, file)).toContain(name)
})

test('every row says what is computed, who published it and what it was held against', () => {
  expect(algorithms.length).toBeGreaterThan(30)
  for (const { name, version, definition, source, checkedWith, functions } of algorithms) {
    expect(version, name).toMatch(/^\d+\.\d+\.\d+$/)
    for (const text of [definition, source, checkedWith]) expect(text.length, name).toBeGreaterThan(10)
    expect(functions.length, name).toBeGreaterThan(0)
    expect(source, name).toMatch(/\b(?:19|20)\d\d\b|our rule|support\.apple\.com/)
  }
})

test('GET /v1/algorithms answers the whole table', async () => {
  const { reply } = api.listAlgorithms
  const { body } = await algorithmsHandlers.listAlgorithms({}, {} as never)
  expect(reply.schema.parse(body)).toEqual({ data: algorithms })
})
