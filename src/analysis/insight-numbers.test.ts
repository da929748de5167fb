import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aDay, aNight, daysBefore } from '../../test/fixtures/days.ts'
import { templateNarrator } from '../adapters/narrator/template.ts'
import type { Day } from '../model/day.ts'
import { StoredInsight } from '../model/insight.ts'
import { unsupportedNumbers } from './evidence.ts'
import { completeInsight, composeInsight } from './insight.ts'
import { mentionsMedicine, objectionsTo } from './narrative.ts'

const date = '2024-03-12'
const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 4 })
const between = (min: number, max: number) => fc.double({ min, max, noNaN: true })

const night = fc.record({
  asleep: between(1, 900),
  awake: between(0, 200),
  bedtime: fc.integer({ min: 720, max: 2159 }),
  efficiency: some(between(0, 1)),
  basis: fc.constantFrom('maintenance', 'time_in_bed'),
  stages: some(fc.record({ light: between(0, 400), deep: between(0, 200), rem: between(0, 200), unspecified: between(0, 100) })),
  method: fc.constantFrom('device_stages', 'device_sleep', 'cole_kripke', 'actigraphy_transformer'),
})

const figures = fc.record({
  night: some(night),
  steps: some(fc.integer({ min: 0, max: 60_000 })),
  activeMinutes: some(between(0, 400)),
  distanceMeters: some(between(0, 60_000)),
  caloriesBurned: some(between(0, 6000)),
  resting: some(between(30, 220)),
  average: some(between(30, 220)),
  hrv: some(fc.record({ value: between(0, 500), kind: fc.constantFrom('sdnn', 'rmssd') })),
  nap: some(between(0, 200)),
  workout: some(
    fc.record({
      type: fc.constantFrom('running', 'high_intensity_interval_training', '3 x 1000'),
      minutes: between(0, 400),
      metres: some(between(0, 50_000)),
    }),
  ),
  wornMinutes: fc.integer({ min: 0, max: 1380 }),
})

type Drawn<A> = A extends fc.Arbitrary<infer T> ? T : never

function dayOf(each: string, drawn: Drawn<typeof figures>): Day {
  const { night: slept, hrv, nap, workout, resting, average, wornMinutes, ...plain } = drawn
  return aDay(each, {
    ...plain,
    sleep: slept === undefined ? undefined : nightOf(each, slept),
    heartRate: { method: 'device', ...(resting === undefined ? {} : { resting }), ...(average === undefined ? {} : { average }) },
    hrv: hrv === undefined ? undefined : { ...hrv, window: 'night', samples: 5 },
    naps: nap === undefined ? [] : [{ onset: '', wake: '', asleepMinutes: nap, source: 'watch' }],
    workouts: workout === undefined ? [] : [workoutOf(workout)],
    coverage: { dayMinutes: 1440, wornMinutes, metrics: {} },
  })
}

function nightOf(
  each: string,
  { asleep, awake, bedtime, efficiency, basis, stages, method }: Drawn<typeof night>,
): NonNullable<Day['sleep']> {
  return {
    ...aNight(each, asleep, { bedtime, awakeMinutes: awake }),
    ...(efficiency === undefined ? {} : { efficiency, efficiencyBasis: basis }),
    ...(stages === undefined ? {} : { stagesMinutes: stages }),
    method,
  }
}

function workoutOf({ type, minutes, metres }: NonNullable<Drawn<typeof figures>['workout']>): Day['workouts'][number] {
  return {
    type,
    startTime: '',
    endTime: '',
    durationMinutes: minutes,
    source: 'watch',
    ...(metres === undefined ? {} : { distanceMeters: metres }),
  }
}

const history = fc
  .tuple(fc.array(figures, { minLength: 40, maxLength: 40 }), fc.integer({ min: 0, max: 40 }))
  .map(([drawn, count]) => daysBefore(date, count, (each, at) => dayOf(each, drawn[at - 1] as Drawn<typeof figures>)))

test('every number of every sentence stands in that sentence’s evidence, whatever the days hold', async () => {
  await fc.assert(
    fc.asyncProperty(
      figures,
      history,
      fc.constantFrom('metric', 'imperial'),
      some(fc.integer({ min: 1, max: 110 })),
      fc.boolean(),
      async (drawn, past, units, ageYears, over) => {
        const draft = composeInsight({
          day: dayOf(date, drawn),
          history: past,
          generatedAt: over ? '2024-03-14T00:00:00Z' : '2024-03-12T18:00:00Z',
          processingTimeS: 0,
          units,
          ...(ageYears === undefined ? {} : { ageYears }),
        })
        for (const { text, evidence } of draft.facts.statements) expect([text, unsupportedNumbers(text, evidence)]).toEqual([text, []])
        const insight = completeInsight(draft, await templateNarrator.summarise(draft.facts), { narrator: 'template' })
        expect(StoredInsight.parse(insight)).toEqual(insight)
        for (const [pointer, text] of sentencesOf(insight)) {
          const evidence = insight.evidence[pointer] ?? []
          expect([pointer, evidence.length > 0]).toEqual([pointer, true])
          expect([text, unsupportedNumbers(text, evidence)]).toEqual([text, []])
          expect([text, mentionsMedicine(text)]).toEqual([text, false])
        }
        expect(Object.keys(insight.evidence).toSorted()).toEqual(
          sentencesOf(insight)
            .map(([pointer]) => pointer)
            .toSorted(),
        )
        expect(objectionsTo(insight.narrative?.summary ?? '', insight.evidence['/narrative/summary'] ?? [])).toEqual([])
      },
    ),
    { numRuns: 300 },
  )
})

/** Pointer and text of every sentence of an insight. */
function sentencesOf({ data, narrative }: StoredInsight): (readonly [pointer: string, text: string])[] {
  const lists = [
    ...Object.entries(data).map(([name, section]) => [`/data/${name}/insights`, section?.insights ?? []] as const),
    ['/narrative/recommendations', narrative?.recommendations ?? []] as const,
    ['/narrative/achievements', narrative?.achievements ?? []] as const,
  ]
  return [
    ['/narrative/summary', narrative?.summary ?? ''],
    ...lists.flatMap(([path, texts]) => texts.map((text, at) => [`${path}/${at}`, text] as const)),
  ]
}
