import { cumulative, discrete, hk, type MetricRow } from './metric-row.ts'

/** Common Apple types beside the published mapping, none of them coded in LOINC by its sources. */
export const additionalMetrics = {
  wrist_temperature: { ...reading('Cel', 10, 46, 'AppleSleepingWristTemperature'), daily: true },
  basal_body_temperature: reading('Cel', 20, 46, 'BasalBodyTemperature'),
  atrial_fibrillation_burden: fraction('AtrialFibrillationBurden'),
  sleeping_breathing_disturbances: reading('{events}/h', 0, 200, 'AppleSleepingBreathingDisturbances'),
  stand_minutes: amount('min', 1500, 'AppleStandTime'),
  move_minutes: amount('min', 1500, 'AppleMoveTime'),
  time_in_daylight: amount('min', 1500, 'TimeInDaylight'),
  /** Energy per body mass and time; 1 kcal/kg/h is about 1 MET. */
  physical_effort: reading('kcal/kg/h', 0, 60, 'PhysicalEffort'),
  environmental_audio_exposure: reading('dB[SPL]', 0, 200, 'EnvironmentalAudioExposure'),
  headphone_audio_exposure: reading('dB[SPL]', 0, 200, 'HeadphoneAudioExposure'),
  walking_speed: reading('m/s', 0, 15, 'WalkingSpeed'),
  walking_step_length: reading('cm', 0, 300, 'WalkingStepLength'),
  walking_double_support: fraction('WalkingDoubleSupportPercentage'),
  walking_asymmetry: fraction('WalkingAsymmetryPercentage'),
  walking_steadiness: fraction('AppleWalkingSteadiness'),
  six_minute_walk_distance: reading('m', 0, 3000, 'SixMinuteWalkTestDistance'),
  stair_ascent_speed: reading('m/s', 0, 10, 'StairAscentSpeed'),
  stair_descent_speed: reading('m/s', 0, 10, 'StairDescentSpeed'),
  running_speed: reading('m/s', 0, 15, 'RunningSpeed'),
  running_power: reading('W', 0, 3000, 'RunningPower'),
  running_stride_length: reading('m', 0, 5, 'RunningStrideLength'),
  running_vertical_oscillation: reading('cm', 0, 100, 'RunningVerticalOscillation'),
  running_ground_contact_time: reading('ms', 0, 5000, 'RunningGroundContactTime'),
  distance_cycling: amount('m', 2e6, 'DistanceCycling'),
  cycling_speed: reading('m/s', 0, 60, 'CyclingSpeed'),
  cycling_power: reading('W', 0, 4000, 'CyclingPower'),
  cycling_cadence: reading('/min', 0, 400, 'CyclingCadence'),
  distance_swimming: amount('m', 2e5, 'DistanceSwimming'),
  swimming_strokes: amount('{strokes}', 2e5, 'SwimmingStrokeCount'),
  distance_wheelchair: amount('m', 1e6, 'DistanceWheelchair'),
  wheelchair_pushes: amount('{pushes}', 1e6, 'PushCount'),
  distance_snow_sports: amount('m', 1e6, 'DistanceDownhillSnowSports'),
  energy_consumed: amount('kcal', 5e4, 'DietaryEnergyConsumed'),
  protein: amount('g', 1e4, 'DietaryProtein'),
  carbohydrates: amount('g', 1e4, 'DietaryCarbohydrates'),
  fat_total: amount('g', 1e4, 'DietaryFatTotal'),
  fiber: amount('g', 1e4, 'DietaryFiber'),
  sugar: amount('g', 1e4, 'DietarySugar'),
  sodium: amount('mg', 1e6, 'DietarySodium'),
  caffeine: amount('mg', 1e5, 'DietaryCaffeine'),
  insulin_delivery: amount('[iU]', 1e4, 'InsulinDelivery'),
  /** Actigraphy counts of one minute; raw acceleration is `accelerometer`. */
  activity_counts: { ...discrete('{counts}/min', 0, 1e6, {}), addition: true },
} as const satisfies Record<string, MetricRow>

function amount(unit: string, max: number, healthKit: string): MetricRow {
  return { ...cumulative(unit, 0, max, { healthKit: hk(healthKit) }), addition: true }
}

function reading(unit: string, min: number, max: number, healthKit: string): MetricRow {
  return { ...discrete(unit, min, max, { healthKit: hk(healthKit) }), addition: true }
}

function fraction(healthKit: string): MetricRow {
  return { ...reading('%', 0, 100, healthKit), healthKitFraction: true }
}
