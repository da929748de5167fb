import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react'
import { useSetting } from '../state/settings.ts'
import { type Texts as Catalogue, catalogues, type Language, type TextKey } from './catalogue.ts'
import type { Message, Words } from './message.ts'

type Given<Key extends TextKey> = [Words<Catalogue[Key]>] extends [never]
  ? readonly []
  : readonly [words: Readonly<Record<Words<Catalogue[Key]>, string | number>>]

/** A text by its key, with its words filled in. */
export type Text = <Key extends TextKey>(key: Key, ...given: Given<Key>) => string

export interface Texts {
  readonly language: Language
  /** BCP 47, with the region of the browser where it speaks this language. */
  readonly locale: string
  readonly text: Text
}

export function textsIn(language: Language, locale: string): Texts {
  const rules = new Intl.PluralRules(locale)
  const number = new Intl.NumberFormat(locale)
  return {
    language,
    locale,
    text: (key, ...[words]) => {
      const said: Readonly<Record<string, string | number>> = words ?? {}
      const message: Message = catalogues[language][key]
      const form = typeof message === 'string' ? message : message[rules.select(Number(said.count)) === 'one' ? 'one' : 'other']
      return form.replaceAll(/\{(\w+)\}/g, (_, word: string) => {
        const value = said[word] ?? ''
        return typeof value === 'number' ? number.format(value) : value
      })
    },
  }
}

const Context = createContext<Texts>(textsIn('en', 'en'))

export function TextsProvider({ children }: { readonly children: ReactNode }) {
  const [chosen] = useSetting('language')
  const texts = useMemo(() => {
    const language = isLanguage(chosen) ? chosen : spoken()
    return textsIn(language, navigator.languages.find((tag) => tag.startsWith(language)) ?? language)
  }, [chosen])
  useEffect(() => {
    document.documentElement.lang = texts.language
  }, [texts])
  return <Context value={texts}>{children}</Context>
}

export function useTexts(): Texts {
  return useContext(Context)
}

function spoken(): Language {
  for (const tag of navigator.languages) {
    const language = tag.slice(0, 2)
    if (isLanguage(language)) return language
  }
  return 'en'
}

function isLanguage(word: string): word is Language {
  return Object.hasOwn(catalogues, word)
}
