import { daysBetween } from '../../flows/analyse-days.ts'
import type { Day } from '../../model/day.ts'
import type { Command } from '../command.ts'
import { dayText } from '../text/day-text.ts'
import { dateFlags, tellDates } from './dates.ts'

export const day: Command = {
  summary: 'The merged day: totals, night, heart, coverage, and who measured what.',
  usage: '--user ID (--date D | --from D --to D)',
  flags: dateFlags,
  run: (run) =>
    tellDates(
      run,
      async (...where) => (await daysBetween(...where)).map(({ body }) => body),
      (found, json) => (json ? JSON.stringify(spoken(found)) : dayText(found)),
    ),
}

/** The day as the command speaks it: its date first. */
function spoken({ userId: _, date, zone, ...rest }: Day): Omit<Day, 'userId'> {
  return { date, zone, ...rest }
}
