import { expect, test } from 'vitest'
import type { MetricRow } from './metric-row.ts'
import { isMetricName, metricNames, metricOfHealthKit, metrics } from './metrics.ts'

/** Name, unit, kind, LOINC: as published in HealthKitOnFHIR's mapping and the HL7 Physical Activity and PHR guides. */
const published = `
heart_rate /min discrete 8867-4
resting_heart_rate /min discrete 40443-4
walking_heart_rate_avg /min discrete -
hrv_sdnn ms discrete 80404-7
hrv_rmssd ms discrete -
heart_rate_recovery_1min /min discrete -
max_heart_rate_24h /min discrete 8873-2
oxygen_saturation % discrete 59408-5
respiratory_rate /min discrete 9279-1
body_temperature Cel discrete 8310-5
skin_temperature_delta Cel discrete -
blood_pressure_systolic mm[Hg] discrete 8480-6
blood_pressure_diastolic mm[Hg] discrete 8462-4
blood_glucose mg/dL discrete 41653-7
steps {steps} cumulative 55423-8
distance_walking_running m cumulative -
active_energy kcal cumulative 41981-2
basal_energy kcal cumulative -
flights_climbed {flights} cumulative 100304-5
exercise_minutes min cumulative 55411-3
active_minutes min cumulative 77592-4
stand_hours h cumulative -
vo2_max mL/kg/min discrete -
body_weight kg discrete 29463-7
body_height cm discrete 8302-2
body_mass_index kg/m2 discrete 39156-5
body_fat % discrete 41982-0
lean_body_mass kg discrete 91557-9
waist_circumference cm discrete 8280-0
workout {session} category 73985-4
sleep_session min category 93832-4
sleep_deep min category 93831-6
sleep_light min category 93830-8
sleep_rem min category 93829-0
time_in_bed min category -
mindful_minutes min category -
water_intake mL cumulative -
accelerometer [g] discrete -
`
  .trim()
  .split('\n')
  .map((line) => line.split(' '))

test('the table holds every published row, in order, before the additions', () => {
  const ours = metricNames.map((name): [string, MetricRow] => [name, metrics[name]]).filter(([, row]) => !row.addition)
  expect(ours.map(([name, row]) => [name, row.unit, row.kind, row.loinc ?? '-'])).toEqual(published)
})

test('every LOINC code has a right check digit', () => {
  const codes = metricNames.flatMap((name) => {
    const row: MetricRow = metrics[name]
    return [row.loinc, row.loincDaily, row.loincPanel, ...(row.loincAlso ?? [])].filter((code) => typeof code === 'string')
  })
  expect(codes.length).toBeGreaterThan(25)
  for (const code of codes) expect(luhn(code.replace('-', '')), code).toBe(true)
})

test('an identifier of HealthKit leads to one metric', () => {
  const expected = {
    HKQuantityTypeIdentifierStepCount: 'steps',
    HKQuantityTypeIdentifierHeartRate: 'heart_rate',
    HKQuantityTypeIdentifierHeartRateVariabilitySDNN: 'hrv_sdnn',
    HKQuantityTypeIdentifierBloodPressureSystolic: 'blood_pressure_systolic',
    HKCategoryTypeIdentifierSleepAnalysis: 'sleep_session',
    HKCategoryTypeIdentifierAppleStandHour: 'stand_hours',
    HKQuantityTypeIdentifierAppleSleepingWristTemperature: 'wrist_temperature',
  }
  for (const [identifier, metric] of Object.entries(expected)) expect(metricOfHealthKit.get(identifier), identifier).toBe(metric)
  expect(metricOfHealthKit.get('StepCount')).toBeUndefined()
})

test('no two metrics claim the same identifier to be read', () => {
  const claimed = metricNames.flatMap((name) => {
    const { healthKit, healthKitValue, healthKitReadAs }: MetricRow = metrics[name]
    return healthKit && !healthKitValue && !healthKitReadAs ? [healthKit] : []
  })
  expect(new Set(claimed).size).toBe(claimed.length)
  expect(metricOfHealthKit.size).toBe(claimed.length)
})

test('ranges are ordered, and heart rate has the documented one', () => {
  for (const name of metricNames) expect(metrics[name].plausible[0], name).toBeLessThan(metrics[name].plausible[1])
  expect(metrics.heart_rate).toMatchObject({ plausible: [30, 220], outOfRange: 'hr_out_of_range' })
})

test('names of the prototype are not metrics', () => {
  for (const name of ['constructor', 'toString', '__proto__', '', 'HEART_RATE']) expect(isMetricName(name)).toBe(false)
})

/** LOINC check digits are Luhn (mod 10). */
function luhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 1 : 2)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}
