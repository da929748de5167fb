import type { Language } from './catalogue.ts'
import { evidenceNames, evidenceSuffixes } from './evidence-names.ts'
import { germanSamples } from './sample-names.ts'

/** What evidence is about, in words. A metric that is not here is shown by its own name. */
const names = {
  active_minutes: { en: 'Active minutes', de: 'Aktive Minuten' },
  bedtime: { en: 'Fell asleep', de: 'Eingeschlafen' },
  distance_walking_running: { en: 'Distance on foot', de: 'Strecke zu Fuß' },
  hard_heart_rate_minutes: { en: 'Minutes in the hard zones', de: 'Minuten in den harten Zonen' },
  heart_rate: { en: 'Average heart rate', de: 'Mittlere Herzfrequenz' },
  hrv_rmssd: { en: 'Heart rate variability (RMSSD)', de: 'Herzratenvariabilität (RMSSD)' },
  hrv_sdnn: { en: 'Heart rate variability (SDNN)', de: 'Herzratenvariabilität (SDNN)' },
  resting_heart_rate: { en: 'Resting heart rate', de: 'Ruhepuls' },
  sleep_deep: { en: 'Deep sleep', de: 'Tiefschlaf' },
  sleep_light: { en: 'Light sleep', de: 'Leichter Schlaf' },
  sleep_rem: { en: 'REM sleep', de: 'REM-Schlaf' },
  stand_hours: { en: 'Hours with standing', de: 'Stunden mit Stehen' },
  steps: { en: 'Steps', de: 'Schritte' },
  total_sleep_time: { en: 'Sleep', de: 'Schlaf' },
  workout: { en: 'Workout', de: 'Training' },
  workout_distance: { en: 'Distance of the workout', de: 'Strecke des Trainings' },
} as const satisfies Readonly<Record<string, Readonly<Record<Language, string>>>>

type Named = Readonly<Record<Language, string>>
const named: Readonly<Record<string, Named>> = { ...names, ...evidenceNames }
const suffixes: readonly (readonly [string, Named])[] = Object.entries(evidenceSuffixes)

export function nameOfMetric(metric: string, language: Language): string {
  const own = Object.hasOwn(named, metric) ? named[metric] : undefined
  if (own !== undefined) return own[language]
  for (const [suffix, words] of suffixes)
    if (metric.endsWith(suffix)) return `${nameOfMetric(metric.slice(0, -suffix.length), language)}, ${words[language]}`
  const words = metric.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Of samples, where they go by another name than the figure of a day. */
const samples: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  active_energy: { en: 'Active energy', de: 'Aktive Energie' },
  basal_energy: { en: 'Basal energy', de: 'Ruheenergie' },
  blood_glucose: { en: 'Blood glucose', de: 'Blutzucker' },
  body_mass_index: { en: 'Body mass index', de: 'Body-Mass-Index' },
  body_temperature: { en: 'Body temperature', de: 'Körpertemperatur' },
  body_weight: { en: 'Body weight', de: 'Körpergewicht' },
  exercise_minutes: { en: 'Exercise minutes', de: 'Trainingsminuten' },
  flights_climbed: { en: 'Flights climbed', de: 'Stockwerke' },
  heart_rate: { en: 'Heart rate', de: 'Herzfrequenz' },
  oxygen_saturation: { en: 'Oxygen saturation', de: 'Sauerstoffsättigung' },
  respiratory_rate: { en: 'Respiratory rate', de: 'Atemfrequenz' },
  vo2_max: { en: 'VO₂ max', de: 'VO₂ max' },
  walking_heart_rate_avg: { en: 'Heart rate when walking', de: 'Herzfrequenz beim Gehen' },
  wrist_temperature: { en: 'Wrist temperature', de: 'Temperatur am Handgelenk' },
}

export function nameOfSamples(metric: string, language: Language): string {
  const named = Object.hasOwn(samples, metric) ? samples[metric]?.[language] : undefined
  const german = language === 'de' && Object.hasOwn(germanSamples, metric) ? germanSamples[metric] : undefined
  return named ?? german ?? nameOfMetric(metric, language)
}
