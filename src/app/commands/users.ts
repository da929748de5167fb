import type { z } from 'zod'
import { findAccess } from '../../flows/find-audit.ts'
import { findSpan, type Span } from '../../flows/find-span.ts'
import { listUsers, requireUser } from '../../flows/manage-user.ts'
import { sealAudit } from '../../flows/seal-audit.ts'
import { userView } from '../../flows/user-view.ts'
import type { Access } from '../../model/audit.ts'
import { Problem } from '../../model/problem.ts'
import type { UserView } from '../../model/user-forms.ts'
import { openAccounted } from '../accounted-house.ts'
import type { Command, Run } from '../command.ts'
import type { House } from '../house.ts'
import { pages, type Remote } from '../remote.ts'
import { requireUserId } from './user-flag.ts'

export const users: Command = {
  summary: 'The people in this store: their zone, the dates that there are data for, and who read or changed what of one.',
  takesWords: true,
  usage: '[list | show ID | access-log --user ID]',
  flags: { user: { value: 'ID', help: 'whose access log' } },
  isRemote: true,
  async run(run) {
    const { verb, userId } = wantedOf(run)
    await using opened = new AsyncDisposableStack()
    const people = run.remote
      ? peopleAt(run.remote)
      : peopleIn(opened.use(await openAccounted(run.config, 'clarity users', { action: 'R', userId })))
    await verbs[verb](people, run, userId ?? '')
    return 0
  },
}

type Verb = 'list' | 'show' | 'access-log'

const verbs: Readonly<Record<Verb, (people: People, run: Run, userId: string) => Promise<void>>> = {
  list,
  show: async (people, { out, json }, userId) => out(`${JSON.stringify(await people.show(userId), null, json ? 0 : 2)}\n`),
  async 'access-log'(people, { out, json }, userId) {
    for await (const access of people.accessLog(userId)) out(json ? `${JSON.stringify(access)}\n` : lineOf(access))
  },
}

function wantedOf(run: Run): { readonly verb: Verb; readonly userId: string | undefined } {
  const [verb = 'list', userId, ...more] = run.positionals
  if (verb === 'list' && userId === undefined) return { verb, userId }
  if (verb === 'show' && userId !== undefined && more.length === 0) return { verb, userId }
  if (verb === 'access-log' && userId === undefined) return { verb, userId: requireUserId(run) }
  throw new Problem('wrong_use', 'Say users, users list, users show ID, or users access-log --user ID.')
}

interface ListedPerson extends Span {
  readonly userId: string
  readonly timezone: string | undefined
  readonly createdAt: string
}

interface People {
  list(): AsyncIterable<ListedPerson>
  show(userId: string): Promise<z.input<typeof UserView>>
  /** The newest first. */
  accessLog(userId: string): AsyncIterable<Access>
}

function peopleIn(house: House): People {
  return {
    async *list() {
      for (const { userId, user } of await listUsers(house))
        yield { userId, timezone: user.profile.timezone, createdAt: user.metadata.createdAt, ...(await findSpan(house, userId)) }
    },
    show: async (userId) => userView(house, await requireUser(house, userId)),
    async *accessLog(userId) {
      await requireUser(house, userId)
      // With what this command itself has left there.
      await sealAudit(house, 'clarity users', 'now')
      yield* pages(async (page) => ({ body: await findAccess(house, userId, {}, page) }))
    },
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
    accessLog: (userId) => pages((query) => remote.listAccess({ params: { userId }, query })),
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

function lineOf({ at, who, action, what, count, outcome, code }: Access): string {
  const name = who.userId ?? who.keyId
  const many = count === undefined ? '' : ` (${count})`
  const how = outcome === 'allow' ? '' : `  ${outcome} ${code}`
  return `${at}  ${who.type}${name === undefined ? '' : ` ${name}`}  ${action}  ${what}${many}${how}\n`
}
