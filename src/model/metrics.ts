import { type Codes, cumulative, discrete, hk, type MetricRow, session } from './metric-row.ts'
import { additionalMetrics } from './metrics-additional.ts'

const atRest: Codes = {
  loinc: '40443-4',
  healthKit: hk('RestingHeartRate'),
  healthConnect: 'RestingHeartRateRecord',
  omh: 'omh:heart-rate:2.0',
}
const sleepAnalysis = 'HKCategoryTypeIdentifierSleepAnalysis'
const stage = { healthKit: sleepAnalysis, healthConnect: 'SleepSessionRecord', omh: 'ieee:sleep-episode' }

/**
 * Every metric: its unit (UCUM), kind, plausible range in that unit, and its names elsewhere. LOINC codes are from
 * HealthKitOnFHIR's mapping and the HL7 Physical Activity and PHR guides. A cumulative value is an amount over its
 * interval, a discrete one a reading, a category an episode (value: its minutes).
 */
export const metrics = {
  heart_rate: {
    ...discrete('/min', 30, 220, {
      loinc: '8867-4',
      healthKit: hk('HeartRate'),
      healthConnect: 'HeartRateRecord',
      omh: 'omh:heart-rate:2.0',
    }),
    outOfRange: 'hr_out_of_range',
  },
  resting_heart_rate: { ...discrete('/min', 30, 220, atRest), daily: true },
  walking_heart_rate_avg: discrete('/min', 30, 220, { healthKit: hk('WalkingHeartRateAverage'), omh: 'omh:heart-rate:2.0' }),
  // SDNN and RMSSD are different quantities (Task Force 1996) and are never merged.
  hrv_sdnn: discrete('ms', 0, 500, { loinc: '80404-7', healthKit: hk('HeartRateVariabilitySDNN'), omh: 'omh:rr-interval:1.0' }),
  hrv_rmssd: discrete('ms', 0, 500, { healthConnect: 'HeartRateVariabilityRmssdRecord', omh: 'omh:rr-interval:1.0' }),
  heart_rate_recovery_1min: discrete('/min', -100, 200, { healthKit: hk('HeartRateRecoveryOneMinute') }),
  max_heart_rate_24h: { ...discrete('/min', 30, 220, { loinc: '8873-2', omh: 'omh:heart-rate:2.0' }), daily: true, derived: true },
  oxygen_saturation: {
    ...discrete('%', 20, 100, {
      loinc: '59408-5',
      loincAlso: ['2708-6'],
      healthKit: hk('OxygenSaturation'),
      healthConnect: 'OxygenSaturationRecord',
      omh: 'omh:oxygen-saturation:2.0',
    }),
    healthKitFraction: true,
  },
  respiratory_rate: discrete('/min', 1, 100, {
    loinc: '9279-1',
    healthKit: hk('RespiratoryRate'),
    healthConnect: 'RespiratoryRateRecord',
    omh: 'omh:respiratory-rate:2.0',
  }),
  body_temperature: discrete('Cel', 20, 46, {
    loinc: '8310-5',
    healthKit: hk('BodyTemperature'),
    healthConnect: 'BodyTemperatureRecord',
    omh: 'omh:body-temperature:4.0',
  }),
  // Apple gives the absolute temperature: it is read as `wrist_temperature`, and the difference is derived from that.
  skin_temperature_delta: {
    ...discrete('Cel', -15, 15, { healthKit: hk('AppleSleepingWristTemperature'), healthConnect: 'SkinTemperatureRecord' }),
    daily: true,
    difference: true,
    healthKitReadAs: 'wrist_temperature',
  },
  blood_pressure_systolic: discrete('mm[Hg]', 30, 350, {
    loinc: '8480-6',
    loincPanel: '85354-9',
    healthKit: hk('BloodPressureSystolic'),
    healthConnect: 'BloodPressureRecord',
    omh: 'omh:blood-pressure:4.0',
  }),
  blood_pressure_diastolic: discrete('mm[Hg]', 10, 250, {
    loinc: '8462-4',
    loincPanel: '85354-9',
    healthKit: hk('BloodPressureDiastolic'),
    healthConnect: 'BloodPressureRecord',
    omh: 'omh:blood-pressure:4.0',
  }),
  blood_glucose: discrete('mg/dL', 1, 3000, {
    loinc: '41653-7',
    healthKit: hk('BloodGlucose'),
    healthConnect: 'BloodGlucoseRecord',
    omh: 'omh:blood-glucose:4.0',
  }),
  steps: cumulative('{steps}', 0, 1e6, {
    loinc: '55423-8',
    loincDaily: '41950-7',
    healthKit: hk('StepCount'),
    healthConnect: 'StepsRecord',
    omh: 'omh:step-count:3.0',
  }),
  distance_walking_running: cumulative('m', 0, 1e6, {
    healthKit: hk('DistanceWalkingRunning'),
    healthConnect: 'DistanceRecord',
    omh: 'ieee:physical-activity',
  }),
  active_energy: cumulative('kcal', 0, 5e4, {
    loinc: '41981-2',
    loincDaily: '41979-6',
    healthKit: hk('ActiveEnergyBurned'),
    healthConnect: 'ActiveCaloriesBurnedRecord',
    omh: 'omh:calories-burned:2.0',
  }),
  // Health Connect's basal metabolic rate is a power, not an amount.
  basal_energy: cumulative('kcal', 0, 5e4, { healthKit: hk('BasalEnergyBurned'), healthConnect: 'BasalMetabolicRateRecord' }),
  flights_climbed: cumulative('{flights}', 0, 5000, {
    loinc: '100304-5',
    healthKit: hk('FlightsClimbed'),
    healthConnect: 'FloorsClimbedRecord',
  }),
  exercise_minutes: cumulative('min', 0, 1500, {
    loinc: '55411-3',
    healthKit: hk('AppleExerciseTime'),
    healthConnect: 'ExerciseSessionRecord',
    omh: 'omh:minutes-moderate-activity:1.0',
  }),
  /** Moderate and vigorous: 77592-4 and 77593-2. */
  active_minutes: {
    ...cumulative('min', 0, 1500, { loinc: '77592-4', loincAlso: ['77593-2'], omh: 'ieee:physical-activity' }),
    daily: true,
    derived: true,
  },
  stand_hours: cumulative('h', 0, 25, { healthKit: 'HKCategoryTypeIdentifierAppleStandHour' }),
  vo2_max: discrete('mL/kg/min', 1, 120, { healthKit: hk('VO2Max'), healthConnect: 'Vo2MaxRecord' }),
  body_weight: discrete('kg', 0.1, 700, {
    loinc: '29463-7',
    healthKit: hk('BodyMass'),
    healthConnect: 'WeightRecord',
    omh: 'omh:body-weight:3.0',
  }),
  body_height: discrete('cm', 10, 300, {
    loinc: '8302-2',
    healthKit: hk('Height'),
    healthConnect: 'HeightRecord',
    omh: 'omh:body-height:2.0',
  }),
  body_mass_index: discrete('kg/m2', 3, 300, { loinc: '39156-5', healthKit: hk('BodyMassIndex'), omh: 'omh:body-mass-index:3.0' }),
  body_fat: {
    ...discrete('%', 0, 100, {
      loinc: '41982-0',
      healthKit: hk('BodyFatPercentage'),
      healthConnect: 'BodyFatRecord',
      omh: 'omh:body-fat-percentage:2.0',
    }),
    healthKitFraction: true,
  },
  lean_body_mass: discrete('kg', 0.1, 500, { loinc: '91557-9', healthKit: hk('LeanBodyMass'), healthConnect: 'LeanBodyMassRecord' }),
  waist_circumference: discrete('cm', 5, 400, { loinc: '8280-0', healthKit: hk('WaistCircumference') }),
  workout: session('{session}', {
    loinc: '73985-4',
    loincAlso: ['55411-3', '55425-3', '55426-1', '55424-6'],
    healthKit: 'HKWorkoutTypeIdentifier',
    healthConnect: 'ExerciseSessionRecord',
    omh: 'ieee:physical-activity',
  }),
  sleep_session: session('min', { ...stage, loinc: '93832-4' }),
  sleep_deep: { ...session('min', { ...stage, loinc: '93831-6' }), healthKitValue: 'AsleepDeep' },
  sleep_light: { ...session('min', { ...stage, loinc: '93830-8' }), healthKitValue: 'AsleepCore' },
  sleep_rem: { ...session('min', { ...stage, loinc: '93829-0' }), healthKitValue: 'AsleepREM' },
  time_in_bed: { ...session('min', { ...stage, omh: 'ieee:time-in-bed' }), healthKitValue: 'InBed' },
  mindful_minutes: session('min', { healthKit: 'HKCategoryTypeIdentifierMindfulSession', healthConnect: 'MindfulnessSessionRecord' }),
  water_intake: cumulative('mL', 0, 1e5, { healthKit: hk('DietaryWater'), healthConnect: 'HydrationRecord' }),
  accelerometer: discrete('[g]', -100, 100, { omh: 'omh:acceleration:2.0' }),
  ...additionalMetrics,
} as const satisfies Record<string, MetricRow>

export type MetricName = keyof typeof metrics

export const metricNames: readonly MetricName[] = Object.keys(metrics).filter(isMetricName)

/** By full identifier, as `type` says it in export.xml. Sleep analysis gives `sleep_session`; its `value` says the stage. */
export const metricOfHealthKit: ReadonlyMap<string, MetricName> = new Map(
  metricNames.flatMap((name) => {
    const { healthKit, healthKitValue, healthKitReadAs }: MetricRow = metrics[name]
    return healthKit && !healthKitValue && !healthKitReadAs ? [[healthKit, name] as const] : []
  }),
)

export function isMetricName(text: string): text is MetricName {
  return Object.hasOwn(metrics, text)
}
