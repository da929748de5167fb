import { carefulDate } from './careful-date.ts'
import { metadataOf } from './careful.ts'
import type { RowWriter } from './row-writer.ts'
import { Bits, MISSING } from './rows.ts'
import type { Tag } from './tag.ts'
import type { Tally } from './tally.ts'
import type { Vocabulary } from './vocabulary.ts'

type Attributes = Record<string, string>

/** A workout as the file tells it: every attribute of it and of its children. GPS points stay in the original file and are counted. */
export interface WorkoutRecord {
  readonly attributes: Attributes
  readonly metadata: Attributes
  readonly statistics: Attributes[]
  readonly events: Attributes[]
  readonly activities: Attributes[]
  readonly routes: string[]
  locations: number
}

const MOST_CHILDREN = 5_000

export function workoutReader(vocabulary: Vocabulary, rows: RowWriter, tally: Tally) {
  let current: WorkoutRecord | undefined
  let where = ''

  const children: Record<string, (workout: WorkoutRecord, attributes: Attributes) => void> = {
    MetadataEntry: (workout, { key, value }) => {
      if (key !== undefined && !(key in workout.metadata)) workout.metadata[key] = value ?? ''
    },
    WorkoutStatistics: (workout, attributes) => keep(workout.statistics, attributes),
    WorkoutEvent: (workout, attributes) => keep(workout.events, attributes),
    WorkoutActivity: (workout, attributes) => keep(workout.activities, attributes),
    FileReference: (workout, { path }) => {
      if (path !== undefined && workout.routes.length < MOST_CHILDREN) workout.routes.push(path)
    },
    Location: (workout) => {
      workout.locations++
    },
  }

  function keep(list: Attributes[], attributes: Attributes): void {
    if (list.length < MOST_CHILDREN) list.push(attributes)
    else tally.note('workout_children_left_in_original', where)
  }

  function write(workout: WorkoutRecord): void {
    const { attributes } = workout
    const start = carefulDate(attributes.startDate ?? '')
    const end = carefulDate(attributes.endDate ?? '')
    const bad = typeof start === 'string' ? start : typeof end === 'string' ? end : end.ms < start.ms ? 'end_before_start' : undefined
    if (bad !== undefined || typeof start === 'string' || typeof end === 'string') {
      tally.counts.rejected++
      tally.note(bad ?? 'invalid_date', where)
      return
    }
    const created = carefulDate(attributes.creationDate ?? '')
    const known = metadataOf(vocabulary, workout.metadata)
    rows.add(
      start.ms,
      end.ms,
      vocabulary.put(JSON.stringify(workout)),
      typeof created === 'string' ? MISSING : Math.round((created.ms - end.ms) / 1000),
      known.position,
      vocabulary.named('Workout'),
      vocabulary.originNamed(attributes.sourceName ?? 'unknown', attributes.sourceVersion ?? null, null),
      vocabulary.place(start.offsetMinutes, known.zone),
      Bits.TEXT | known.bits,
    )
  }

  return {
    isOpen: () => current !== undefined,
    begin(tag: Tag, place: string): void {
      tally.counts.received++
      tally.counts.workouts++
      where = place
      const attributes = Object.fromEntries(tag.attributes)
      if (attributes.device !== undefined) attributes.device = attributes.device.replace(/^<<HKDevice: 0x[0-9a-fA-F]+>, /, '')
      current = { attributes, metadata: Object.create(null), statistics: [], events: [], activities: [], routes: [], locations: 0 }
    },
    child(tag: Tag): void {
      if (current) children[tag.name]?.(current, Object.fromEntries(tag.attributes))
    },
    end(): void {
      if (current) write(current)
      current = undefined
    },
  }
}
