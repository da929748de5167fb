import { expect, test } from 'vitest'
import { comparisons } from '../../src/analysis/comparison.ts'
import { type Figure, type FigureName, figures } from '../../src/analysis/figures.ts'
import { composeInsight } from '../../src/analysis/insight.ts'
import { tellAll } from '../../src/analysis/rule.ts'
import { rules } from '../../src/analysis/rules.ts'
import { type InsightInput, viewOf } from '../../src/analysis/view.ts'
import { api } from '../../src/api/api.ts'
import { jobTypes } from '../../src/model/job.ts'
import { metricNames } from '../../src/model/metrics.ts'
import { formatsFor } from '../../web/src/format/format.ts'
import { nameOfMetric, nameOfSamples } from '../../web/src/texts/metric-names.ts'
import { comparisons as comparisonTexts, leads } from '../../web/src/texts/sentences/figures.ts'
import { ruleSentences } from '../../web/src/texts/sentences/rules.ts'
import { speak } from '../../web/src/texts/sentences/spoken.ts'
import { whatOf } from '../../web/src/texts/what-of.ts'
import { cases, days, put, usual, wandering } from '../fixtures/rule-days.ts'

const reader = (locale: string, units: 'metric' | 'imperial' = 'metric') => ({ ...formatsFor({ locale, zone: 'UTC', units }), units })
const german = { metric: reader('de'), imperial: reader('de', 'imperial') }

/** Figures as they are, high, low, from a usual nothing, on a day that is not over, and of an estimated night. */
function compared(): readonly InsightInput[] {
  return (Object.entries(figures) as [FigureName, Figure][]).flatMap(([name]) => {
    const { value, unusual } = usual(name)
    const on = (today: number, before: number) => days((at, each) => put[name](at === 0 ? today : before, each))
    const wide = days((at, each) => put[name](at === 0 ? value : value * (at % 2 === 0 ? 0.6 : 1.6), each))
    return [
      on(value, value),
      on(unusual, value),
      on(value, unusual),
      on(unusual, 0),
      on(1, 1),
      on(1, 9),
      wide,
      { ...on(unusual, value), history: [] },
    ]
  })
}

/** Nights of which nobody knows the time in bed. */
const maintained = days((at, each) => {
  const sleep = put.sleepEfficiency(at === 0 ? 70 : 90, each)?.sleep
  return { sleep: sleep && { ...sleep, efficiencyBasis: 'maintenance' } }
})

/** The level shifts of the cases, of a figure that they leave out. */
const variable = (cases.heart_level_shift ?? []).map((input): InsightInput => {
  const changes = (input.changes ?? []).map((change) => ({ ...change, metric: 'hrv_sdnn' as const }))
  return { ...input, changes }
})

const hike = { type: 'hiking', startTime: '', endTime: '', durationMinutes: 90, distanceMeters: 8200, source: 'w' }
const hiked = days((at) => ({ workouts: at === 0 ? [hike] : [] }))

const evidence = new Set<string>()
function told(inputs: readonly InsightInput[]): ReadonlyMap<string, string> {
  const said = new Map<string, string>()
  for (const input of inputs) {
    for (const { text, rule, evidence: of } of tellAll(rules, viewOf(input))) {
      said.set(text, rule.name)
      for (const { metric } of of) evidence.add(metric)
    }
    for (const { text } of composeInsight(input).facts.statements) if (!said.has(text)) said.set(text, 'of the whole')
  }
  return said
}

const plain = [
  ...Object.values(cases).flat(),
  ...compared(),
  maintained,
  ...variable,
  hiked,
  ...Array.from({ length: 300 }, (_, at) => wandering(at + 1)),
]
const young = plain.map((input): InsightInput => ({ ...input, generatedAt: `${input.day.date}T20:00:00Z` }))
const estimated = plain.flatMap((input): InsightInput[] =>
  input.day.sleep === undefined
    ? []
    : [{ ...input, day: { ...input.day, sleep: { ...input.day.sleep, method: 'cole_kripke', efficiencyBasis: 'maintenance' } } }],
)
const sentences = told([...plain, ...young, ...estimated, ...plain.map((input): InsightInput => ({ ...input, units: 'imperial' }))])

const numbersOf = (text: string) =>
  (
    text
      .replaceAll(/(?<=\d)[.,](?=\d{3}\b)/g, '')
      .replaceAll(',', '.')
      .match(/\d+(?:\.\d+)?/g) ?? []
  )
    .map(Number)
    .toSorted()

test('every rule is heard in the sentences that are tried here', () => {
  const heard = new Set(sentences.values())
  expect([...rules, ...comparisons].map(({ name }) => name).filter((name) => !heard.has(name))).toEqual([])
  expect(sentences.size).toBeGreaterThan(2000)
})

