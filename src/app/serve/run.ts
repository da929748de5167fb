import { api } from '../../api/api.ts'
import { archiveAudit } from '../../flows/archive-audit.ts'
import { signCheckpoint } from '../../flows/audit-checkpoint.ts'
import { deliverDue } from '../../flows/deliver-webhooks.ts'
import { makeSignInLink } from '../../flows/sign-in.ts'
import { tidyFeed } from '../../flows/tidy-feed.ts'
import { countFailures } from '../../http/count-failures.ts'
import { makeGate } from '../../http/gate.ts'
import { answerOnce } from '../../http/idempotency.ts'
import { defaultRateLimits, limitRate } from '../../http/limit-rate.ts'
import { traceCalls, traceFlows } from '../../http/trace-calls.ts'
import { Problem } from '../../model/problem.ts'
import type { Chore, Worker, WorkerEvent } from '../../worker/worker.ts'
import { packageVersion } from '../about.ts'
import { sealsOf } from '../audit-seals.ts'
import type { Run } from '../command.ts'
import { type Config, type Role, roles } from '../config.ts'
import { type House, openHouse } from '../house.ts'
import { refuseOpenDoor } from '../open-door.ts'
import { findWall, storesOf } from '../stores.ts'
import { startWorker } from '../worker.ts'
import { openDashboard } from './dashboard.ts'
import { untilTold } from './lifecycle.ts'
import { type Log, openLog, traceOf } from './log.ts'
import { type ServeParts, type Serving, serveApi } from './serve.ts'

/** What is under way when the process is told to end has so long. */
const STOP_MS = 25_000

/** One process of the server, until it is told to end. Returns the exit code. */
export async function runServer(run: Run): Promise<number> {
  const { config, flags } = run
  const isAttended = flags['sign-in'] !== undefined
  const log = openLog(config.log ?? (isAttended ? 'warn' : 'info'), (text) => process.stderr.write(text))
  const role = roleOf(run)
  const told = untilTold(log)
  await using house = await openHouse(config, 'clarity serve', { isBusy: true })
  const started = await start(house, run, role, log)
  log('info', 'started', { role, pid: process.pid, ...(started.api && { url: started.api.url }) })
  if (started.api !== undefined) await greet(house, run, started.api.url)
  const code = await told
  await stop(started, log)
  log('info', 'stopped', { code })
  log.flush()
  return code
}

function roleOf({ config, flags }: Run): Role {
  const said = flags.role ?? config.role ?? 'all'
  const role = roles.find((known) => known === said)
  if (role === undefined) throw new Problem('wrong_use', `--role is one of ${roles.join(', ')}.`)
  return role
}

interface Started {
  readonly api: Serving | undefined
  readonly worker: { stop(): Promise<void> } | undefined
}

async function start(house: House, { config, flags }: Run, role: Role, log: Log): Promise<Started> {
  const { host = '127.0.0.1', port = 8080 } = config
  if (role === 'worker') return { api: undefined, worker: work(house, config, log) }
  await refuseOpenDoor(house, host)
  const wall = await findWall(storesOf(config).documents)
  if (wall?.fault !== undefined) log('warn', 'no_second_wall', { because: wall.fault })
  const { tracer } = house
  const dashboard = openDashboard()
  const serving = await serveApi({
    house,
    ...limitsOf(house, config),
    layers: [traceCalls(tracer), answerOnce(house), traceFlows(tracer, api)],
    version: packageVersion,
    dashboard: dashboard.files,
    host,
    port,
    log,
    ...reachedBy(config),
  })
  house.announce(serving.url)
  if (flags['sign-in'] !== undefined) void dashboard.prepare().then((fault) => fault && log('warn', 'no_dashboard', { because: fault }))
  return { api: serving, worker: role === 'api' ? undefined : work(house, config, log) }
}

function work(house: House, config: Config, log: Log): Worker {
  const seals = sealsOf(house, config)
  const chores: readonly Chore[] = [
    { name: 'webhooks', everyMs: 1000, run: () => deliverDue(house) },
    { name: 'checkpoints of the audit log', everyMs: 1000, run: async () => signCheckpoint(await seals()) },
    { name: 'archive of the audit log', everyMs: 3_600_000, run: async () => archiveAudit(await seals()) },
    { name: 'old events', everyMs: 600_000, run: () => tidyFeed(house) },
  ]
  // Where a test stops the process at a place of the code, that is in this thread.
  const lane = config.failpoint === undefined ? { lane: { config } } : {}
  return startWorker(house, { chores, ...lane, onEvent: (event) => tellWork(log, event) })
}

function tellWork(log: Log, { event, ...told }: WorkerEvent): void {
  const { error, ...facts } = { error: undefined, ...told }
  if (error instanceof Problem) log('warn', event, { ...facts, code: error.code })
  else if (error !== undefined) log('error', event, { ...facts, ...traceOf(error) })
  else log('info', event, facts)
}

function limitsOf(house: House, { rateLimits = defaultRateLimits }: Config): Pick<ServeParts, 'gate' | 'limit'> {
  if (rateLimits === 'off') return { gate: makeGate(house) }
  const failures = countFailures(house, rateLimits.failed)
  return { gate: makeGate(house, { failures }), limit: limitRate(house, rateLimits) }
}

function reachedBy({ hosts, proxies }: Config): Pick<ServeParts, 'hosts' | 'proxies'> {
  return { ...(hosts && { hosts }), ...(proxies && { proxies }) }
}

async function greet(house: House, { flags, json, out }: Run, url: string): Promise<void> {
  const signIn = flags['sign-in'] === undefined ? undefined : (await makeSignInLink(house)).text
  if (json) out(`${JSON.stringify({ url, signIn })}\n`)
  else out(`Clarity Loop answers at ${url}; its reference: ${url}/docs. Ctrl-C ends it.\n`)
  if (!json && signIn !== undefined) out(`Sign in, once and within ten minutes: ${url}/sign-in#${signIn}\n`)
}

/** First nothing new is taken, then what was taken is finished, within the time that there is. */
async function stop({ api, worker }: Started, log: Log): Promise<void> {
  const late = new Promise<'late'>((resolve) => setTimeout(resolve, STOP_MS, 'late').unref())
  const ended = Promise.all([api?.stop(STOP_MS), worker?.stop()])
  if ((await Promise.race([ended, late])) === 'late') log('warn', 'cut_off')
}
