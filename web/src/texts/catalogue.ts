import type { Message } from './message.ts'
import { appWords } from './words/app.ts'
import { entryWords } from './words/entry.ts'
import { exploreWords } from './words/explore.ts'
import { keepingWords } from './words/keeping.ts'
import { markWords } from './words/marks.ts'
import { myDataWords } from './words/my-data.ts'
import { operatorWords } from './words/operator.ts'
import { sharingWords } from './words/sharing.ts'
import { startWords } from './words/start.ts'
import { todayWords } from './words/today.ts'
import { trendsWords } from './words/trends.ts'
import { whatWords } from './words/what.ts'

/** Every text of the dashboard; a file for each page. */
const en = {
  ...appWords.en,
  ...startWords.en,
  ...todayWords.en,
  ...trendsWords.en,
  ...exploreWords.en,
  ...myDataWords.en,
  ...markWords.en,
  ...sharingWords.en,
  ...whatWords.en,
  ...keepingWords.en,
  ...operatorWords.en,
  ...entryWords.en,
} as const

export type Texts = typeof en
export type TextKey = keyof Texts

export const catalogues = {
  en,
  de: {
    ...appWords.de,
    ...startWords.de,
    ...todayWords.de,
    ...trendsWords.de,
    ...exploreWords.de,
    ...myDataWords.de,
    ...markWords.de,
    ...sharingWords.de,
    ...whatWords.de,
    ...keepingWords.de,
    ...operatorWords.de,
    ...entryWords.de,
  },
} as const satisfies Readonly<Record<string, Readonly<Record<TextKey, Message>>>>

export type Language = keyof typeof catalogues

/** By the language's own name. */
export const languages: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' }
