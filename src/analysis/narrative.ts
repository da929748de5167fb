import type { Evidence } from '../model/insight.ts'
import { unsupportedNumbers } from './evidence.ts'

/** Why a narrator's text may not be shown; empty if it may. */
export function objectionsTo(text: string, evidence: readonly Evidence[]): string[] {
  // Long texts are refused before any pattern runs over them.
  const length = text.length > 2000 ? text.length : [...text.trim()].length
  if (length < 10) return ['too_short']
  if (length > 1000) return ['too_long']
  return [
    ...unsupportedNumbers(text, evidence).map((number) => `unsupported_number: ${number}`),
    ...(mentionsMedicine(text) ? ['medical_word'] : []),
  ]
}

/** Whether a text uses a word that would read as a diagnosis, as medical advice, or as an alarm. */
export function mentionsMedicine(text: string): boolean {
  return medicine.test(text.replace(/\p{Cf}/gu, ''))
}

/** Beginnings of words; docs/insights.md repeats the list. */
export const medicalWords = [
  'abnormal',
  'afib',
  'ailment',
  'allerg',
  'anemi',
  'anaemi',
  'anxiet',
  'apnea',
  'apnoea',
  'arrhythm',
  'asthma',
  'bradycard',
  'cancer',
  'clinic',
  'condition',
  'contagi',
  'covid',
  'danger',
  'depress',
  'diabet',
  'diagnos',
  'disease',
  'disorder',
  'doctor',
  'dose',
  'drug',
  'emergency',
  'fever',
  'fibrillat',
  'flu',
  'heart attack',
  'heart failure',
  'hospital',
  'hypertens',
  'hypotens',
  'ill',
  'illness',
  'infect',
  'inflam',
  'influenza',
  'insomnia',
  'medic',
  'narcolep',
  'patholog',
  'physician',
  'prescri',
  'restless leg',
  'sick',
  'stroke',
  'symptom',
  'syndrome',
  'tachycard',
  'therap',
  'treatment',
  'unhealthy',
  'virus',
] as const

/** These are whole words: `flu` is not `fluctuate`, `ill` is not `illustrate`. */
const wholeWords: ReadonlySet<string> = new Set(['flu', 'ill', 'dose', 'stroke'])

const medicine = new RegExp(`\\b(?:${medicalWords.map((word) => (wholeWords.has(word) ? `${word}\\b` : word)).join('|')})`, 'i')
