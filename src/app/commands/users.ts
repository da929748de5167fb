import type { z } from 'zod'
import { findSpan, type Span } from '../../flows/find-span.ts'
import { listUsers, requireUser } from '../../flows/manage-user.ts'
import { userView } from '../../flows/user-view.ts'
import { Problem } from '../../model/problem.ts'
import type { UserView } from '../../model/user-forms.ts'
import type { Command, Run } from '../command.ts'
import { type House, openHouse } from '../house.ts'
import { pages, type Remote } from '../remote.ts'

export const users: Command = {
  summary: 'The people in this store: their zone, and the dates that there are data for.',
  takesWords: true,
  usage: '[list | show ID]',
  flags: {},
  isRemote: true,
  async run(run) {
    const [verb = 'list', userId] = run.positionals
    const isShow = verb === 'show' && run.positionals.length === 2
    if (!isShow && (verb !== 'list' || run.positionals.length > 1))
      throw new Problem('wrong_use', 'Say users, users list, or users show ID.')
    await using opened = new AsyncDisposableStack()
    const people = run.remote ? peopleAt(run.remote) : peopleIn(opened.use(await openHouse(run.config, 'clarity users')))
    if (isShow) run.out(`${JSON.stringify(await people.show(userId ?? ''), null, run.json ? 0 : 2)}\n`)
    else await list(people, run)
    return 0
  },
}

interface ListedPerson extends Span {
  readonly userId: string
  readonly timezone: string | undefined
  readonly createdAt: string
}

interface People {
  list(): AsyncIterable<ListedPerson>
  show(userId: string): Promise<z.input<typeof UserView>>
}

function peopleIn(house: House): People {
  return {
    async *list() {
      for (const { userId, user } of await listUsers(house))
        yield { userId, timezone: user.profile.timezone, createdAt: user.metadata.createdAt, ...(await findSpan(house, userId)) }
    },
    show: async (userId) => userView(house, await requireUser(house, userId)),
  }
}

function peopleAt(remote: Remote): People {
  const show = async (userId: string) => (await remote.getUser({ params: { userId } })).body
  return {
    async *list() {
      for await (const { userId, createdAt } of pages((query) => remote.listUsers({ query })))
        yield { userId, timezone: (await show(userId)).profile.timezone, createdAt, ...(await spanAt(remote, userId)) }
    },
    show,
  }
}

async function spanAt(remote: Remote, userId: string): Promise<Span> {
  const dates: string[] = []
  for await (const { date } of pages((query) => remote.listDays({ params: { userId }, query }))) dates.push(date)
  const [firstDate] = dates
  const lastDate = dates.at(-1)
  return { days: dates.length, ...(firstDate !== undefined && { firstDate }), ...(lastDate !== undefined && { lastDate }) }
}

async function list(people: People, run: Run): Promise<void> {
  let count = 0
  for await (const entry of people.list()) {
    const { userId, timezone, days, firstDate, lastDate } = entry
    count += 1
    const dates = days > 0 ? `, ${firstDate} to ${lastDate}` : ''
    run.out(run.json ? `${JSON.stringify(entry)}\n` : `${userId}  ${timezone}  ${days} days${dates}\n`)
  }
  if (count === 0) run.say('Nobody yet: clarity import FILE --user ID makes a person.\n')
}
