import { wordMaker } from '../model/handed-samples.ts'
import type { HandedSession } from '../model/handed-session.ts'
import type { FlagCode, QuarantineCode } from '../model/marks.ts'
import { isMetricName, type MetricName, metrics } from '../model/metrics.ts'
import { type FieldProblem, isProblemCode, Problem } from '../model/problem.ts'
import { aheadOfClock, type Finding, type Handling, outOfRange, timeFindings } from '../model/quality.ts'
import { judgeHeartRate } from '../model/quality-heart.ts'
import { placementFlags, stageWordFindings, transitionFindings } from '../model/quality-sleep.ts'
import type { SampleTable } from '../model/sample-table.ts'
import { metricRanges, type RowRange } from './metric-ranges.ts'
import { blocksOf } from './session-blocks.ts'
import { isStage, sleepSpans } from './session-sleep.ts'
import { type Gathered, gatherBlocks } from './session-table.ts'

export interface Judged {
  readonly table: SampleTable
  /** Of the session as a whole. */
  readonly flags: ReadonlySet<FlagCode>
  readonly jumps: number
}

const DAY_MS = 86_400_000

/**
 * Gives each sample its verdict. Lenient handling flags and sets aside; strict handling throws a `Problem` with the specification's own words
 * for the first thing that is improbable, every place in `errors`.
 */
export function judgeSession(session: HandedSession, { table, unitUnknown }: Gathered, nowMs: number, handling: Handling): Judged {
  const marks = newMarks(table)
  const ranges = metricRanges(table)
  const findings: Finding[] = timeFindings(session.startMs, Math.min(session.endMs, session.startMs + DAY_MS), nowMs, handling)
  if (session.endMs - session.startMs > DAY_MS) findings.push(...timeFindings(session.startMs, session.endMs, session.endMs, handling))
  const heart = ranges.get('heart_rate')
  const hearts = heart ? judgeHearts(table, heart, marks, handling) : []
  const sleep = ranges.get('sleep_session')
  if (sleep) findings.push(...judgeSleep(session, table, sleep, marks, handling))
  if (handling === 'strict') refuse([...findings, ...hearts])
  judgeValues(table, ranges, unitUnknown, marks)
  judgeTimes(
    session,
    table,
    findings.some(({ code }) => code === 'future'),
    nowMs,
    marks,
  )
  const flags = new Set(
    findings.flatMap(({ code, verdict }) => (verdict === 'flag' && code !== 'unlikely_transition' ? [code as FlagCode] : [])),
  )
  if (marks.isSkewed) flags.add('clock_skew')
  return { table: marks.marked(), flags, jumps: hearts.filter(({ code }) => code === 'hr_jump').length }
}

interface Marks {
  quarantine(row: number, code: QuarantineCode): void
  flag(row: number, code: FlagCode): void
  isSkewed: boolean
  marked(): SampleTable
}

/** The first reason to set a sample aside stands. */
function newMarks(table: SampleTable): Marks {
  const aside = wordMaker(table.rows)
  const flagged = new Map<number, Set<string>>()
  return {
    isSkewed: false,
    quarantine(row, code) {
      if ((aside.words.codes[row] as number) < 0) aside.set(row, code)
    },
    flag(row, code) {
      const known = flagged.get(row)
      if (known) known.add(code)
      else flagged.set(row, new Set([code]))
    },
    marked() {
      const flags = flagged.size === 0 ? table.words.flags : withFlags(table, flagged)
      return { ...table, words: { ...table.words, quarantine: aside.words, flags } }
    },
  }
}

function withFlags({ rows, words }: SampleTable, flagged: ReadonlyMap<number, ReadonlySet<string>>): SampleTable['words']['flags'] {
  const maker = wordMaker(rows)
  for (let row = 0; row < rows; row++) {
    const said = words.flags.words[words.flags.codes[row] as number]
    const added = flagged.get(row)
    if (said !== undefined || added) maker.set(row, [...new Set([...(said === undefined ? [] : [said]), ...(added ?? [])])].join(' '))
  }
  return maker.words
}

function judgeHearts(table: SampleTable, { from, to }: RowRange, marks: Marks, handling: Handling): Finding[] {
  const { findings, sensorFault } = judgeHeartRate(
    table.instants.start.subarray(from, to),
    table.numbers.value.subarray(from, to),
    handling,
  )
  for (const { code, at } of findings) if (code === 'hr_out_of_range' && at !== undefined) marks.quarantine(from + at, 'hr_out_of_range')
  if (sensorFault) for (let row = from; row < to; row++) marks.quarantine(row, 'sensor_fault')
  return [...findings]
}

