import { lookup as lookUp } from 'node:dns/promises'
import type { IncomingMessage } from 'node:http'
import { isIP, type LookupFunction } from 'node:net'
import { Problem } from '../../model/problem.ts'
import type { Egress, IncomingReply, OutgoingRequest } from '../../ports/egress.ts'
import { isLoopbackAddress, isPublicAddress } from './public-address.ts'

export interface GuardedEgressOptions {
  /** For tests and for trying things out on one machine: loopback addresses too, there also plain http. */
  readonly loopback?: boolean
  /** The addresses of a name; the system's resolver where absent. */
  readonly resolve?: (name: string) => Promise<readonly string[]>
  /** How long the addresses of a name are waited for, ms; 5,000 where absent. */
  readonly lookUpMs?: number
}

const MOST_BYTES = 1 << 20
const LOOK_UP_MS = 5000

export function openGuardedEgress(options: GuardedEgressOptions = {}): Egress {
  const { loopback = false, resolve = systemAddresses, lookUpMs = LOOK_UP_MS } = options
  const isAllowed = (address: string) => isPublicAddress(address) || (loopback && isLoopbackAddress(address))

  /** Where to connect. A name of which any address is not allowed is refused: it may be made to be taken for another. */
  async function destination(text: string): Promise<{ url: URL; address: string }> {
    const url = parsed(text)
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const addresses = isIP(host) > 0 ? [host] : await inTime(resolve(host), lookUpMs)
    const [address] = addresses
    if (address === undefined || !addresses.every(isAllowed)) throw refused('names no host of the public internet')
    if (url.protocol !== 'https:' && !addresses.every(isLoopbackAddress)) throw refused('does not begin with https:')
    return { url, address }
  }

  return {
    async check(text) {
      await destination(text)
    },
    async send(request) {
      const signal = AbortSignal.timeout(request.timeoutMs)
      try {
        const { url, address } = await unlessAborted(destination(request.url), signal)
        return await exchange(request, url, address, signal)
      } catch (error) {
        throw error instanceof Problem ? error : translated(error)
      }
    },
  }
}

/** As browsers read it: `0x7f.1` and `2130706433` become 127.0.0.1 here. */
function parsed(text: string): URL {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) throw refused('is no https URL')
  if (url.username !== '' || url.password !== '') throw refused('holds a credential')
  return url
}

/** None for a name that nobody has. */
async function systemAddresses(name: string): Promise<string[]> {
  try {
    const found = await lookUp(name, { all: true, order: 'verbatim' })
    return found.map(({ address }) => address)
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOTFOUND' || error.code === 'ENODATA')) return []
    throw translated(error)
  }
}

async function exchange(request: OutgoingRequest, url: URL, address: string, signal: AbortSignal): Promise<IncomingReply> {
  // Loaded where something is sent: node:http brings a fetch with it, which takes longer to load than the rest of a command.
  const { request: send } = url.protocol === 'https:' ? await import('node:https') : await import('node:http')
  // The name was looked up already: asked again it could say another address.
  const pinned: LookupFunction = (_, options, done) =>
    options.all ? done(null, [{ address, family: isIP(address) }]) : done(null, address, isIP(address))
  return new Promise((resolve, reject) => {
    const { method, headers = {}, body } = request
    const length = body === undefined ? {} : { 'content-length': String(body.length) }
    // No agent: a kept connection would be one to an address that another look-up gave.
    const sent = send(url, {
      method,
      headers: { 'user-agent': 'clarity-loop', ...headers, ...length },
      lookup: pinned,
      agent: false,
      signal,
    })
    sent.once('error', reject)
    sent.once('response', (reply) => readReply(reply).then(resolve, reject))
    sent.end(body)
  })
}

async function readReply(reply: IncomingMessage): Promise<IncomingReply> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of reply as AsyncIterable<Buffer>) {
    bytes += chunk.length
    // Leaving the loop destroys the connection.
    if (bytes > MOST_BYTES) throw new Problem('unavailable', 'The reply is larger than 1 MiB.')
    chunks.push(chunk)
  }
  const headers = Object.entries(reply.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')])
  return { status: reply.statusCode ?? 0, headers: Object.fromEntries(headers), body: Buffer.concat(chunks) }
}

/** A name server that whoever chose the name runs may be as slow as it likes. */
async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Problem('unavailable', 'The name of the host was not looked up in time.')), ms)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    work.then(resolve, reject)
  })
}

function refused(why: string): Problem {
  return new Problem('address_refused', `The address ${why}.`)
}

/** What a network says by a code. Anything else is a bug and passes. */
function translated(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if (error.name === 'TimeoutError' || error.name === 'AbortError')
    return new Problem('unavailable', 'No whole reply in time.', { cause: error })
  const code = 'code' in error ? String(error.code) : ''
  if (/^ERR_(?!SSL|TLS)/.test(code) || code === '') return error
  return new Problem('unavailable', `The host cannot be reached (${code.slice(0, 60)}).`, { cause: error })
}
