import { uuidOf } from '../analysis/uuid.ts'
import type { Day } from '../model/day.ts'
import type { MetricRow } from '../model/metric-row.ts'
import { type MetricName, metrics } from '../model/metrics.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents } from '../ports/documents.ts'
import { type DayFigure, figuresOf, spanOf } from './day-figures.ts'
import { every } from './every.ts'
import { requireUser, type UserRecord } from './manage-user.ts'

interface FhirDeps {
  readonly documents: Documents
  readonly clock: Clock
}

const LOINC = 'http://loinc.org'
const HEALTHKIT = 'http://developer.apple.com/documentation/healthkit'
const OWN = 'https://clarity-loop.org/fhir/metric'
const UCUM = 'http://unitsofmeasure.org'
const CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category'

/**
 * A FHIR R4 Bundle: the person, and an Observation of each figure of each day, under LOINC where `model/metrics` has a code, HealthKit's and
 * our own name. Written as it is read. Throws `Problem('not_found')` before the first byte.
 */
export async function fhirBundle({ documents, clock }: FhirDeps, userId: string): Promise<AsyncIterable<Uint8Array>> {
  const person = await requireUser({ documents }, userId)
  const patient = uuidOf([userId])
  async function* entries(): AsyncGenerator<string> {
    yield entry(patient, patientOf(person, patient))
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

/** Nothing that the profile does not say; a gender that was not told is unknown. */
function patientOf({ user }: UserRecord, id: string): object {
  const { displayName, gender, dateOfBirth } = user.profile
  const isCode = gender === 'male' || gender === 'female' || gender === 'other'
  return {
    resourceType: 'Patient',
    id,
    ...(displayName !== undefined && { name: [{ text: displayName }] }),
    ...(isCode && { gender }),
    ...(typeof dateOfBirth === 'string' && { birthDate: dateOfBirth }),
  }
}

function observationOf(id: string, patient: string, day: Day, figure: DayFigure): object {
  const { metric, value, statistic } = figure
  const { unit }: MetricRow = metrics[metric]
  const { start, end } = spanOf(day, figure)
  return {
    resourceType: 'Observation',
    id,
    status: 'final',
    category: [{ coding: [{ system: CATEGORY, code: isVital(metric) ? 'vital-signs' : 'activity' }] }],
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

function codingsOf(metric: MetricName, statistic: DayFigure['statistic']): object[] {
  const { loinc, loincDaily, loincAlso = [], healthKit }: MetricRow = metrics[metric]
  const main = statistic === 'sum' ? (loincDaily ?? loinc) : loinc
  return [
    ...[...(main === null ? [] : [main]), ...(metric === 'oxygen_saturation' ? loincAlso : [])].map((code) => ({ system: LOINC, code })),
    ...(healthKit === null ? [] : [{ system: HEALTHKIT, code: healthKit }]),
    { system: OWN, code: metric },
  ]
}
