import { shiftDate } from '../analysis/baseline.ts'
import { completeInsight, type InsightDraft } from '../analysis/insight.ts'
import { objectionsTo } from '../analysis/narrative.ts'
import type { StoredInsight } from '../model/insight.ts'
import type { Facts, Narrator } from '../ports/narrator.ts'

/** One that always has a text. */
export interface LastNarrator extends Narrator {
  summarise(facts: Facts): Promise<string>
}

export interface NarrateDeps {
  readonly narrator: Narrator
  /** Used where the narrator is silent, or says what the evidence does not, and for dates long past. */
  readonly fallback: LastNarrator
}

/** A model is asked about the last dates only: an import of ten years would ask it thousands of times. */
const NARRATED_DAYS = 14

/** Whether a date is recent enough to be told by the narrator. */
export function isNarrated(date: string, today: string): boolean {
  return date >= shiftDate(today, -NARRATED_DAYS)
}

/**
 * The insight with its summary. `mayTell` is asked before the narrator is, and before what it said is used: where it says no the insight is what
 * it would be without that narrator. What the narrator says is kept only if the evidence bears every number of it and no
 * word reads as a diagnosis.
 */
export async function narrate(
  { narrator, fallback }: NarrateDeps,
  draft: InsightDraft,
  recent: boolean,
  mayTell: () => Promise<boolean>,
): Promise<StoredInsight> {
  const byRule = async (reason?: string) =>
    completeInsight(draft, await fallback.summarise(draft.facts), { narrator: fallback.name, ...(reason && { fallback: reason }) })
  if (!recent || !(await mayTell())) return byRule()
  const said = await narrator.summarise(draft.facts)
  if (!(await mayTell())) return byRule()
  const reason = typeof said === 'string' ? objectionTo(said, draft) : said.because
  if (typeof said === 'string' && reason === undefined) return completeInsight(draft, said, { narrator: narrator.name })
  return byRule(reason)
}

/** The first objection, without the number that it names. */
function objectionTo(text: string, { facts }: InsightDraft): string | undefined {
  const evidence = facts.statements.flatMap((statement) => statement.evidence)
  return objectionsTo(text, evidence)[0]?.replace(/:.*/s, '')
}
