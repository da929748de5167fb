import { uuidOf } from '../analysis/uuid.ts'
import type { Day } from '../model/day.ts'
import type { MetricName } from '../model/metrics.ts'
import type { Documents } from '../ports/documents.ts'
import { type DayFigure, figuresOf, spanOf } from './day-figures.ts'
import { toLines } from './document-lines.ts'
import { every } from './every.ts'
import { requireUser } from './manage-user.ts'

type Body = Readonly<Record<string, unknown>>

interface DataPoint {
  /** `omh:step-count:3.0` */
  readonly schema: `${'omh' | 'ieee'}:${string}:${string}`
  readonly body: (figure: DayFigure) => Body
}

const heartRate = (more: Body = {}): DataPoint => ({
  schema: 'omh:heart-rate:2.0',
  body: ({ value, statistic }) => ({ heart_rate: { value, unit: 'beats/min' }, descriptive_statistic: statistic, ...more }),
})

/** What of a day there is a published schema for, in force or superseded and still used. */
const points: Readonly<Partial<Record<MetricName, DataPoint>>> = {
  steps: { schema: 'omh:step-count:3.0', body: ({ value }) => ({ step_count: { value, unit: 'steps' } }) },
  heart_rate: heartRate(),
  max_heart_rate_24h: heartRate(),
  resting_heart_rate: heartRate({ temporal_relationship_to_physical_activity: 'at rest' }),
  oxygen_saturation: {
    schema: 'omh:oxygen-saturation:2.0',
    body: ({ value }) => ({ oxygen_saturation: { value, unit: '%' }, descriptive_statistic: 'average' }),
  },
  respiratory_rate: {
    schema: 'omh:respiratory-rate:2.0',
    body: ({ value }) => ({ respiratory_rate: { value, unit: 'breaths/min' }, descriptive_statistic: 'average' }),
  },
  body_weight: { schema: 'omh:body-weight:3.0', body: ({ value }) => ({ body_weight: { value, unit: 'kg' } }) },
  sleep_session: {
    schema: 'ieee:total-sleep-time:1.0',
    body: ({ value }) => ({ total_sleep_time: { value, unit: 'min' }, is_main_sleep: true }),
  },
  time_in_bed: { schema: 'ieee:time-in-bed:1.0', body: ({ value }) => ({ time_in_bed: { value, unit: 'min' }, is_main_sleep: true }) },
}

/**
 * Data points of Open mHealth and IEEE 1752.1, one a line: header and body, each of a published schema. Throws `Problem('not_found')` before
 * the first byte.
 */
export async function omhDataPoints({ documents }: { readonly documents: Documents }, userId: string): Promise<AsyncIterable<Uint8Array>> {
  await requireUser({ documents }, userId)
  async function* lines(): AsyncGenerator<object> {
    for await (const { body: day } of every<Day>(documents, { collection: 'days', parent: `users/${userId}` }))
      for (const figure of figuresOf(day)) {
        const point = points[figure.metric]
        if (point !== undefined) yield dataPoint(userId, day, figure, point)
      }
  }
  return toLines(lines())
}

function dataPoint(userId: string, day: Day, figure: DayFigure, { schema, body }: DataPoint): object {
  const [namespace, name, version] = schema.split(':')
  const { start, end } = spanOf(day, figure)
  return {
    header: {
      uuid: uuidOf(['omh', userId, day.date, figure.metric]),
      schema_id: { namespace, name, version },
      source_creation_date_time: day.madeAt ?? end,
      modality: 'sensed',
    },
    body: { ...body(figure), effective_time_frame: { time_interval: { start_date_time: start, end_date_time: end } } },
  }
}
