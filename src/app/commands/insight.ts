import { analyseDirtyDays } from '../../flows/analyse-days.ts'
import { insightsBetween } from '../../flows/find-insights.ts'
import { requireUser } from '../../flows/manage-user.ts'
import { Problem } from '../../model/problem.ts'
import type { Command } from '../command.ts'
import { openHouse } from '../house.ts'
import { insightText } from '../text/insight-text.ts'
import { dateFlags, requireDates } from './dates.ts'
import { requireUserId } from './import.ts'

export const insight: Command = {
  summary: 'The daily insight, each sentence with its evidence.',
  usage: '--user ID (--date D | --from D --to D)',
  flags: dateFlags,
  async run(run) {
    const userId = requireUserId(run)
    const { from, to, isRange } = requireDates(run.flags)
    await using house = await openHouse(run.config)
    await requireUser(house, userId)
    await analyseDirtyDays(house, userId)
    const insights = await insightsBetween(house, userId, from, to)
    if (!isRange && insights.length === 0) throw new Problem('not_found', `There is no insight of ${userId} for ${from}.`)
    for (const found of insights) run.out(run.json ? `${JSON.stringify(found)}\n` : `${insightText(found)}\n`)
    return 0
  },
}
