import { analyseDirtyDays } from '../../flows/analyse-days.ts'
import { computeTrends } from '../../flows/compute-trends.ts'
import { findChanges } from '../../flows/keep-changes.ts'
import { requireUser } from '../../flows/manage-user.ts'
import { drainOutbox } from '../../flows/warehouse-outbox.ts'
import { Change } from '../../model/change.ts'
import { inOrder } from '../../model/in-order.ts'
import { Problem } from '../../model/problem.ts'
import { everyDate } from '../../model/user-analytics.ts'
import { TrendType, UserTrend } from '../../model/user-trend.ts'
import type { DateRange } from '../../ports/warehouse.ts'
import { openAccounted } from '../accounted-house.ts'
import type { Command, Run } from '../command.ts'
import type { House } from '../house.ts'
import { changeText, trendText } from '../text/trend-text.ts'
import { checkedDate } from './dates.ts'
import { requireUserId } from './user-flag.ts'

export const trends: Command = {
  summary: 'Where figures are going over weeks, months or quarters, and what changed its level.',
  usage: '--user ID (--type weekly|monthly|quarterly | --changes) [--from D] [--to D]',
  flags: {
    user: { value: 'ID', help: 'whose' },
    type: { value: 'TYPE', help: 'weekly (ISO weeks), monthly or quarterly' },
    changes: { help: 'instead: changes of level, and raised resting heart rates' },
    from: { value: 'D', help: 'periods and changes that begin on this date or later' },
    to: { value: 'D', help: 'or on this date or before' },
  },
  async run(run) {
    const userId = requireUserId(run)
    const type = typeOf(run)
    const { from = everyDate.from, to = everyDate.to } = run.flags
    if (checkedDate(from) > checkedDate(to)) throw new Problem('wrong_use', '--from lies after --to.')
    await using house = await openAccounted(run.config, 'clarity trends', { action: 'R', userId })
    await requireUser(house, userId)
    await analyseDirtyDays(house, userId)
    await drainOutbox(house)
    await computeTrends(house, userId)
    await (type === undefined ? tellChanges(house, run, { userId, from, to }) : tellTrends(house, run, type, { userId, from, to }))
    return 0
  },
}

/** Undefined for changes. */
function typeOf({ flags }: Run): TrendType | undefined {
  const { data: type } = TrendType.safeParse(flags.type)
  const isChanges = flags.changes !== undefined
  if (isChanges === (flags.type !== undefined) || (!isChanges && type === undefined))
    throw new Problem('wrong_use', `Say --type ${TrendType.options.join('|')}, or --changes.`)
  return type
}

async function tellTrends(house: House, run: Run, trendType: TrendType, range: DateRange): Promise<void> {
  const found = await house.warehouse.trends({ ...range, trendType })
  for (const trend of found) run.out(run.json ? `${JSON.stringify(inOrder(UserTrend, trend))}\n` : `${trendText(trend)}\n`)
  if (found.length > 0) return
  const days = (await house.warehouse.analytics(range)).length
  run.say(days === 0 ? 'No day of these dates has a row, so there is no trend.\n' : 'No period begins within these dates.\n')
}

async function tellChanges(house: House, run: Run, { userId, ...range }: DateRange): Promise<void> {
  const found = await findChanges(house, userId, range)
  for (const { body } of found) run.out(run.json ? `${JSON.stringify(inOrder(Change, body))}\n` : `${changeText(body)}\n`)
  if (found.length === 0) run.say('No level changed within these dates.\n')
}