function judgeSleep(session: HandedSession, table: SampleTable, range: RowRange, marks: Marks, handling: Handling): Finding[] {
  const spans = sleepSpans(table, range)
  const { overlapping, outside } = placementFlags(
    spans.map(({ word, ...span }) => ({ stage: word, ...span })),
    session,
  )
  // Positions among spans are positions among rows: every row of sleep has a word and a length, but for unknown ones.
  if (spans.length === range.to - range.from) {
    for (const at of overlapping) marks.flag(range.from + at, 'overlapping_stages')
    for (const at of outside) marks.flag(range.from + at, 'outside_session')
  }
  const asleepMs = spans.reduce((sum, { word, startMs, endMs }) => sum + (isStage(word) ? endMs - startMs : 0), 0)
  for (let row = range.from; row < range.to; row++) {
    if (asleepMs > DAY_MS) marks.quarantine(row, 'out_of_range')
    if (table.words.text.words[table.words.text.codes[row] as number] === 'unknown') marks.quarantine(row, 'unknown_value')
  }
  if (handling === 'lenient') return []
  const stages = spans.flatMap(({ word, ...span }) => (isStage(word) ? [{ stage: word, ...span }] : []))
  const words = stageWordFindings(session.sleep?.stages.map(({ said }) => said) ?? [])
  return [...words, ...transitionFindings(stages, handling)]
}

function refuse(findings: readonly Finding[]): void {
  const refused = findings.filter(({ verdict }) => verdict === 'reject')
  const [first] = refused
  if (first === undefined) return
  const errors = refused.map(({ rule, code, message, at }): FieldProblem => {
    return { pointer: pointers[rule]?.(at ?? 0) ?? '', code: isProblemCode(code) ? code : 'invalid', message }
  })
  throw new Problem(isProblemCode(first.code) ? first.code : 'invalid', first.message, { errors: errors.slice(0, 100) })
}

/** Of samples in the order of their times, in which the rules see them. */
const pointers: Partial<Record<Finding['rule'], (at: number) => string>> = {
  heart_rate_range: (at) => `/heartRate/samples/${at}`,
  heart_rate_jump: (at) => `/heartRate/samples/${at}`,
  stage_word: (at) => `/sleep/stages/${at}/stage`,
  stage_transition: (at) => `/sleep/stages/${at}/stage`,
  end_after_start: () => '/sessionInfo/endTime',
  at_most_24_hours: () => '/sessionInfo/endTime',
  clock_skew: () => '/sessionInfo/startTime',
  future: () => '/sessionInfo/startTime',
}

function judgeValues(table: SampleTable, ranges: ReadonlyMap<string, RowRange>, unitUnknown: Uint8Array | undefined, marks: Marks): void {
  const { value } = table.numbers
  for (const [metric, { from, to }] of ranges) {
    if (metric === 'heart_rate' || !isMetricName(metric) || isCategory(metric)) continue
    for (let row = from; row < to; row++) {
      const code = unitUnknown?.[row] === 1 ? 'unit_unknown' : outOfRange(metric, value[row] as number)
      if (code !== undefined) marks.quarantine(row, code)
    }
  }
}

function isCategory(metric: MetricName): boolean {
  return metrics[metric].kind === 'category'
}

/** Against the clock, and against the session: what lies more than a day from it belongs to no day that it touches. */
function judgeTimes({ startMs, endMs }: HandedSession, table: SampleTable, isFuture: boolean, nowMs: number, marks: Marks): void {
  const { start, end } = table.instants
  const latest = Math.max(endMs, startMs + DAY_MS)
  for (let row = 0; row < table.rows; row++) {
    const from = start[row] as number
    const ahead = aheadOfClock(from, nowMs)
    if (isFuture || ahead === 'future') marks.quarantine(row, 'future')
    else if (from < startMs - DAY_MS || from > latest) marks.quarantine(row, 'outside_session')
    else if (ahead !== undefined) {
      marks.isSkewed = true
      marks.flag(row, 'clock_skew')
    }
    if (from < startMs || (end[row] as number) > endMs) marks.flag(row, 'outside_session')
  }
}

/** Throws what strict handling would refuse, whatever is there already. */
export function judgeStrictly(session: HandedSession, nowMs: number): void {
  const { startMs, endMs } = session
  judgeSession(session, gatherBlocks(blocksOf(session, [{ startMs, endMs }])), nowMs, 'strict')
}
