import { findSpan } from '../../flows/find-span.ts'
import { listUsers, requireUser } from '../../flows/manage-user.ts'
import { Problem } from '../../model/problem.ts'
import type { Command, Run } from '../command.ts'
import { type House, openHouse } from '../house.ts'

export const users: Command = {
  summary: 'The people in this store: their zone, and the dates that there are data for.',
  takesWords: true,
  usage: '[list | show ID]',
  flags: {},
  async run(run) {
    const [verb = 'list', userId] = run.positionals
    await using house = await openHouse(run.config, 'clarity users')
    if (verb === 'show' && userId !== undefined) {
      const { user } = await requireUser(house, userId)
      run.out(`${JSON.stringify({ userId, ...user }, null, run.json ? 0 : 2)}\n`)
      return 0
    }
    if (verb !== 'list' || run.positionals.length > 1) throw new Problem('wrong_use', 'Say users, users list, or users show ID.')
    await list(house, run)
    return 0
  },
}

async function list(house: House, run: Run): Promise<void> {
  const found = await listUsers(house)
  for (const { userId, user } of found) {
    const span = await findSpan(house, userId)
    const entry = { userId, timezone: user.profile.timezone, createdAt: user.metadata.createdAt, ...span }
    const dates = span.days > 0 ? `, ${span.firstDate} to ${span.lastDate}` : ''
    run.out(run.json ? `${JSON.stringify(entry)}\n` : `${userId}  ${entry.timezone}  ${span.days} days${dates}\n`)
  }
  if (found.length === 0) run.say('Nobody yet: clarity import FILE --user ID makes a person.\n')
}