test('whatever a rule says is said in German, with the same numbers and no word of English', () => {
  const left = [...sentences.keys()].filter((text) => speak(text, 'de', german.metric).language === 'en')
  expect(left.slice(0, 10)).toEqual([])
  for (const text of sentences.keys()) {
    const spoken = speak(text, 'de', german[/ mi\b/.test(text) ? 'imperial' : 'metric']).text
    expect(spoken, text).not.toMatch(/\b(?:your?|the|than|of|and|days?|nights?|with|median of)\b|[{}]|undefined/i)
    expect(spoken, text).toMatch(/^[\p{Lu}\d].*\.$/u)
    if (!/\d{4}-\d\d-\d\d|points|m?bpm/.test(text))
      expect(numbersOf(spoken), `${text} | ${spoken}`).toEqual(numbersOf(text.replaceAll(' h 0 min', ' h')))
  }
})

test('nothing is in the book that no rule writes', () => {
  const heard = [...sentences.keys()]
  const patternOf = (text: string) =>
    text
      .split(/\{\w+\}/)
      .map((piece) => piece.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.+?')
  const unheard = (book: Readonly<Record<string, string>>, end: string) =>
    Object.entries(book).flatMap(([name, text]) => (heard.some((each) => new RegExp(`^${patternOf(text)}${end}`).test(each)) ? [] : [name]))
  expect(unheard(leads.en, '(?:[,.]| so far)')).toEqual([])
  expect(unheard(comparisonTexts.en, '$')).toEqual([])
  // What a narrator says who has nothing to say.
  expect(unheard(ruleSentences.en, '$')).toEqual(['nothing'])
})

// Made by hand.
test.each([
  [
    'You slept 7 h 51 min, 41 min more than your usual 7 h 10 min (median of 28 nights).',
    'Sie haben 7 h 51 min geschlafen, 41 min mehr als sonst (7 h 10 min, Median von 28 Nächten).',
  ],
  [
    'You took 14,264 steps, 5,970 more than your usual 8,294 (median of 28 days).',
    'Sie sind 14.264 Schritte gegangen, 5.970 mehr als sonst (8.294, Median von 28 Tagen).',
  ],
  [
    'Your resting heart rate was 56 bpm, about your usual 56 bpm (median of 28 days).',
    'Ihr Ruhepuls lag bei 56 bpm, etwa wie sonst (56 bpm, Median von 28 Tagen).',
  ],
  [
    'You were asleep for 95 % of your time in bed, 6 points more than your usual 89 % (median of 28 nights).',
    'Sie haben 95 % der Zeit im Bett geschlafen, 6 Prozentpunkte mehr als sonst (89 %, Median von 28 Nächten).',
  ],
  ['You logged running for 30 min (5.2 km).', 'Aufgezeichnet: Laufen, 30 min (5,2 km).'],
  ['You logged underwater hockey for 30 min.', 'Aufgezeichnet: „underwater hockey“, 30 min.'],
  ['You took 3,000 steps so far.', 'Bisher: Sie sind 3.000 Schritte gegangen.'],
  [
    'Your resting heart rate has been about 66 bpm since 2024-01-13, 6 bpm higher than the 60 bpm before (medians).',
    'Ihr Ruhepuls liegt seit dem 13. Jan. 2024 bei etwa 66 bpm, 6 bpm höher als davor mit 60 bpm (Mediane).',
  ],
])('%s', (english, german) => {
  expect(speak(english, 'de', reader('de')).text.replaceAll('\u00a0', ' ')).toBe(german)
})

test('a distance is told in the units of whoever reads, in either language', () => {
  const english = 'You covered 10.4 km on foot, 4.0 km more than your usual 6.4 km (median of 28 days).'
  expect(speak(english, 'en', reader('en', 'imperial')).text).toBe(
    'You covered 6.5 mi on foot, 2.5 mi more than your usual 4 mi (median of 28 days).',
  )
  expect(speak(english, 'de', reader('de', 'imperial')).text).toBe(
    'Sie haben 6,5 mi zu Fuß zurückgelegt, 2,5 mi mehr als sonst (4 mi, Median von 28 Tagen).',
  )
  expect(speak(english, 'en', reader('en')).text).toBe(english)
})

test('what sentences rest on, and every metric, has a German name', () => {
  const unnamed = (metric: string, name: string) => name.toLowerCase() === metric.replaceAll('_', ' ')
  expect(
    [...evidence].filter(
      (metric) => unnamed(metric, nameOfMetric(metric, 'de')) || / (?:before|median|with)\b/.test(nameOfMetric(metric, 'de')),
    ),
  ).toEqual([])
  expect(metricNames.filter((metric) => unnamed(metric, nameOfSamples(metric, 'de')))).toEqual([])
})

test('what can be asked for of a person has a name in the log of who saw what', () => {
  const paths = Object.values(api)
    .map(({ path }) => path)
    .filter((path) => path.startsWith('/v1/users/{userId}'))
  const types = paths.map((path) =>
    path
      .split('/')
      .slice(2)
      .filter((part) => !part.startsWith('{'))
      .join('/'),
  )
  expect(types.length).toBeGreaterThan(20)
  expect([...types, ...jobTypes.map((type) => `jobs/${type}`)].filter((type) => whatOf(type, (key) => key) === type)).toEqual([])
})

test('what no rule says stays as it is, and is known to be English', () => {
  const free = 'A calm day after a short night.'
  expect(speak(free, 'de', reader('de'))).toEqual({ text: free, language: 'en' })
})
