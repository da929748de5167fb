import { Problem } from '../../model/problem.ts'

const MAX_BYTES = 1024 * 1024
const FETCH_MS = 5000

/** Where an issuer's keys are, by its discovery document. Throws `Problem('unavailable')`. */
export async function jwksUrlOf(issuer: string): Promise<URL> {
  const reply = await fetchGuarded(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
  const said: unknown = reply.ok ? await jsonOf(reply) : undefined
  const { issuer: self, jwks_uri: place } = isRecord(said) ? said : {}
  if (self !== issuer || typeof place !== 'string' || !URL.canParse(place))
    throw new Problem('unavailable', `${issuer} does not say where its keys are.`)
  return allowed(new URL(place), issuer)
}

/** What an issuer's document names may not lead out of TLS, but for an issuer that is reached without it. */
function allowed(url: URL, issuer: string): URL {
  if (url.protocol === 'https:' || url.origin === new URL(issuer).origin) return url
  throw new Problem('unavailable', `${issuer} names keys that are not under https.`)
}

/** No redirects, at most 1 MiB, within 5 s. Throws `Problem('unavailable')`. */
export async function fetchGuarded(url: string, signal: AbortSignal = AbortSignal.timeout(FETCH_MS)): Promise<Response> {
  try {
    const reply = await fetch(url, { redirect: 'error', signal, headers: { accept: 'application/json' } })
    return new Response(await limited(reply), { status: reply.status, headers: { 'content-type': 'application/json' } })
  } catch (cause) {
    if (cause instanceof Problem) throw cause
    throw new Problem('unavailable', `${new URL(url).origin} does not answer.`, { cause })
  }
}

async function limited(reply: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let total = 0
  for await (const chunk of reply.body ?? []) {
    total += chunk.length
    if (total > MAX_BYTES) throw new Problem('unavailable', 'The issuer answers with more than 1 MiB.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function jsonOf(reply: Response): Promise<unknown> {
  try {
    return await reply.json()
  } catch (cause) {
    throw new Problem('unavailable', 'The issuer answers with something other than JSON.', { cause })
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
