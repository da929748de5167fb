import { analyseDirtyDays } from '../../flows/analyse-days.ts'
import { requireUser } from '../../flows/manage-user.ts'
import { Problem } from '../../model/problem.ts'
import { isCalendarDate } from '../../model/time.ts'
import { openAccounted } from '../accounted-house.ts'
import type { Flags, Run } from '../command.ts'
import type { House } from '../house.ts'
import type { Remote } from '../remote.ts'
import { carryRows } from './carry-rows.ts'
import { requireUserId } from './user-flag.ts'

export const dateFlags = {
  user: { value: 'ID', help: 'whose' },
  date: { value: 'D', help: 'one date, YYYY-MM-DD' },
  from: { value: 'D', help: 'first date of a range' },
  to: { value: 'D', help: 'last date of a range' },
} as const

type Find<Where, T> = (where: Where, userId: string, from: string, to: string) => Promise<readonly T[]>

/**
 * Says what a person's dates hold, one text each: of the store after making what waits to be made, or of a server, which makes it by itself.
 * A single date that holds nothing is `not_found`.
 */
export async function tellDates<T>(
  run: Run,
  { command, inStore, atServer }: { readonly command: string; readonly inStore: Find<House, T>; readonly atServer: Find<Remote, T> },
  say: (found: T, json: boolean) => string,
): Promise<number> {
  const userId = requireUserId(run)
  const { from, to, isRange } = requireDates(run.flags)
  const found = run.remote
    ? await atServer(run.remote, userId, from, to)
    : await made(run, command, userId, (house) => inStore(house, userId, from, to))
  if (!isRange && found.length === 0) throw new Problem('not_found', `There are no data of ${userId} for ${from}.`)
  for (const each of found) run.out(`${say(each, run.json)}\n`)
  return 0
}

async function made<T>({ config, say }: Run, command: string, userId: string, find: (house: House) => Promise<T>): Promise<T> {
  await using house = await openAccounted(config, `clarity ${command}`, { action: 'R', userId })
  await requireUser(house, userId)
  await analyseDirtyDays(house, userId)
  await carryRows(house, userId, say)
  return find(house)
}

/** One date or a range, both ends included. Throws `Problem('wrong_use')`. */
function requireDates({ date, from, to }: Flags): { readonly from: string; readonly to: string; readonly isRange: boolean } {
  if (date !== undefined && from === undefined && to === undefined)
    return { from: checkedDate(date), to: checkedDate(date), isRange: false }
  if (date !== undefined || from === undefined || to === undefined) throw new Problem('wrong_use', 'Say --date D, or --from D --to D.')
  if (checkedDate(from) > checkedDate(to)) throw new Problem('wrong_use', '--from lies after --to.')
  return { from, to, isRange: true }
}

/** Throws `Problem('wrong_use')` for what is no date. */
export function checkedDate(date: string): string {
  if (!isCalendarDate(date)) throw new Problem('wrong_use', `${JSON.stringify(date.slice(0, 40))} is not a date of the form YYYY-MM-DD.`)
  return date
}
