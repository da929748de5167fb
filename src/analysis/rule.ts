import type { Evidence, Statement } from '../model/insight.ts'
import type { Polarity, Section, Telling, View } from './view.ts'

export type RuleKind = 'achievement' | 'insight' | 'recommendation'

/** One kind of sentence: when it is said, and what it rests on. */
export interface Rule {
  readonly name: string
  readonly kind: RuleKind
  readonly section: Section
  /** What it speaks of, and over which time: of sentences on one topic none may say the opposite of another. */
  readonly topic: string
  /** When it is said, for readers. */
  readonly condition: string
  /** The smallest difference that makes a sentence; `–` where none is compared. */
  readonly usefulChange: string
  readonly source: string
  /** Empty where it has nothing to say. */
  tell(view: View): readonly (Statement & { readonly weight?: number; readonly polarity?: Polarity })[]
}

/** What a rule that was written as a row of its own says. */
export interface RuleRow<Found> extends Omit<Rule, 'tell' | 'usefulChange'> {
  readonly weight: number
  readonly polarity: Polarity
  readonly usefulChange?: string
  /** What the sentence is made of; undefined where it is not to be said. */
  when(view: View): Found | undefined
  says(found: Found, view: View): string
  evidence(found: Found, view: View): readonly Evidence[]
}

export function rule<Found>({ when, says, evidence, weight, polarity, usefulChange = '–', ...row }: RuleRow<Found>): Rule {
  return {
    ...row,
    usefulChange,
    tell(view) {
      const found = when(view)
      return found === undefined ? silence : [{ text: says(found, view), evidence: [...evidence(found, view)], weight, polarity }]
    },
  }
}

const silence: ReturnType<Rule['tell']> = []

export interface Told extends Telling {
  readonly rule: Rule
}

/** What all rules have to say, in their order. Of sentences on one topic that say opposite things the weightiest stays. */
export function tellAll(rules: readonly Rule[], view: View): Told[] {
  const told: Told[] = []
  for (const rule of rules) {
    for (const { text, evidence, weight = 0, polarity = 'neutral' } of rule.tell(view))
      told.push({ rule, section: rule.section, text, evidence, weight, polarity })
  }
  const taking = told.filter(({ polarity }) => polarity !== 'neutral')
  if (taking.length < 2) return told
  return told.filter((each) => !taking.some((other) => contradicts(other, each) && outweighs(other, each)))
}

export function contradicts(a: Told, b: Told): boolean {
  return a.rule.topic === b.rule.topic && a.polarity !== b.polarity && a.polarity !== 'neutral' && b.polarity !== 'neutral'
}

function outweighs(a: Told, b: Told): boolean {
  return a.weight > b.weight || (a.weight === b.weight && a.rule.name < b.rule.name)
}
