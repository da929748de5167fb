import type { Evidence } from '../model/insight.ts'

/** Sentences that the analysis is willing to stand behind, with the numbers each may use. Nothing in them says whose they are. */
export interface Facts {
  readonly date: string
  /** Most important first. */
  readonly statements: readonly { readonly text: string; readonly evidence: readonly Evidence[] }[]
}

/** Why a narrator has no text: it took too long, does not answer or answers with an error, refused, or ended before it was done. */
export interface Silence {
  readonly because: 'cut_off' | 'refused' | 'timed_out' | 'unavailable'
}

/**
 * Facts in, text out: 10 to 1000 characters. Must not use a number that is not in the evidence; the flow checks it. One that cannot
 * answer is silent and never throws for it.
 */
export interface Narrator {
  readonly name: string
  /** It runs with somebody else: what it is told leaves this house. */
  readonly isElsewhere?: boolean
  summarise(facts: Facts): Promise<string | Silence>
}
