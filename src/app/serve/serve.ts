import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { api } from '../../api/api.ts'
import { openApiOf } from '../../api/openapi.ts'
import { referencePage } from '../../api/reference-page.ts'
import { keepAccount } from '../../http/account.ts'
import type { IsHost } from '../../http/check-head.ts'
import { addDashboard, type DashboardFiles } from '../../http/dashboard.ts'
import { type HandlerDeps, handlers } from '../../http/handlers.ts'
import type { Limit } from '../../http/limit-rate.ts'
import { type Metrics, makeMetrics } from '../../http/metrics.ts'
import { addOperation } from '../../http/operation.ts'
import { type Done, type Gate, type Layer, makeServer } from '../../http/server.ts'
import { makeShedding, sheddingLimits } from '../../http/shedding.ts'
import { statusOf } from '../../http/status.ts'
import { Problem } from '../../model/problem.ts'
import { isHostAmong, isLoopback } from '../access-settings.ts'
import type { Config } from '../config.ts'
import { type DrawingThread, openDrawingThread } from '../drawing/drawing-thread.ts'
import type { House } from '../house.ts'
import { type CredentialNames, openCredentialNames } from './credential-names.ts'
import { type Delay, watchDelay } from './delay.ts'
import { countJobs } from './job-counts.ts'
import { type Log, traceOf } from './log.ts'

export interface ServeParts {
  readonly house: House
  readonly gate: Gate
  readonly limit?: Limit | undefined
  readonly layers: readonly Layer[]
  readonly version: string
  readonly dashboard: DashboardFiles
  readonly host: string
  readonly port: number
  readonly log: Log
  readonly hosts?: Config['hosts']
  readonly proxies?: Config['proxies']
}

export interface Serving {
  /** Such as `http://127.0.0.1:8080`. */
  readonly url: string
  /** Takes nothing new, and resolves when what was taken is answered, or `withinMs` are over and it is cut off. */
  stop(withinMs: number): Promise<void>
}

const SWEEP_MS = 50

/** The API over a house. It answers once this resolves. Throws `Problem('unavailable')` for an address that cannot be had. */
export async function serveApi(parts: ServeParts): Promise<Serving> {
  const delay = watchDelay()
  const stopping = new AbortController()
  const nameOf = await openCredentialNames(parts.house)
  const drawing = openDrawingThread({ fault: (error) => parts.log('error', 'fault', traceOf(error)) })
  const server = composed(parts, { drawing, delay, nameOf, stopping: stopping.signal })
  const { host, port } = parts
  try {
    await server.listen({ host, port })
  } catch (cause) {
    delay[Symbol.dispose]()
    throw cause instanceof Error && 'code' in cause ? new Problem('unavailable', `${host}:${port}: ${cause.message}`, { cause }) : cause
  }
  const { port: taken } = server.server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    async stop(withinMs) {
      stopping.abort()
      const cut = setTimeout(() => server.server.closeAllConnections(), withinMs)
      // A connection that was answered is kept for the next call: there is none.
      const sweep = setInterval(() => server.server.closeIdleConnections(), SWEEP_MS)
      await server.close()
      clearInterval(sweep)
      clearTimeout(cut)
      delay[Symbol.dispose]()
      await drawing?.end()
    },
  }
}

interface Own {
  readonly drawing: DrawingThread | undefined
  readonly delay: Delay
  readonly nameOf: CredentialNames
  readonly stopping: AbortSignal
}

function composed(parts: ServeParts, { drawing, delay, nameOf, stopping }: Own): FastifyInstance {
  const { house, gate, limit, layers, version, log, proxies } = parts
  const shedding = makeShedding(sheddingLimits, delay.ms)
  const metrics = makeMetrics({ inFlight: shedding.inFlight, delayMs: delay.ms, jobsByStatus: () => jobsOrNone(house) })
  const { admit, isFull } = shedding
  const server = makeServer({
    api,
    handlers,
    deps: { ...house, drawBeside: drawing?.drawBeside },
    gate,
    actingFor,
    ...(limit && { limit }),
    layers,
    account: keepAccount<HandlerDeps>(house),
    admit,
    isFull,
    stopping,
    onDone: (done) => tell(log, metrics, { ...done, credential: nameOf(done.credential) }),
    ...hostOf(parts),
    ...(proxies && { proxies }),
  })
  const openapi = openApiOf(api, { version, statusOf })
  addOperation(server, {
    unready: async () => (stopping.aborted ? 'stopping' : unready(house)),
    metrics,
    openapi: JSON.stringify(openapi),
    reference: referencePage(openapi),
  })
  addDashboard(server, parts.dashboard)
  return server
}

/** Unchanged where the store has no second wall. */
function actingFor(deps: HandlerDeps, userId: string): HandlerDeps {
  const documents = deps.documents.actingFor(userId)
  return documents === deps.documents ? deps : { ...deps, documents }
}

/** A page of elsewhere whose name leads to this machine is not for it. Which names do, beyond this machine, only its owner knows. */
function hostOf({ host, hosts }: ServeParts): { readonly isHost?: IsHost } {
  if (hosts !== undefined) return { isHost: isHostAmong(hosts) }
  return isLoopback(host) ? { isHost: isLoopback } : {}
}

function tell(log: Log, metrics: Metrics, done: Done): void {
  metrics.onDone(done)
  const { requestId, endpoint, method, status, ms, credential, code, error } = done
  const facts = { requestId, endpoint, method, status, ms: Math.round(ms * 10) / 10, credential, code }
  if (error !== undefined) log('error', 'fault', { ...facts, ...traceOf(error) })
  else log(status >= 500 && code !== 'overloaded' ? 'warn' : 'info', 'request', facts)
}

/** What keeps the server from answering. */
async function unready({ documents, blobs }: House): Promise<string | undefined> {
  const silent = new Promise<string>((resolve) => setTimeout(resolve, ANSWER_MS, 'stores do not answer').unref())
  const asked = Promise.all([documents.get('system/configuration'), blobs.head('ready')]).then(() => undefined, problemIn)
  return Promise.race([asked, silent])
}

const ANSWER_MS = 2000

function problemIn(error: unknown): string {
  if (error instanceof Problem) return error.code
  throw error
}

/** A store that does not answer takes no figure of the process with it. */
async function jobsOrNone({ documents }: House): Promise<Record<string, number>> {
  try {
    return await countJobs(documents)
  } catch (error) {
    if (error instanceof Problem) return {}
    throw error
  }
}
