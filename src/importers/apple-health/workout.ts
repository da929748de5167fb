import { metadataOf } from './careful.ts'
import { carefulDate } from './careful-date.ts'
import { addRow, type RowWriter } from './row-writer.ts'
import { Bits } from './rows.ts'
import type { Tag } from './tag.ts'
import type { Tally } from './tally.ts'
import type { Vocabulary } from './vocabulary.ts'

type Attributes = Record<string, string>

/** A workout as the file tells it: every attribute of it and of its children. GPS points stay in the original file and are counted. */
export interface WorkoutRecord {
  readonly attributes: Attributes
  readonly metadata: Attributes
  /** Of the whole workout. */
  readonly statistics: Attributes[]
  /** With the metadata that stand inside them, and so are the three lists below. */
  readonly events: Attributes[]
  readonly activities: Attributes[]
  /** Of one activity each: the one whose `uuid` they carry. */
  readonly activityStatistics: Attributes[]
  /** `path` is the file in the archive. */
  readonly routes: Attributes[]
  locations: number
}

const MOST_CHILDREN = 5_000
/** Characters of all attributes of one workout: real ones have some thousands. */
const MOST_TEXT = 1 << 22

export function workoutReader(vocabulary: Vocabulary, rows: RowWriter, tally: Tally) {
  let current: WorkoutRecord | undefined
  let where = ''
  let size = 0

  // A map, since an element may be called `constructor`.
  const lists: ReadonlyMap<string, (workout: WorkoutRecord) => Attributes[]> = new Map([
    ['WorkoutStatistics', ({ statistics }) => statistics],
    ['WorkoutEvent', ({ events }) => events],
    ['WorkoutActivity', ({ activities }) => activities],
    ['WorkoutRoute', ({ routes }) => routes],
  ])

  function add(workout: WorkoutRecord, { name, attributes }: Tag, parent: string): void {
    const inside = parent === 'Workout' ? workout.metadata : lists.get(parent)?.(workout).at(-1)
    if (name === 'Location') workout.locations++
    else if (name === 'MetadataEntry') put(inside, attributes.get('key') ?? '', attributes.get('value') ?? '')
    else if (name === 'FileReference') put(inside, 'path', attributes.get('path') ?? '')
    else if (name === 'WorkoutStatistics' && parent === 'WorkoutActivity')
      keep(workout.activityStatistics, { ...Object.fromEntries(attributes), uuid: inside?.uuid ?? '' })
    else {
      const list = lists.get(name)?.(workout)
      if (list) keep(list, Object.fromEntries(attributes))
    }
  }

  function put(into: Attributes | undefined, key: string, value: string): void {
    if (into && !Object.hasOwn(into, key) && fits(key.length + value.length)) into[key] = value
  }

  function keep(list: Attributes[], attributes: Attributes): void {
    const length = Object.entries(attributes).reduce((sum, [key, value]) => sum + key.length + value.length, 0)
    if (list.length >= MOST_CHILDREN) tally.note('workout_children_left_in_original', where)
    else if (fits(length)) list.push(attributes)
  }

  function fits(length: number): boolean {
    size += length
    if (size <= MOST_TEXT) return true
    tally.note('workout_children_left_in_original', where)
    return false
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
    addRow(
      rows,
      start.ms,
      end.ms,
      vocabulary.put(JSON.stringify(workout)),
      typeof created === 'string' ? Number.NaN : created.ms,
      known.position,
      vocabulary.named('Workout'),
      vocabulary.originNamed(attributes.sourceName ?? 'unknown', attributes.sourceVersion ?? null, attributes.device || null),
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
      if (attributes.device !== undefined) attributes.device = attributes.device.replace(/^<<HKDevice: 0x[0-9a-fA-F]+>(?:, )?(.*)>$/s, '$1')
      size = 0
      current = {
        attributes,
        metadata: Object.create(null),
        statistics: [],
        events: [],
        activities: [],
        activityStatistics: [],
        routes: [],
        locations: 0,
      }
    },
    child(tag: Tag, parent: string): void {
      if (current) add(current, tag, parent)
    },
    end(): void {
      if (current) write(current)
      current = undefined
    },
  }
}
