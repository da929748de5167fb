import type { CalendarDay } from './calendar.ts'
import { mix } from './dice.ts'
import type { Person } from './person.ts'
import type { RecordText, Writer } from './writer.ts'

const quantity = (name: string) => `HKQuantityTypeIdentifier${name}`
const byHand = [['HKWasUserEntered', '1']] as const

/** Pounds on the scale after rising, two days in three; absent on other days and abroad. */
export function bodyMassText({ body, seed }: Person, day: CalendarDay): string | undefined {
  if (mix(seed, day.index) % 3 === 0 || day.occasions.has('abroad') || day.occasions.has('flight-back')) return undefined
  return ((body.weightKg[day.index] ?? 77) / 0.45359237).toFixed(4)
}

export function writeBodyMass(person: Person, day: CalendarDay, writer: Writer) {
  const value = bodyMassText(person, day)
  const ms = after(person, day, 6)
  const base = { type: quantity('BodyMass'), device: 'scale', fromMs: ms, toMs: ms } as const
  const link = `steadyfoot://measure?person=1&day=${day.index}&kind="mass"`
  if (value !== undefined)
    writer.record({
      ...base,
      unit: 'lb',
      value,
      metadata: [
        ['HKWasUserEntered', '0'],
        ['Steadyfoot Link', link],
      ],
    })
  if (day.occasions.has('misread')) {
    writer.record({ ...base, fromMs: ms + 1000, toMs: ms + 1000, unit: 'firkin', value: '1.9', doubt: 'unknownUnits' })
  }
}

/** Once a week, by hand; the Correlation that holds the pair again comes with `writeCorrelation`. */
export function writeBloodPressure(person: Person, day: CalendarDay, writer: Writer) {
  for (const record of bloodPressure(person, day)) writer.record(record)
}

export function writeCorrelation(person: Person, day: CalendarDay, writer: Writer) {
  const pair = bloodPressure(person, day)
  const first = pair[0]
  if (first === undefined || writer.part === 'late') return
  const { stamp, totals } = writer
  const dates = `creationDate="${stamp.date(first.toMs + 20000)}" startDate="${stamp.date(first.fromMs)}" endDate="${stamp.date(first.toMs)}"`
  writer.write(` <Correlation type="HKCorrelationTypeIdentifierBloodPressure" sourceName="Health" sourceVersion="18.1" ${dates}>\n`)
  writer.write(writer.metadata(byHand, '  '))
  for (const record of pair) writer.record({ ...record, isNested: true })
  writer.write(' </Correlation>\n')
  totals.correlations++
}

/** The unit of glucose names its molar mass in angle brackets, so it comes escaped. */
export function writeGlucose(person: Person, day: CalendarDay, writer: Writer) {
  if (day.index % 10 !== 4) return
  const ms = after(person, day, 25)
  const value = (4.7 + (mix(person.seed, ms) % 12) / 10).toFixed(1)
  writer.record({
    type: quantity('BloodGlucose'),
    device: 'hand',
    unit: 'mmol<180.1558800000541>/L',
    value,
    fromMs: ms,
    toMs: ms,
    metadata: byHand,
  })
}

export function writeWater(person: Person, day: CalendarDay, writer: Writer) {
  if (day.index % 4 !== 1) return
  for (const minutes of [30, 250]) {
    const ms = after(person, day, minutes)
    writer.record({ type: quantity('DietaryWater'), device: 'hand', unit: 'fl_oz_us', value: '12', fromMs: ms, toMs: ms, metadata: byHand })
  }
}

/** A type that no reader can know yet. */
export function writeUnknownType(person: Person, day: CalendarDay, writer: Writer) {
  if (day.index % 30 !== 12) return
  const ms = after(person, day, 90)
  const record = { type: quantity('TidalPatience'), unit: 'count', value: '3', fromMs: ms, toMs: ms } as const
  writer.record({ ...record, device: 'phone', doubt: 'unknownTypes' })
}

function bloodPressure(person: Person, day: CalendarDay): RecordText[] {
  if (day.weekday !== 1) return []
  const ms = after(person, day, 20)
  const chance = mix(person.seed, day.index + 900)
  const base = { device: 'hand', unit: 'mmHg', fromMs: ms, toMs: ms, metadata: byHand } as const
  return [
    { ...base, type: quantity('BloodPressureSystolic'), value: String(112 + (chance % 16)) },
    { ...base, type: quantity('BloodPressureDiastolic'), value: String(68 + ((chance >>> 8) % 14)) },
  ]
}

/** So many minutes after rising. */
function after(person: Person, day: CalendarDay, minutes: number): number {
  return person.calendar.originMs + ((person.nights[day.index]?.rise ?? day.from) + minutes) * 60000
}
