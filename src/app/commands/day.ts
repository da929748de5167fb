import { analyseDirtyDays, daysBetween } from '../../flows/analyse-days.ts'
import { requireUser } from '../../flows/manage-user.ts'
import type { Day } from '../../model/day.ts'
import { Problem } from '../../model/problem.ts'
import type { Command } from '../command.ts'
import { openHouse } from '../house.ts'
import { dayText } from '../text/day-text.ts'
import { dateFlags, requireDates } from './dates.ts'
import { requireUserId } from './import.ts'

export const day: Command = {
  summary: 'The merged day: totals, night, heart, coverage, and who measured what.',
  usage: '--user ID (--date D | --from D --to D)',
  flags: dateFlags,
  async run(run) {
    const userId = requireUserId(run)
    const { from, to, isRange } = requireDates(run.flags)
    await using house = await openHouse(run.config)
    await requireUser(house, userId)
    await analyseDirtyDays(house, userId)
    const days = (await daysBetween(house, userId, from, to)).map(({ body }) => body)
    if (!isRange && days.length === 0) throw new Problem('not_found', `There are no data of ${userId} for ${from}.`)
    for (const found of days) run.out(run.json ? `${JSON.stringify(spoken(found))}\n` : `${dayText(found)}\n`)
    return 0
  },
}

/** The day as the command speaks it. */
function spoken({ userId: _, ...rest }: Day): Omit<Day, 'userId'> {
  return rest
}
