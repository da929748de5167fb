import type { MetricRow } from '../model/metric-row.ts'
import { type MetricName, metrics } from '../model/metrics.ts'

export const UCUM = 'http://unitsofmeasure.org'
export const OBSERVATION_CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category'
const LOINC = 'http://loinc.org'
const HEALTHKIT = 'http://developer.apple.com/documentation/healthkit'
const OWN = 'https://clarity-loop.org/fhir/metric'

/** LOINC where `model/metrics` has a code, HealthKit's, and our own name. */
export function codingsOf(metric: MetricName, statistic?: string): object[] {
  const { loinc, loincDaily, loincAlso = [], healthKit }: MetricRow = metrics[metric]
  const main = statistic === 'sum' ? (loincDaily ?? loinc) : loinc
  return [
    ...[...(main === null ? [] : [main]), ...(metric === 'oxygen_saturation' ? loincAlso : [])].map((code) => ({ system: LOINC, code })),
    ...(healthKit === null ? [] : [{ system: HEALTHKIT, code: healthKit }]),
    { system: OWN, code: metric },
  ]
}
