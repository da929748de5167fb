import type { z } from 'zod'
import type { AgedPerson } from '../../flows/age-person.ts'
import { every } from '../../flows/every.ts'
import { placeHold, releaseHold } from '../../flows/legal-holds.ts'
import { forecastPerson } from '../../flows/plan-lifecycle.ts'
import { everybody, type LifecycleReport, runLifecycle } from '../../flows/run-lifecycle.ts'
import type { LegalHold } from '../../model/archive.ts'
import { Problem } from '../../model/problem.ts'
import { retentionKindNames } from '../../model/retention-kind.ts'
import type { PersonForecast } from '../../model/retention-view.ts'
import { parseInstant } from '../../model/time.ts'
import { openAccounted } from '../accounted-house.ts'
import type { Command, Run } from '../command.ts'
import type { House } from '../house.ts'
import { pages, type Remote } from '../remote.ts'

type Forecast = z.input<typeof PersonForecast>

export const lifecycle: Command = {
  summary: 'Archives and destroys what is old enough, or says what would happen to whom and when; legal holds.',
  takesWords: true,
  usage: '[run [--at INSTANT] [--dry-run] [--after-gap] | holds | hold ID --reason TEXT | release ID]',
  flags: {
    at: { value: 'INSTANT', help: 'as of then; without it as of now' },
    'dry-run': { help: 'say what would happen to each person and when the next is due, and do nothing' },
    'after-gap': { help: 'the time is right, although it does not follow from that of the last run' },
    reason: { value: 'TEXT', help: 'with hold: why nothing of this person may be destroyed' },
  },
  isRemote: true,
  async run(run) {
    const [verb = 'run', userId, ...more] = run.positionals
    const act = acts[verb]
    if (act === undefined || more.length > 0 || (verb === 'hold' || verb === 'release') !== (userId !== undefined)) throw wrongUse()
    await using opened = new AsyncDisposableStack()
    const isRead = verb === 'holds' || run.flags['dry-run'] !== undefined
    const doing = { action: isRead ? 'R' : 'admin', userId } as const
    const warden = run.remote ? wardenAt(run.remote) : wardenIn(opened.use(await openAccounted(run.config, 'clarity lifecycle', doing)))
    await act(warden, run, userId ?? '')
    return 0
  },
}

interface Order {
  readonly atMs: number | undefined
  readonly isSure: boolean
  readonly onProgress: (done: number, total: number) => void
  readonly onPerson: (userId: string, aged: AgedPerson) => void
}

interface Warden {
  foresee(atMs: number | undefined): AsyncIterable<Forecast>
  /** A report, or the job that will have it. */
  run(order: Order): Promise<LifecycleReport | { readonly jobId: string }>
  holds(): AsyncIterable<LegalHold>
  hold(userId: string, reason: string): Promise<LegalHold>
  release(userId: string): Promise<void>
}

function wardenIn(house: House): Warden {
  return {
    async *foresee(atMs = house.clock.nowMs()) {
      for await (const { userId } of everybody(house)) yield await forecastPerson(house, userId, atMs)
    },
    run: ({ atMs = house.clock.nowMs(), ...order }) => runLifecycle(house, { atMs, ...order }),
    async *holds() {
      for await (const { body } of every<LegalHold>(house.documents, { collection: 'legalHolds', index: 'placed' })) yield body
    },
    hold: (userId, reason) => placeHold(house, userId, { reason }),
    release: (userId) => releaseHold(house, userId),
  }
}

function wardenAt(remote: Remote): Warden {
  return {
    async *foresee(atMs) {
      const at = atMs === undefined ? {} : { at: new Date(atMs).toISOString() }
      let cursor: string | undefined
      do {
        const { body } = await remote.runLifecycle({ body: { dryRun: true, ...at, ...(cursor !== undefined && { cursor }) } })
        if (!('data' in body)) throw new Error('A dry run was answered with a job')
        yield* body.data
        cursor = body.nextCursor
      } while (cursor !== undefined)
    },
    async run({ atMs, isSure }) {
      if (atMs !== undefined) throw new Problem('wrong_use', 'A server runs it as of now; --at goes with --dry-run.')
      const { body } = await remote.runLifecycle({ body: { afterGap: isSure } })
      if (!('jobId' in body)) throw new Error('A run was answered with a forecast')
      return { jobId: body.jobId }
    },
    holds: () => pages((query) => remote.listLegalHolds({ query })),
    hold: async (personId, reason) => (await remote.placeLegalHold({ params: { personId }, body: { reason } })).body,
    async release(personId) {
      await remote.releaseLegalHold({ params: { personId } })
    },
  }
}

