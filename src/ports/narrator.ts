import type { Evidence } from '../model/insight.ts'

/** Sentences that the analysis is willing to stand behind, with the numbers each may use. */
export interface Facts {
  readonly date: string
  /** Most important first. */
  readonly statements: readonly { readonly text: string; readonly evidence: readonly Evidence[] }[]
}

/** Facts in, text out: 10 to 1000 characters. Must not use a number that is not in the evidence; the flow checks it. */
export interface Narrator {
  readonly name: string
  summarise(facts: Facts): Promise<string>
}
