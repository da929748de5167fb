import { uuidOf } from '../analysis/uuid.ts'
import type { Day } from '../model/day.ts'
import type { MetricRow } from '../model/metric-row.ts'
import { type MetricName, metrics } from '../model/metrics.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents } from '../ports/documents.ts'
import { type DayFigure, figuresOf, spanOf } from './day-figures.ts'
import { every } from './every.ts'
import { codingsOf, OBSERVATION_CATEGORY, UCUM } from './fhir-codes.ts'
import { profileResources } from './fhir-profile.ts'
import { requireUser } from './manage-user.ts'

interface FhirDeps {
  readonly documents: Documents
  readonly clock: Clock
}

/**
 * A FHIR R4 Bundle: the person and what they say of themselves, and an Observation of each figure of each day. Written as it is read. Throws `Problem('not_found')` before the first byte.
 */
export async function fhirBundle({ documents, clock }: FhirDeps, userId: string): Promise<AsyncIterable<Uint8Array>> {
  const person = await requireUser({ documents }, userId)
  const patient = uuidOf([userId])
  async function* entries(): AsyncGenerator<string> {
    for (const resource of profileResources(person, patient)) yield entry(resource.id, resource)
    for await (const { body } of every<Day>(documents, { collection: 'days', parent: `users/${userId}` }))
      for (const figure of figuresOf(body)) {
        const id = uuidOf([userId, body.date, figure.metric])
        yield entry(id, observationOf(id, patient, body, figure))
      }
  }
  return bundle(entries(), formatInstant(clock.nowMs()))
}

async function* bundle(entries: AsyncIterable<string>, timestamp: string): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  let text = `{"resourceType":"Bundle","type":"collection","timestamp":${JSON.stringify(timestamp)},"entry":[`
  let isFirst = true
  for await (const each of entries) {
    text += `${isFirst ? '' : ','}\n${each}`
    isFirst = false
    if (text.length < 1 << 18) continue
    yield encoder.encode(text)
    text = ''
  }
  yield encoder.encode(`${text}\n]}\n`)
}

function entry(id: string, resource: object): string {
  return JSON.stringify({ fullUrl: `urn:uuid:${id}`, resource })
}

function observationOf(id: string, patient: string, day: Day, figure: DayFigure): object {
  const { metric, value, statistic } = figure
  const { unit }: MetricRow = metrics[metric]
  const { start, end } = spanOf(day, figure)
  return {
    resourceType: 'Observation',
    id,
    status: 'final',
    category: [{ coding: [{ system: OBSERVATION_CATEGORY, code: isVital(metric) ? 'vital-signs' : 'activity' }] }],
    code: { coding: codingsOf(metric, statistic), text: metric.replaceAll('_', ' ') },
    subject: { reference: `urn:uuid:${patient}` },
    effectivePeriod: { start, end },
    valueQuantity: { value, unit, system: UCUM, code: unit },
    method: { text: `${statistic} of the ${figure.of}` },
  }
}

/** The codes of observation-category have no better word for sleep than activity. */
function isVital(metric: MetricName): boolean {
  return vitals.has(metric)
}

const vitals: ReadonlySet<MetricName> = new Set<MetricName>([
  'heart_rate',
  'resting_heart_rate',
  'max_heart_rate_24h',
  'respiratory_rate',
  'oxygen_saturation',
  'body_weight',
])
