import type { Evidence, StoredInsight } from '../../../../src/model/insight.ts'

/** What is told of a day. */
export type Insight = Pick<StoredInsight, 'data' | 'narrative' | 'evidence' | 'metadata'>

export interface Sentence {
  readonly text: string
  readonly evidence: readonly Evidence[]
}

type Section = 'sleepAnalysis' | 'activityAnalysis' | 'heartRateAnalysis' | 'circadianAnalysis'
const sections: readonly Section[] = ['sleepAnalysis', 'activityAnalysis', 'heartRateAnalysis', 'circadianAnalysis']

/** The sentences of one part of an insight, each with what it rests on. */
export function sentencesOf({ data, evidence }: Insight, section: Section): readonly Sentence[] {
  const texts = data[section]?.insights ?? []
  return texts.map((text, at) => ({ text, evidence: evidence[`/data/${section}/insights/${at}`] ?? [] }))
}

export const noteKinds = ['rhythm', 'achievements', 'recommendations'] as const

/** What is said apart from the cards. */
export function notesOf(insight: Insight, kind: (typeof noteKinds)[number]): readonly Sentence[] {
  if (kind === 'rhythm') return sentencesOf(insight, 'circadianAnalysis')
  const { narrative, evidence } = insight
  return (narrative?.[kind] ?? []).map((text, at) => ({ text, evidence: evidence[`/narrative/${kind}/${at}`] ?? [] }))
}

/** The summary sentence by sentence. One that stands in a part of the insight has the evidence from there, another that of the summary. */
export function summaryOf(insight: Insight): readonly Sentence[] {
  const known = new Map(sections.flatMap((section) => sentencesOf(insight, section)).map((sentence) => [sentence.text, sentence]))
  const whole = insight.evidence['/narrative/summary'] ?? []
  return splitSentences(insight.narrative?.summary ?? '').map((text) => known.get(text) ?? { text, evidence: whole })
}

export function everySentenceOf(insight: Insight): readonly Sentence[] {
  return [
    ...summaryOf(insight),
    ...sections.flatMap((section) => sentencesOf(insight, section)),
    ...noteKinds.flatMap((kind) => notesOf(insight, kind)),
  ]
}

/** After a full stop that a new sentence follows; decimal points and `8 h.` within one do not count. */
function splitSentences(text: string): readonly string[] {
  return text
    .split(/(?<=[.!?])\s+(?=\p{Lu})/u)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
