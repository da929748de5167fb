import type { Language } from './catalogue.ts'
import { nameOfMetric, nameOfSamples } from './metric-names.ts'

/** Why a figure of a day is absent or doubtful. */
const reasons = {
  no_data: { en: 'nothing was measured', de: 'nichts gemessen' },
  no_night_data: { en: 'nothing was measured in the night', de: 'in der Nacht nichts gemessen' },
  too_little_data: { en: 'too little was measured', de: 'zu wenig gemessen' },
  too_little_night_data: { en: 'too little was measured in the night', de: 'in der Nacht zu wenig gemessen' },
  too_little_basal_energy: { en: 'the energy at rest covers too little of the day', de: 'die Ruheenergie deckt zu wenig vom Tag ab' },
  no_active_energy: { en: 'no energy of movement was measured', de: 'keine Energie der Bewegung gemessen' },
  source_conflict: { en: 'two devices disagree', de: 'zwei Geräte widersprechen sich' },
  clock_skew: { en: 'samples lay ahead of the clock', de: 'Werte lagen vor der Uhr' },
  sleep_not_recorded: { en: 'without a night one cannot tell waking from sleep', de: 'ohne Nacht ist Wachen nicht von Schlaf zu trennen' },
  unknown_minutes: { en: 'for some minutes nothing is known', de: 'von manchen Minuten ist nichts bekannt' },
  in_bed_only: { en: 'only the time in bed was recorded', de: 'nur die Zeit im Bett ist aufgezeichnet' },
  not_calibrated: { en: 'an estimate from movement has none', de: 'eine Schätzung aus der Bewegung hat keine' },
  too_few_epochs: { en: 'the night is too short for the model', de: 'die Nacht ist für das Modell zu kurz' },
  missing_signal: { en: 'the model lacks a signal', de: 'dem Modell fehlt ein Signal' },
  model_unavailable: { en: 'no model was at hand', de: 'kein Modell war zur Hand' },
} as const satisfies Readonly<Record<string, Readonly<Record<Language, string>>>>

export function reasonFor(code: string, language: Language): string {
  return Object.hasOwn(reasons, code) ? reasons[code as keyof typeof reasons][language] : code.replaceAll('_', ' ')
}

/** Fields of a day that go by no name of a metric. */
const fields: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  activeMinutes: { en: 'Active minutes', de: 'Aktive Minuten' },
  activeEnergyKcal: { en: 'Active energy', de: 'Aktive Energie' },
  basalEnergyKcal: { en: 'Energy at rest', de: 'Ruheenergie' },
  bodyWeightKg: { en: 'Body weight', de: 'Körpergewicht' },
  caloriesBurned: { en: 'Energy burned', de: 'Verbrauchte Energie' },
  distanceMeters: { en: 'Distance on foot', de: 'Strecke zu Fuß' },
  exerciseMinutes: { en: 'Exercise minutes', de: 'Trainingsminuten' },
  flightsClimbed: { en: 'Flights climbed', de: 'Stockwerke' },
  'heartRate.average': { en: 'Average heart rate', de: 'Mittlere Herzfrequenz' },
  'heartRate.max': { en: 'Highest heart rate', de: 'Höchste Herzfrequenz' },
  'heartRate.min': { en: 'Lowest heart rate', de: 'Niedrigste Herzfrequenz' },
  'heartRate.resting': { en: 'Resting heart rate', de: 'Ruhepuls' },
  heartRate: { en: 'Heart rate', de: 'Herzfrequenz' },
  heartRateZones: { en: 'Heart rate zones', de: 'Herzfrequenzzonen' },
  hourlySteps: { en: 'Steps by hour', de: 'Schritte je Stunde' },
  hrv: { en: 'Heart rate variability', de: 'Herzratenvariabilität' },
  'hrv.window': { en: 'Heart rate variability at night', de: 'Herzratenvariabilität in der Nacht' },
  moderateMinutes: { en: 'Moderate minutes', de: 'Mäßige Minuten' },
  oxygenSaturation: { en: 'Oxygen saturation', de: 'Sauerstoffsättigung' },
  respiratoryRate: { en: 'Respiratory rate', de: 'Atemfrequenz' },
  sedentary: { en: 'Time without a step', de: 'Zeit ohne einen Schritt' },
  sleep: { en: 'Sleep', de: 'Schlaf' },
  'sleep.awakeMinutes': { en: 'Awake at night', de: 'Wach in der Nacht' },
  'sleep.confidence': { en: 'Certainty of the night', de: 'Sicherheit der Nacht' },
  'sleep.stagesMinutes': { en: 'Stages of sleep', de: 'Schlafphasen' },
  standHours: { en: 'Hours with standing', de: 'Stunden mit Stehen' },
  steps: { en: 'Steps', de: 'Schritte' },
  trainingLoad: { en: 'Training load', de: 'Trainingsbelastung' },
  vigorousMinutes: { en: 'Vigorous minutes', de: 'Anstrengende Minuten' },
}

const OF_METRIC = 'coverage.metrics.'

/** A field as days name it; one that is not here by its own name. */
export function nameOfField(field: string, language: Language): string {
  const known = Object.hasOwn(fields, field) ? fields[field]?.[language] : undefined
  if (known !== undefined) return known
  return field.startsWith(OF_METRIC) ? nameOfSamples(field.slice(OF_METRIC.length), language) : nameOfMetric(snake(field), language)
}

function snake(field: string): string {
  return field.replaceAll(/[.\s]/g, '_').replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