const acts: Readonly<Record<string, (warden: Warden, run: Run, userId: string) => Promise<void>>> = {
  async run(warden, run) {
    const { flags } = run
    const atMs = timeIn(flags.at)
    if (flags['dry-run'] !== undefined) await tellForecasts(warden, run, atMs)
    else await tellRun(warden, run, { atMs, isSure: flags['after-gap'] !== undefined })
  },
  async holds(warden, run) {
    for await (const hold of warden.holds())
      run.out(run.json ? `${JSON.stringify(hold)}\n` : `${hold.userId}  ${hold.placedAt}  ${hold.reason}\n`)
  },
  async hold(warden, run, userId) {
    const { reason } = run.flags
    if (reason === undefined) throw new Problem('wrong_use', 'Why? Say --reason TEXT.')
    run.out(`${JSON.stringify(await warden.hold(userId, reason), null, run.json ? 0 : 2)}\n`)
  },
  async release(warden, run, userId) {
    await warden.release(userId)
    run.out(run.json ? `${JSON.stringify({ released: userId })}\n` : `The hold on ${userId} is released.\n`)
  },
}

async function tellForecasts(warden: Warden, run: Run, atMs: number | undefined): Promise<void> {
  for await (const forecast of warden.foresee(atMs)) run.out(run.json ? `${JSON.stringify(forecast)}\n` : forecastLines(forecast))
}

function forecastLines({ userId, held, kinds }: Forecast): string {
  const lines = retentionKindNames.map((kind) => {
    const { toArchive, toDestroy, archived, keptFor, nextArchiveAt, nextDestroyAt } = kinds[kind]
    const next = [
      nextArchiveAt && `next archived ${nextArchiveAt.slice(0, 10)}`,
      nextDestroyAt && `next destroyed ${nextDestroyAt.slice(0, 10)}`,
    ]
    return `  ${kind.padEnd(9)} ${[`${toArchive} to archive, ${toDestroy} to destroy, ${archived} archived, kept ${keptFor.replace('_', ' ')}`, ...next].filter(Boolean).join('; ')}\n`
  })
  return `${userId}${held ? '  held: nothing of it happens' : ''}\n${lines.join('')}`
}

async function tellRun(warden: Warden, run: Run, { atMs, isSure }: Pick<Order, 'atMs' | 'isSure'>): Promise<void> {
  const report = await warden.run({
    atMs,
    isSure,
    onProgress: (done, total) => run.say(`\r${done} of ${total} people`),
    onPerson: (userId, aged) => run.json || run.say(`\r${userId}: ${aged.isHeld ? 'held' : countsOf(aged.kinds)}\n`),
  })
  run.say('\n')
  if (run.json) run.out(`${JSON.stringify(report)}\n`)
  else
    run.out(
      'jobId' in report
        ? `Queued as the job ${report.jobId}.\n`
        : `${report.people} people, ${report.held} held: ${countsOf(report.kinds)}\n`,
    )
}

function countsOf(kinds: LifecycleReport['kinds']): string {
  return retentionKindNames.map((kind) => `${kind} ${kinds[kind].archived} archived, ${kinds[kind].destroyed} destroyed`).join('; ')
}

function timeIn(said: string | undefined): number | undefined {
  if (said === undefined) return undefined
  const parsed = parseInstant(said)
  if (!parsed.ok) throw new Problem('wrong_use', '--at is an instant such as 2031-01-01T00:00:00Z.')
  return parsed.epochMs
}

function wrongUse(): Problem {
  return new Problem('wrong_use', 'Say lifecycle run, lifecycle holds, or lifecycle hold or release ID.')
}
