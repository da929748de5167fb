import type { Reason } from '../model/day.ts'
import {
  type ActivityAnalysis,
  type CircadianAnalysis,
  dailyInsightId,
  type Evidence,
  type HeartRateAnalysis,
  type Narrative,
  type SleepAnalysis,
  type Statement,
  type StoredInsight,
} from '../model/insight.ts'
import { circadianFigures } from './circadian.ts'
import { comparisonReasons } from './comparison.ts'
import { confidenceOf } from './confidence.ts'
import { fingerprint } from './fingerprint.ts'
import { levelShiftsOn } from './level-shift-sentences.ts'
import { missingNight } from './remarks.ts'
import { type RuleKind, tellAll } from './rule.ts'
import { rules } from './rules.ts'
import { absentFigures, activityAnalysis, heartRateAnalysis, sleepAnalysis } from './sections.ts'
import { fact, type InsightInput, type Section, type Telling, type View, viewOf } from './view.ts'

/** An insight that still wants its summary, and the sentences that the summary may be made of. */
export interface InsightDraft {
  readonly insight: Omit<StoredInsight, 'narrative'> & { readonly narrative: Omit<Narrative, 'summary'> }
  readonly facts: { readonly date: string; readonly statements: readonly Statement[] }
}

const algorithm = 'daily_insight'
const algorithmVersion = '1.1.0'

/** The daily insight of `day` without its summary. Deterministic: the same days give the same sentences. */
export function composeInsight(input: InsightInput): InsightDraft {
  const view = viewOf(input)
  const { day } = view
  const all = tellAll(rules, view)
  const ofKind = (kind: RuleKind) => all.filter(({ rule }) => rule.kind === kind)
  const told = ofKind('insight')
  const achievements = ofKind('achievement')
  const recommendations = ofKind('recommendation')
  const absentNight = missingNight(view)
  const sections = sectionsOf(view, [...told, ...absentNight])
  const { confidence, parts } = confidenceOf(day, view.baselines)
  const empty: Reason[] = told.length > 0 ? [] : [{ field: 'narrative.summary', code: 'too_little_data', have: told.length, need: 1 }]
  const insight: InsightDraft['insight'] = {
    insightId: dailyInsightId(day.date),
    userId: day.userId,
    date: day.date,
    type: 'daily_summary',
    status: 'completed',
    data: sections.data,
    narrative: { recommendations: textsOf(recommendations), achievements: textsOf(achievements) },
    metadata: {
      generatedAt: input.generatedAt,
      modelVersion: day.sleep === undefined ? 'none' : `${day.sleep.method}_v${day.sleep.methodVersion}`,
      processingTime: input.processingTimeS,
      confidence,
      confidenceParts: parts,
    },
    evidence: pointed(sections.evidence, ['/narrative/recommendations', recommendations], ['/narrative/achievements', achievements]),
    reasons: [
      ...empty,
      ...day.reasons,
      ...absentFigures(day),
      ...view.baselines.reasons,
      ...comparisonReasons(view),
      ...view.rhythm.reasons,
    ],
    ...(Object.keys(sections.methods).length > 0 && { methods: sections.methods }),
    revision: input.revision ?? 1,
    algorithm,
    algorithmVersion,
    inputHash: hashOf(view),
  }
  return { insight, facts: { date: day.date, statements: statementsOf(view, told, absentNight, achievements) } }
}

/** Who wrote the summary, and why not the one who was asked first. */
interface Told {
  readonly narrator: string
  readonly fallback?: string
}

/** The finished insight. Evidence of the summary is that of the statements it repeats word for word; of all, if it repeats none. */
export function completeInsight({ insight, facts }: InsightDraft, summary: string, by: Told): StoredInsight {
  const repeated = facts.statements.filter(({ text }) => summary.includes(text))
  const borne = (repeated.length > 0 ? repeated : facts.statements).flatMap(({ evidence }) => evidence)
  return {
    ...insight,
    narrative: { summary: summary.trim(), ...insight.narrative },
    metadata: { ...insight.metadata, ...by },
    evidence: { '/narrative/summary': borne, ...insight.evidence },
  }
}

/** Most important first. */
function statementsOf(
  view: View,
  told: readonly Telling[],
  absentNight: readonly Telling[],
  achievements: readonly Telling[],
): Statement[] {
  if (told.length === 0) return [tooLittle(view), ...absentNight.map(plain)]
  return [...told, ...absentNight, ...achievements].toSorted((a, b) => b.weight - a.weight).map(plain)
}

function plain({ text, evidence }: Statement): Statement {
  return { text, evidence }
}

function tooLittle(view: View): Statement {
  return {
    text: 'There is too little data for this day to say anything about sleep, activity or heart rate.',
    evidence: [fact(view, 'worn_minutes', view.day.coverage.wornMinutes, 'min')],
  }
}

function sectionsOf(
  view: View,
  told: readonly Telling[],
): { readonly data: StoredInsight['data']; readonly evidence: Record<string, Evidence[]>; readonly methods: Record<string, string> } {
  const of = (section: Section) => told.filter((telling) => telling.section === section)
  const [sleep, activity, heart, daily] = [of('sleep'), of('activity'), of('heart'), of('circadian')]
  const circadian = circadianFigures(view.rhythm)
  const data = {
    ...present('sleepAnalysis', sleepAnalysis(view.day, textsOf(sleep))),
    ...present('activityAnalysis', activityAnalysis(view.day, textsOf(activity))),
    ...present('heartRateAnalysis', heartRateAnalysis(view.day, textsOf(heart))),
    ...present('circadianAnalysis', { ...circadian.figures, insights: textsOf(daily) }),
  }
  const evidence = pointed(
    {},
    ['/data/sleepAnalysis/insights', sleep],
    ['/data/activityAnalysis/insights', activity],
    ['/data/heartRateAnalysis/insights', heart],
    ['/data/circadianAnalysis/insights', daily],
  )
  return { data, evidence, methods: circadian.methods }
}

/** A section in which nothing stands is left out. */
function present<Name extends string, Analysis extends ActivityAnalysis | CircadianAnalysis | HeartRateAnalysis | SleepAnalysis>(
  name: Name,
  analysis: Analysis,
): { readonly [_ in Name]?: Analysis } {
  const bare = Object.keys(analysis).length === 1 && analysis.insights.length === 0
  return bare ? {} : ({ [name]: analysis } as { readonly [_ in Name]: Analysis })
}

function textsOf(statements: readonly Statement[]): string[] {
  return statements.map(({ text }) => text)
}

/** `evidence` and that of the statements at their paths. */
function pointed(
  evidence: Readonly<Record<string, Evidence[]>>,
  ...places: readonly (readonly [path: string, statements: readonly Statement[]])[]
): Record<string, Evidence[]> {
  const all = { ...evidence }
  for (const [path, statements] of places) for (const [at, statement] of statements.entries()) all[`${path}/${at}`] = statement.evidence
  return all
}

/** Changes when the day, a day before it, or a choice that the sentences depend on changes. */
function hashOf(view: View): string {
  const { day, past, over, units, ageYears, stepGoal } = view
  const parts = [algorithmVersion, String(over), units, String(ageYears), String(stepGoal)]
  for (const { text } of levelShiftsOn(view)) parts.push(text)
  for (const each of past) parts.push(each.date, each.inputHash, each.algorithmVersion)
  parts.push(day.date, day.inputHash, day.algorithmVersion)
  return fingerprint(parts)
}
