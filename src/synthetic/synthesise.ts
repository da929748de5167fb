import type { CalendarDay } from './calendar.ts'
import { devices } from './devices.ts'
import { doctype } from './dtd.ts'
import { makePerson, type Person } from './person.ts'
import { type RecordWriter, recordWriters, writeHrv } from './records.ts'
import { routePath, routeText } from './route.ts'
import { writeCorrelation } from './sparse-records.ts'
import type { Truth } from './truth.ts'
import { truthDay } from './truth-day.ts'
import { routedExercise, writeWorkouts } from './workouts.ts'
import { makeWriter, type Part, type Writer } from './writer.ts'

export interface SynthesisOptions {
  readonly seed: number
  /** `YYYY-MM-DD`, the last date with data. */
  readonly lastDate: string
  readonly days: number
  /** IANA zone of the home; default America/New_York. */
  readonly zone?: string
  /** Nine days in London, from 30 days on; default true where home is America/New_York, the only home from which it is known. */
  readonly traveller?: boolean
  readonly part?: Part
  /** `exporter` (default, as the Health app does): one offset in the whole file. `capture`: the offset of the place and season. */
  readonly offsets?: 'exporter' | 'capture'
  readonly dtd?: 'valid' | 'ios16'
  /** Puts a vertical tab (0x0B), which XML forbids, into one metadata value. */
  readonly controlByte?: boolean
}

export interface Synthesis {
  /** The text of export.xml in pieces of about 64 kB; can be walked once. */
  readonly chunks: Iterable<string>
  /** Ready when `chunks` has been walked to its end, as the totals are counted in writing; throws before. */
  readonly truth: () => Truth
  /** A route that a workout refers to; `path` is below `apple_health_export/`. */
  readonly gpx?: { readonly path: string; readonly text: string }
}

const birthDate = '1986-04-12'
const newYork = 'America/New_York'

/** A synthetic person's Apple Health export with its ground truth. The same options give the same bytes on every machine. */
export function synthesise(options: SynthesisOptions): Synthesis {
  const { seed, lastDate, days, zone = newYork, traveller = zone === newYork, part = 'all', offsets = 'exporter' } = options
  if (!Number.isInteger(days) || days < 1) throw new RangeError(`synthetic person: days must be a whole number from 1, not ${days}`)
  if (traveller && zone !== newYork)
    throw new RangeError(`synthetic person: the trip to London is only known from ${newYork}, not from ${zone}`)
  const person = makePerson({ seed, lastDate, days, zone, abroad: traveller ? 'Europe/London' : undefined })
  const writer = makeWriter(person, { part, offsets })
  let isDone = false
  function* writeAll() {
    yield* writeExport(person, writer, options)
    isDone = true
  }
  const routed = part === 'late' ? undefined : routedExercise(person)
  return {
    chunks: writeAll(),
    truth: () => {
      if (!isDone) throw new Error('synthetic person: the truth is known when all chunks have been read')
      return makeTruth(person, writer)
    },
    ...(routed === undefined ? {} : { gpx: { path: routePath(person, routed), text: routeText(person, routed) } }),
  }
}

function* writeExport(person: Person, writer: Writer, { dtd = 'valid', controlByte = false }: SynthesisOptions): Generator<string, void> {
  writer.write(`<?xml version="1.0" encoding="UTF-8"?>\n${doctype(dtd)}<HealthData locale="en_US">\n`)
  writer.write(` <ExportDate value="${writer.stamp.date(writer.exportMs)}"/>\n`)
  const me = [
    ['DateOfBirth', birthDate],
    ['BiologicalSex', 'HKBiologicalSexFemale'],
    ['BloodType', 'HKBloodTypeOPositive'],
    ['FitzpatrickSkinType', 'HKFitzpatrickSkinTypeNotSet'],
    ['CardioFitnessMedicationsUse', 'None'],
  ].map(([name, value]) => ` HKCharacteristicTypeIdentifier${name}="${value}"`)
  writer.write(` <Me${me.join('')}/>\n`)
  if (controlByte) writeControlByte(person, writer)
  for (const write of [...recordWriters, writeCorrelation, writeWorkouts, writeSummary, writeHrv] satisfies RecordWriter[]) {
    for (const day of person.calendar.days) {
      write(person, day, writer)
      yield* writer.full()
    }
  }
  writer.write('</HealthData>\n')
  yield* [...writer.full(), writer.rest()]
}

function writeControlByte({ calendar }: Person, writer: Writer) {
  const ms = calendar.originMs + 12 * 3600000
  const metadata = [['Note', 'walked\u000bhome']] as const
  writer.record({ type: 'HKQuantityTypeIdentifierDietaryWater', device: 'hand', unit: 'mL', value: '200', fromMs: ms, toMs: ms, metadata })
}

/** The activity rings of a date, as the watch knew them at the time of the export. */
function writeSummary(person: Person, day: CalendarDay, writer: Writer) {
  if (writer.part === 'late' && !day.occasions.has('late')) return
  const { date, activeEnergyKcal = 0, exerciseMinutes = 0, standHours = 0 } = truthDay(person, day, writer.part)
  const energy = `activeEnergyBurned="${activeEnergyKcal.toFixed(3)}" activeEnergyBurnedGoal="480" activeEnergyBurnedUnit="Cal"`
  const exercise = `appleMoveTime="0" appleMoveTimeGoal="0" appleExerciseTime="${exerciseMinutes}" appleExerciseTimeGoal="30"`
  const stand = `appleStandHours="${standHours}" appleStandHoursGoal="12"`
  writer.write(` <ActivitySummary dateComponents="${date}" ${energy} ${exercise} ${stand}/>\n`)
  writer.totals.activitySummaries++
}

function makeTruth(person: Person, { part, exportMs, totals }: Writer): Truth {
  return {
    format: 'clarity-synthetic-truth-1',
    seed: person.seed,
    part,
    exportedAt: Temporal.Instant.fromEpochMilliseconds(exportMs).toString(),
    birthDate,
    sex: 'female',
    home: person.calendar.home,
    zones: person.calendar.timeline,
    sources: Object.values(devices).map(({ name, kind }) => ({ name, kind })),
    days: person.calendar.days.map((day) => truthDay(person, day, part)),
    totals,
  }
}
