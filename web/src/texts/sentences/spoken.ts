import type { Formats } from '../../format/format.ts'
import type { Language } from '../catalogue.ts'
import type { InBoth, Message } from '../message.ts'
import { comparisons, leads } from './figures.ts'
import { ruleSentences } from './rules.ts'
import { inUnits, type Reading, type Slot, slots } from './slots.ts'

export interface Spoken {
  readonly text: string
  /** In which it is. */
  readonly language: Language
}

/**
 * A sentence of an insight as somebody reads it. Rules write English; what they write is known here, sentence by sentence, and said again.
 * What is none of theirs, such as a language model's, stays as it is but for its distances.
 */
export function speak(sentence: string, language: Language, reader: Reading): Spoken {
  const text = language === 'de' ? phrasedBy(german(), sentence, reader) : undefined
  return text === undefined ? { text: inUnits(sentence, reader), language: 'en' } : { text, language }
}

interface Phrase {
  readonly of: RegExp
  /** In the order in which the English sentence has them. */
  readonly places: readonly { readonly name: string; readonly slot: Slot }[]
  readonly says: string
}

let phrases: readonly Phrase[] | undefined

/** Made when the first sentence is to be said. */
function german(): readonly Phrase[] {
  if (phrases !== undefined) return phrases
  const beginnings = phrasesOf(leads, slots)
  const lead: Slot = { pattern: '.+?', say: (said, reader) => phrasedBy(beginnings, said, reader) }
  phrases = [...phrasesOf(ruleSentences, slots), ...phrasesOf(comparisons, { ...slots, lead })]
  return phrases
}

type Sentences = InBoth<Readonly<Record<string, string>>, Readonly<Record<string, Message>>>

function phrasesOf({ en, de }: Sentences, known: Readonly<Record<string, Slot>>): readonly Phrase[] {
  return Object.entries(en).map(([key, written]) => {
    // Text and names by turns.
    const pieces = written.split(/\{(\w+)\}/)
    const places = pieces.filter((_, at) => at % 2 === 1).map((name) => ({ name, slot: slotOf(name) }))
    const source = pieces.map((piece, at) => (at % 2 === 0 ? escaped(piece) : `(${slotOf(piece).pattern})`)).join('')
    return { of: new RegExp(`^${source}$`), places, says: String(de[key]) }
  })

  function slotOf(name: string): Slot {
    const slot = known[name.replace(/\d$/, '')]
    if (slot === undefined) throw new Error(`No place of a sentence is called ${name}`)
    return slot
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function phrasedBy(among: readonly Phrase[], sentence: string, reader: Formats): string | undefined {
  for (const { of, places, says } of among) {
    const found = of.exec(sentence)
    if (found === null) continue
    const said = new Map(places.map(({ name, slot }, at) => [name, slot.say(found[at + 1] ?? '', reader)]))
    if ([...said.values()].includes(undefined)) continue
    return says.replaceAll(/\{(\w+)\}/g, (_, name: string) => said.get(name) ?? '')
  }
  return undefined
}
