import { beforeAll, expect, test } from 'vitest'
import { flag } from './minutes.ts'
import { makePerson } from './person.ts'
import { type SynthesisOptions, synthesise } from './synthesise.ts'
import type { Truth, TruthDay } from './truth.ts'

/** March to November: both clock changes of New York and a journey. */
const base = { seed: 1, lastDate: '2025-11-30', days: 275 } as const

interface Row {
  readonly type: string
  readonly source: string
  readonly unit: string
  readonly startMs: number
  readonly endMs: number
  readonly value: string
  readonly zone: string | undefined
}
let rows: Row[]
let truth: Truth
beforeAll(() => {
  const whole = read(base)
  rows = whole.rows
  truth = whole.truth
}, 60_000)

test('merging steps by time segment, hand before watch before phone, gives the truth of every day', () => {
  expect(mergedSteps(rows, truth.days)).toEqual(truth.days.map(({ date, steps }) => `${date} ${steps}`))
})

test('so it does for other seeds, and for an export that lacks the late batch', () => {
  for (const seed of [2, 3, 4]) {
    for (const part of ['first', 'all'] as const) {
      const export_ = read({ seed, lastDate: '2026-01-31', days: 45, part })
      expect(mergedSteps(export_.rows, export_.truth.days)).toEqual(export_.truth.days.map(({ date, steps }) => `${date} ${steps}`))
    }
  }
})

test('many samples of the phone reach over a place where the watch begins or ceases to count', () => {
  const steps = uniqueRows(rows.filter(({ type }) => type.endsWith('StepCount')))
  const watch = steps.filter(({ source }) => source.includes('Watch'))
  const straddling = steps.filter((phone) => {
    const covering = watch.filter(({ startMs, endMs }) => startMs < phone.endMs && endMs > phone.startMs)
    const coveredMs = covering.reduce((sum, { startMs, endMs }) => sum + Math.min(endMs, phone.endMs) - Math.max(startMs, phone.startMs), 0)
    return phone.source.includes('iPhone') && coveredMs > 0 && coveredMs < phone.endMs - phone.startMs
  })
  expect(straddling.length).toBeGreaterThan(50)
})

test('merging distances gives the truth to the millimetre', () => {
  const merged = merge(
    rows.filter(({ type }) => type.endsWith('DistanceWalkingRunning')),
    truth.days,
  )
  truth.days.forEach(({ distanceMeters }, index) => {
    expect((merged[index] ?? 0) * 1609.344).toBeCloseTo(distanceMeters, 3)
  })
})

test('adding the sources up, or taking the phone alone, would give other steps on almost every day', () => {
  const unique = uniqueRows(rows.filter(({ type }) => type.endsWith('StepCount')))
  const differs = truth.days.filter(({ start, end, steps }) => {
    const inside = unique.filter(({ startMs }) => startMs >= Date.parse(start) && startMs < Date.parse(end))
    return inside.reduce((sum, { value }) => sum + Number(value), 0) !== steps
  })
  expect(differs.length).toBeGreaterThan(270)
})

test('energy, exercise and stand hours are the sums of what the watch wrote', () => {
  const sums: [string, (day: TruthDay) => number | undefined][] = [
    ['ActiveEnergyBurned', (day) => day.activeEnergyKcal],
    ['BasalEnergyBurned', (day) => day.basalEnergyKcal],
    ['AppleExerciseTime', (day) => day.exerciseMinutes],
    ['FlightsClimbed', (day) => day.flightsClimbed],
  ]
  for (const [name, of] of sums) {
    const merged = merge(
      rows.filter(({ type }) => type.endsWith(name)),
      truth.days,
    )
    truth.days.forEach((day, index) => {
      expect(merged[index]).toBeCloseTo(of(day) ?? 0, 6)
    })
  }
})

