import { baselineDays, shiftDate } from '../analysis/baseline.ts'
import { dayNumber } from '../model/calendar.ts'
import type { DirtyDay } from '../model/dirty-day.ts'
import { Problem } from '../model/problem.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Write } from '../ports/documents.ts'
import { makeDates, type WantedDate } from './analysis-run.ts'
import { bringBackDates } from './bring-back.ts'
import { mayUse } from './consents.ts'
import { dayStampsBetween } from './days-between.ts'
import { datesOf } from './dirty-days.ts'
import { findWork, settleWork } from './dirty-work.ts'
import { markLooseMonths } from './loose-months.ts'
import type { InsightDeps } from './make-day.ts'
import { requireUser } from './manage-user.ts'
import { remakeable } from './remakeable-dates.ts'
import type { FileDeps } from './session-files.ts'
import type { Stagers } from './stagers.ts'
import type { ToWarehouse } from './warehouse-outbox.ts'

export interface AnalyseDeps extends InsightDeps, FileDeps {
  readonly blobs: Blobs
  readonly toWarehouse: ToWarehouse
  readonly stagers: Pick<Stagers, 'begin'>
}

/** What is new: a day or insight that says what it said before is not counted. */
export interface AnalysedDays {
  readonly days: number
  readonly insights: number
}

/** What is written with each batch; it is told what will have been made by then. */
type Alongside = (made: AnalysedDays) => Promise<readonly Write[]>

/** Days, their rows and insights in one atomic batch: from so many writes on it is sent. What one date adds is never parted. */
const BATCH = 100
/** How often it begins again because another analysis of the same person was quicker. */
const ATTEMPTS = 5

/**
 * Makes every day that is marked, and those of `also`, in order of date, and the insight of each day and of those whose baseline it changes. A
 * day whose input is what it was keeps its revision. Safe to be killed and called again, and to be called twice at once.
 */
export async function analyseDirtyDays(
  deps: AnalyseDeps,
  userId: string,
  onProgress?: (done: number, total: number) => void,
  also: readonly string[] = [],
  alongside?: Alongside,
): Promise<AnalysedDays> {
  const made = { days: 0, insights: 0 }
  for (let attempt = 1; ; attempt++) {
    try {
      await analyse(deps, { userId, also, onProgress, alongside }, made)
      return made
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'conflict') || attempt === ATTEMPTS) throw error
    }
  }
}

interface Analysis {
  readonly userId: string
  readonly also: readonly string[]
  readonly onProgress: ((done: number, total: number) => void) | undefined
  readonly alongside: Alongside | undefined
}

async function analyse(
  deps: AnalyseDeps,
  { userId, also, onProgress, alongside }: Analysis,
  made: { days: number; insights: number },
): Promise<void> {
  const { user } = await requireUser(deps, userId)
  const work = await findWork(deps, userId)
  const dirty = await remakeable(deps, userId, datesOf(work.marks, also))
  await bringBackDates(deps, userId, ['analytics', 'insights'], dirty)
  const dates = await affectedDates(deps, userId, dirty)
  const staging = deps.stagers.begin((purpose) => mayUse(deps, userId, purpose))
  const unfinished: DirtyDay[] = []
  const looseMonths = new Set<string>()
  let batch: Write[] = []
  let done = 0
  const send = async () => {
    if (batch.length === 0) return
    const days = made.days + batch.filter(({ path }) => /^users\/[^/]+\/days\/[^/]+$/.test(path)).length
    const insights = made.insights + batch.filter(({ path }) => /^users\/[^/]+\/insights\/[^/]+$/.test(path)).length
    const beside = (await alongside?.({ days, insights })) ?? []
    await deps.documents.batch([...batch, ...beside])
    Object.assign(made, { days, insights })
    batch = []
  }
  for await (const { date, writes, atItsEnd, isLoose } of makeDates(deps, { userId, user, staging }, dates)) {
    if (isLoose) looseMonths.add(date.slice(0, 7))
    if (atItsEnd !== undefined) unfinished.push(atItsEnd)
    batch.push(...writes)
    onProgress?.(++done, dates.length)
    if (batch.length >= BATCH) await send()
  }
  await send()
  await markLooseMonths(deps, userId, looseMonths)
  await staging.settle()
  await settleWork(deps, userId, work, unfinished)
}

/** The dirty dates, and the days after them whose insights compare with them. */
async function affectedDates(deps: AnalyseDeps, userId: string, dates: readonly string[]): Promise<WantedDate[]> {
  const later = datesAfter(dates)
  const [first, last] = [later[0], later.at(-1)]
  // Only what is not made anyway is looked up: of a whole history these are the dates after its end.
  const known = first === undefined || last === undefined ? [] : await dayStampsBetween(deps, userId, first, last)
  const wanted = new Set(later)
  const compared = known.map(({ body }) => body.date).filter((date) => wanted.has(date))
  return [...dates.map((date) => ({ date, isDirty: true })), ...compared.map((date) => ({ date, isDirty: false }))].sort((a, b) =>
    a.date < b.date ? -1 : 1,
  )
}

/** The dates whose baseline holds one of these, without these, ascending. */
function datesAfter(dates: readonly string[]): string[] {
  const own = new Set(dates.map(dayNumber))
  const after = new Set<number>()
  for (const number of own) {
    for (let next = number + 1; next <= number + baselineDays; next++) if (!own.has(next)) after.add(next)
  }
  return [...after].sort((a, b) => a - b).map((number) => shiftDate('1970-01-01', number))
}
