import type { HandedSession } from '../model/handed-session.ts'
import type { FlagCode } from '../model/marks.ts'
import { hasNumber, type SampleTable } from '../model/sample-table.ts'
import type { Counts } from '../model/session.ts'
import type { Judged } from './judge-session.ts'
import { countRows } from './row-counts.ts'
import type { SessionBody } from './session-document.ts'
import type { Quality } from './session-quality.ts'

type Body = Omit<SessionBody, 'revision'>
interface Flag {
  readonly code: FlagCode
  readonly count?: number
  readonly detail?: string
}

/** What the client said besides its samples, in its places. */
export function withWords(body: Body, { reported, activity, sleep, unknown }: HandedSession): Body {
  const { steps, workout } = activity ?? {}
  const raw = { ...unknown, ...(isPercent(sleep) && { '/sleep/quality/efficiency': sleep?.efficiency }) }
  return {
    ...body,
    ...(reported && { heartRate: { ...body.heartRate, reported: { ...reported } } }),
    ...(body.activity && {
      activity: {
        ...body.activity,
        ...(body.activity.steps && steps && { steps: { ...steps, total: body.activity.steps.total } }),
        ...(workout && { workout: { ...workout } }),
      },
    }),
    ...(sleep && { sleep: { ...(body.sleep ?? { stages: [] }), ...sleepQuality(sleep) } }),
    ...(Object.keys(raw).length > 0 && { raw }),
  }
}

/** 0.89 is 89 %; 89 can only be right in another unit. */
function isPercent(sleep: HandedSession['sleep']): boolean {
  return (sleep?.efficiency ?? 0) > 1
}

function sleepQuality(sleep: NonNullable<HandedSession['sleep']>): Pick<NonNullable<Body['sleep']>, 'quality'> {
  const { score, efficiency, disturbances } = sleep
  const quality = {
    ...(score !== undefined && { score }),
    ...(efficiency !== undefined && !isPercent(sleep) && { efficiency }),
    ...(disturbances !== undefined && { disturbances }),
  }
  return Object.keys(quality).length > 0 ? { quality } : {}
}

/** The verdict on a part; what concerns the session as a whole is told of its first, for which `whole` is given. */
export function qualityOfPart(
  body: Body,
  session: HandedSession,
  judged: Judged,
  table: SampleTable,
  whole: { readonly flags: readonly Flag[]; readonly duplicates: number } | undefined,
): Quality {
  const found = new Map(body.quality.flags.map((flag) => [flag.code, flag]))
  const add = ({ code, count = 1, detail }: Flag) => {
    if (count > 0 && !found.has(code)) found.set(code, { code, count, ...(detail !== undefined && { detail }) })
  }
  if (whole) {
    found.delete('hr_jump')
    for (const flag of [...whole.flags, ...flagsOf(session, body), { code: 'hr_jump', count: judged.jumps } as const]) add(flag)
    if (table.rows === 0 || session.isEmptyList) add({ code: 'no_samples' })
  }
  for (const code of judged.flags) add({ code })
  if ((body.activity?.steps?.total ?? 0) > MOST_STEPS) add({ code: 'daily_total_high' })
  const quarantined = { ...body.quality.quarantined, ...(whole && isPercent(session.sleep) && { unit_suspect: 1 }) }
  const flags = [...found.values()].sort((a, b) => (a.code < b.code ? -1 : 1))
  return { verdict: verdictOf(quarantined, flags, table), flags, quarantined, counts: countsOf(table, whole?.duplicates ?? 0) }
}

/** Few ultramarathons have more. */
const MOST_STEPS = 100_000

function verdictOf(quarantined: object, flags: readonly unknown[], table: SampleTable): Quality['verdict'] {
  if (Object.keys(quarantined).length > 0) return 'quarantine'
  if (flags.length > 0) return 'flag'
  const isChanged = table.words.raw_unit.words.length > 0 || hasNumber(table.numbers.raw_value)
  return isChanged ? 'normalise' : 'accept'
}

export function countsOf(table: SampleTable, duplicate: number): Counts {
  const { accepted, quarantined } = countRows(table, undefined)
  return { received: table.rows + duplicate, accepted, duplicate, quarantined, rejected: 0 }
}

function flagsOf(session: HandedSession, body: Body): Flag[] {
  const { heartRate, series, unknown, flags } = session
  const unknownSamples = [heartRate, ...series.map(({ samples }) => samples)].reduce((sum, list) => sum + (list?.unknown ?? 0), 0)
  return [
    ...flags.map((code): Flag => ({ code: code as FlagCode })),
    { code: 'unknown_field', count: Object.keys(unknown).length + unknownSamples },
    { code: 'statistics_mismatch', count: isMistaken(session, body) ? 1 : 0 },
    { code: 'unit_suspect', count: isEnergySuspect(body) ? 1 : 0 },
  ]
}

/** A client that rounds agrees. */
const TOLERANCE = 0.5

function isMistaken({ reported, activity, series }: HandedSession, { heartRate, activity: found }: Body): boolean {
  const ours = heartRate?.statistics ?? {}
  if (Object.entries(ours).some(([name, value]) => Math.abs((reported?.[name] ?? value) - value) > TOLERANCE)) return true
  const hasSteps = series.some(({ metric }) => metric === 'steps')
  const said = activity?.steps?.total
  return hasSteps && said !== undefined && Math.abs(said - (found?.steps?.total ?? said)) > 1
}

/** A step takes some 0.04 kcal: a hundred times more or less is another unit. */
const KCAL_A_STEP = 0.04

function isEnergySuspect({ activity }: Body): boolean {
  const steps = activity?.steps?.total ?? 0
  const energy = activity?.activeEnergy?.value
  if (steps < 100 || energy === undefined || energy === 0) return false
  const ratio = energy / (steps * KCAL_A_STEP)
  return ratio < 0.01 || ratio > 100
}
