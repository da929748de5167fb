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
import { type RuleKind, type Told, tellAll } from './rule.ts'
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
  const { insight: told, achievement: achievements, recommendation: recommendations } = byKind(tellAll(rules, view))
  const absentNight = missingNight(view)
  const sections = sectionsOf(view, [...told, ...absentNight])
  const { confidence, parts } = confidenceOf(day, view.baselines)
  point(sections.evidence, places.recommendations, recommendations)
  point(sections.evidence, places.achievements, achievements)
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
    evidence: sections.evidence,
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
interface Author {
  readonly narrator: string
  readonly fallback?: string
}

/** The finished insight. Evidence of the summary is that of the statements it repeats word for word; of all, if it repeats none. */
export function completeInsight({ insight, facts }: InsightDraft, summary: string, by: Author): StoredInsight {
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
  const { sleep, activity, heart, circadian } = bySection(told)
  const { figures, methods } = circadianFigures(view.rhythm)
  const night = sleepAnalysis(view.day, textsOf(sleep))
  const moved = activityAnalysis(view.day, textsOf(activity))
  const rates = heartRateAnalysis(view.day, textsOf(heart))
  const rhythm: CircadianAnalysis = { ...figures, insights: textsOf(circadian) }
  const data: StoredInsight['data'] = {}
  if (says(night)) data.sleepAnalysis = night
  if (says(moved)) data.activityAnalysis = moved
  if (says(rates)) data.heartRateAnalysis = rates
  if (says(rhythm)) data.circadianAnalysis = rhythm
  const evidence: Record<string, Evidence[]> = {}
  point(evidence, places.sleep, sleep)
  point(evidence, places.activity, activity)
  point(evidence, places.heart, heart)
  point(evidence, places.circadian, circadian)
  return { data, evidence, methods }
}

/** A section in which nothing stands is left out. */
function says(analysis: ActivityAnalysis | CircadianAnalysis | HeartRateAnalysis | SleepAnalysis): boolean {
  return analysis.insights.length > 0 || Object.keys(analysis).length > 1
}

function byKind(told: readonly Told[]): Record<RuleKind, Told[]> {
  const kinds: Record<RuleKind, Told[]> = { insight: [], achievement: [], recommendation: [] }
  for (const telling of told) kinds[telling.rule.kind].push(telling)
  return kinds
}

function bySection(told: readonly Telling[]): Record<Section, Telling[]> {
  const sections: Record<Section, Telling[]> = { sleep: [], activity: [], heart: [], circadian: [] }
  for (const telling of told) sections[telling.section].push(telling)
  return sections
}

function textsOf(statements: readonly Statement[]): string[] {
  return statements.map(({ text }) => text)
}

/** Adds that of the statements, at their paths. */
function point(evidence: Record<string, Evidence[]>, pathAt: (at: number) => string, statements: readonly Statement[]): void {
  for (let at = 0; at < statements.length; at++) evidence[pathAt(at)] = (statements[at] as Statement).evidence
}

/** Each is written once: a new text that becomes the name of a field is looked up among all names. */
function pathsOf(place: string): (at: number) => string {
  const paths: string[] = []
  return (at) => {
    for (let next = paths.length; next <= at; next++) paths.push(`${place}/${next}`)
    return paths[at] as string
  }
}

const places = {
  sleep: pathsOf('/data/sleepAnalysis/insights'),
  activity: pathsOf('/data/activityAnalysis/insights'),
  heart: pathsOf('/data/heartRateAnalysis/insights'),
  circadian: pathsOf('/data/circadianAnalysis/insights'),
  recommendations: pathsOf('/narrative/recommendations'),
  achievements: pathsOf('/narrative/achievements'),
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