test('sleep, resting heart rate and heart rate variability stand in the file as the truth has them', () => {
  const of = (name: string) => rows.filter(({ type }) => type.endsWith(name))
  const watch = of('SleepAnalysis').filter(({ source }) => source.includes('Watch'))
  const [restings, sdnns] = [of('RestingHeartRate'), of('SDNN')]
  for (const { start, end, sleep, naps, restingHeartRate, hrvSdnn, wornMinutes } of truth.days) {
    const inside = (row: Row) => row.startMs >= Date.parse(sleep.onset) && row.endMs <= Date.parse(sleep.wake)
    const onDate = (row: Row) => row.startMs >= Date.parse(start) && row.startMs < Date.parse(end)
    const stages = watch.filter(inside)
    const minutes = (word: string) =>
      stages.filter(({ value }) => value.endsWith(word)).reduce((sum, row) => sum + (row.endMs - row.startMs) / 60000, 0)
    const isWatched = sleep.recordedBy === 'watch'
    expect([minutes('Core'), minutes('Deep'), minutes('REM'), minutes('Awake')]).toEqual(
      isWatched ? [sleep.stagesMinutes.light, sleep.stagesMinutes.deep, sleep.stagesMinutes.rem, sleep.awakeMinutes] : [0, 0, 0, 0],
    )
    expect(sleep.asleepMinutes + sleep.awakeMinutes).toBe((Date.parse(sleep.wake) - Date.parse(sleep.onset)) / 60000)
    expect(watch.filter((row) => onDate(row) && naps.some(({ onset }) => Date.parse(onset) === row.startMs)).length).toBe(naps.length)
    const resting = restings.filter(onDate).map(({ value }) => Number(value))
    expect(resting).toEqual(wornMinutes < 600 ? [] : [restingHeartRate])
    const sdnn = sdnns.filter(inside).map(({ value }) => Number(value))
    if (hrvSdnn !== undefined) expect(sdnn.reduce((sum, value) => sum + value, 0) / sdnn.length).toBeCloseTo(hrvSdnn, 9)
  }
})

test('the truth adds up to the minutes it was made from', () => {
  const { minutes, calendar } = makePerson({ ...base, zone: 'America/New_York', abroad: 'Europe/London' })
  const alone = minutes.steps.reduce((sum, steps, minute) => {
    const isWatchOrHand = ((minutes.flags[minute] ?? 0) & (flag.worn | flag.manual)) !== 0
    return sum + (isWatchOrHand ? steps : (minutes.phoneSteps[minute] ?? 0))
  }, 0)
  expect(truth.days.reduce((sum, { steps }) => sum + steps, 0)).toBe(alone)
  // No step was taken that nothing recorded: the truth is also the number of steps.
  expect(minutes.steps.reduce((sum, steps) => sum + steps, 0)).toBe(alone)
  expect(truth.days.reduce((sum, { dayMinutes }) => sum + dayMinutes, 0)).toBe(calendar.minutes)
  expect(minutes.stage.reduce((sum, stage) => sum + (stage > 0 ? 1 : 0), 0)).toBe(
    truth.days.reduce((sum, { sleep, naps }) => sum + sleep.asleepMinutes + naps.reduce((all, nap) => all + nap.asleepMinutes, 0), 0),
  )
})

test('the nights of the clock change are as long as they were', () => {
  const lengths = { '2025-03-09': { day: 1380, shift: -60 }, '2025-11-02': { day: 1500, shift: 60 } }
  for (const [date, { day, shift }] of Object.entries(lengths)) {
    const { dayMinutes, sleep } = truth.days.find((one) => one.date === date) ?? truth.days[0] ?? expect.fail()
    const wall = (iso: string) => Temporal.Instant.from(iso).toZonedDateTimeISO('America/New_York').toPlainDateTime()
    expect(dayMinutes).toBe(day)
    expect(sleep.asleepMinutes + sleep.awakeMinutes - wall(sleep.onset).until(wall(sleep.wake)).total('minutes')).toBe(shift)
  }
})

test('between the sleeps around a flight every sample has one date, wherever the clock is moved', () => {
  const flights = truth.days.filter(({ occasions }) => occasions.some((occasion) => occasion.startsWith('flight')))
  expect(flights.map(({ dayMinutes }) => dayMinutes)).toEqual([19 * 60, 29 * 60])
  const sleeps = rows.filter(({ zone }) => zone !== undefined).sort((a, b) => a.startMs - b.startMs)
  const changes = sleeps.flatMap((row, index) =>
    sleeps[index + 1]?.zone !== row.zone && index + 1 < sleeps.length ? [[row, sleeps[index + 1]] as const] : [],
  )
  expect(changes.length).toBe(2)
  for (const [before, after] of changes) {
    const between = rows.filter(({ startMs }) => startMs >= before.endMs && startMs < (after?.startMs ?? 0))
    const dates = between.flatMap(({ startMs }) => ['America/New_York', 'Europe/London'].map((zone) => dateIn(zone, startMs)))
    expect(between.length).toBeGreaterThan(100)
    expect([...new Set(dates)].length).toBe(1)
  }
})

