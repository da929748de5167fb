import type { Message } from './message.ts'
import { appWords } from './words/app.ts'
import { exploreWords } from './words/explore.ts'
import { startWords } from './words/start.ts'
import { todayWords } from './words/today.ts'
import { trendsWords } from './words/trends.ts'

/** Every text of the dashboard; a file for each page. */
const en = { ...appWords.en, ...startWords.en, ...todayWords.en, ...trendsWords.en, ...exploreWords.en } as const

export type Texts = typeof en
export type TextKey = keyof Texts

export const catalogues = {
  en,
  de: { ...appWords.de, ...startWords.de, ...todayWords.de, ...trendsWords.de, ...exploreWords.de },
} as const satisfies Readonly<Record<string, Readonly<Record<TextKey, Message>>>>

export type Language = keyof typeof catalogues

/** By the language's own name. */
export const languages: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' }
