import { daysBetween } from '../../flows/days-between.ts'
import { Day } from '../../model/day.ts'
import { inOrder } from '../../model/in-order.ts'
import type { Command } from '../command.ts'
import { gathered, pages } from '../remote.ts'
import { dayText } from '../text/day-text.ts'
import { dateFlags, tellDates } from './dates.ts'

export const day: Command = {
  summary: 'The merged day: totals, night, heart, coverage, and who measured what.',
  usage: '--user ID (--date D | --from D --to D)',
  flags: dateFlags,
  isRemote: true,
  run: (run) =>
    tellDates(
      run,
      {
        command: 'day',
        inStore: async (...where) => (await daysBetween(...where)).map(({ body }) => body),
        atServer: (remote, userId, from, to) =>
          gathered(pages((page) => remote.listDays({ params: { userId }, query: { from, to, ...page } }))),
      },
      (found, json) => (json ? JSON.stringify(spoken(found)) : dayText(found)),
    ),
}

/** The day as the command speaks it: its date first. */
function spoken(day: Day): Omit<Day, 'userId'> {
  const { userId: _, ...rest } = inOrder(Day, day)
  return rest
}