test('on a day without the watch nothing of it stands in the file, and the phone counts on', () => {
  const days = truth.days.filter(({ occasions }) => occasions.includes('non-wear'))
  expect(days.length).toBe(2)
  for (const { start, end, steps, wornMinutes } of days) {
    const watch = rows.filter(
      ({ source, startMs, endMs }) => source.includes('Watch') && endMs > Date.parse(start) && startMs < Date.parse(end),
    )
    expect(watch).toEqual([])
    expect(steps).toBeGreaterThan(1000)
    expect(wornMinutes).toBe(0)
  }
})

test('the first export and the late batch together are the second export', () => {
  const options = { seed: 5, lastDate: '2026-01-31', days: 40 } as const
  const [first, late, all] = (['first', 'late', 'all'] as const).map((part) => read({ ...options, part }))
  const keys = (parts: (typeof first)[]) => parts.flatMap((part) => part?.rows.map((row) => JSON.stringify(row)) ?? []).sort()
  expect(keys([first, late])).toEqual(keys([all]))
  expect(late?.truth.days).toEqual(all?.truth.days)
  const changed = all?.truth.days.filter((day, index) => JSON.stringify(day) !== JSON.stringify(first?.truth.days[index]))
  expect(changed?.map(({ occasions }) => occasions)).toEqual([['late'], ['late']])
})

function read(options: SynthesisOptions) {
  const { chunks, truth: tell } = synthesise(options)
  const text = [...chunks].join('')
  const pattern =
    /^ <Record type="(\w+)" sourceName="([^"]*)".*?(?: unit="([^"]*)")? creationDate="[^"]*" startDate="([^"]*)" endDate="([^"]*)" value="([^"]*)"(?:>\n {2}<MetadataEntry key="HKTimeZone" value="([^"]*)")?/gm
  const found = [...text.matchAll(pattern)].map(
    ([, type = '', source = '', unit = '', start = '', end = '', value = '', zone]): Row => ({
      type,
      source,
      unit,
      startMs: parse(start),
      endMs: parse(end),
      value,
      zone,
    }),
  )
  return { rows: found, truth: tell() }
}

function parse(text: string): number {
  return Date.parse(`${text.slice(0, 10)}T${text.slice(11, 19)}${text.slice(20, 23)}:${text.slice(23)}`)
}

function dateIn(zone: string, ms: number): string {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDate().toString()
}

function mergedSteps(all: readonly Row[], days: readonly TruthDay[]): string[] {
  const merged = merge(
    all.filter(({ type }) => type.endsWith('StepCount')),
    days,
  )
  return days.map(({ date }, index) => `${date} ${Math.round((merged[index] ?? 0) * 1e6) / 1e6}`)
}

function uniqueRows(all: readonly Row[]): Row[] {
  return [...new Map(all.map((row) => [`${row.source}|${row.startMs}|${row.endMs}|${row.value}`, row])).values()]
}

/** The plain rule: cut the day at every edge; in each piece the best source that covers it gives its share by time. */
function merge(all: readonly Row[], days: readonly TruthDay[]): number[] {
  const rank = (row: Row) => (row.source === 'Health' ? 0 : row.source.includes('Watch') ? 1 : 2)
  const unique = uniqueRows(all)
  return days.map(({ start, end }) => {
    const [from, to] = [Date.parse(start), Date.parse(end)]
    const touching = unique.filter(({ startMs, endMs }) => startMs < to && endMs > from)
    const edges = [...new Set([from, to, ...touching.flatMap(({ startMs, endMs }) => [startMs, endMs])])].filter(
      (ms) => ms >= from && ms <= to,
    )
    edges.sort((a, b) => a - b)
    let total = 0
    edges.forEach((edge, index) => {
      const next = edges[index + 1] ?? edge
      const covering = touching.filter(({ startMs, endMs }) => startMs <= edge && endMs >= next)
      const best = Math.min(...covering.map(rank))
      for (const row of covering)
        if (rank(row) === best && next > edge) total += (Number(row.value) * (next - edge)) / (row.endMs - row.startMs)
    })
    return total
  })
}
