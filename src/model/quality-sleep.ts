import { type Finding, finding, type Handling } from './quality.ts'

export interface StageInterval {
  readonly stage: string
  readonly startMs: number
  readonly endMs: number
}

const unlikelyAfter: ReadonlyMap<string, string> = new Map([
  ['deep', 'awake'],
  ['rem', 'deep'],
])
/** A longer hole between two stages breaks the run: what came between is not known. */
const runBreakMs = 5 * 60_000

/**
 * The specification's unlikely transitions, on stages sorted by start, epochs of one stage merged into runs. `at` is the
 * position of the stage that is entered.
 */
export function transitionFindings(stages: readonly StageInterval[], handling: Handling = 'lenient'): Finding[] {
  const found: Finding[] = []
  for (let at = 1; at < stages.length; at++) {
    const before = stages[at - 1]
    const after = stages[at]
    if (before === undefined || after === undefined || after.startMs - before.endMs > runBreakMs) continue
    if (unlikelyAfter.get(before.stage) === after.stage) found.push(finding('stage_transition', handling, at, before.stage, after.stage))
  }
  return found
}

/** The four words of the specification; another is refused in its own words. */
export function stageWordFindings(words: readonly string[]): Finding[] {
  return words.flatMap((word, at) => (stageWords.has(word) ? [] : [finding('stage_word', 'lenient', at, word)]))
}

const stageWords: ReadonlySet<string> = new Set(['awake', 'light', 'deep', 'rem'])

/** Which stages overlap the one before, and which lie outside the session: flags, as the specification's own example does so. */
export function placementFlags(
  stages: readonly StageInterval[],
  session: { readonly startMs: number; readonly endMs: number },
): { readonly overlapping: readonly number[]; readonly outside: readonly number[] } {
  const overlapping: number[] = []
  const outside: number[] = []
  let lastEndMs = -Infinity
  stages.forEach(({ startMs, endMs }, at) => {
    if (startMs < lastEndMs) overlapping.push(at)
    if (startMs < session.startMs || endMs > session.endMs) outside.push(at)
    lastEndMs = Math.max(lastEndMs, endMs)
  })
  return { overlapping, outside }
}
