import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { api } from '../../src/api/api.ts'
import type { Endpoint } from '../../src/api/endpoint.ts'
import { openHouse } from '../../src/app/house.ts'
import { handlers } from '../../src/http/handlers.ts'
import { makeServer } from '../../src/http/server.ts'
import { principalKinds, scopesOf } from '../../src/model/principal.ts'
import { isProblemCode, Problem } from '../../src/model/problem.ts'

const prototypes = [Object.prototype, Array.prototype, String.prototype, Number.prototype, Function.prototype]
const namesOf = () => prototypes.map((prototype) => Reflect.ownKeys(prototype).length)

const params: Readonly<Record<string, string>> = { userId: 'ada', date: '2026-01-01', type: 'daily_summary', version: '1.0.0' }

const refuseAddress = () => Promise.reject(new Problem('address_refused', 'No address is called from here.'))

/** The whole table over an embedded store: bodies are sent in process to every endpoint that takes one, as whoever may. */
export async function openTarget() {
  const house = await openHouse({ data: mkdtempSync(join(tmpdir(), 'clarity-fuzz-')) })
  const server = makeServer({
    api,
    handlers,
    // Names that nobody chose are not looked up.
    deps: { ...house, egress: { check: refuseAddress, send: refuseAddress } },
    gate: {
      authenticate: async (said = '') => {
        const kind = principalKinds.find((each) => said === each) ?? 'service'
        const scopes = scopesOf[kind]
        return kind === 'person' || kind === 'device'
          ? { kind, userId: 'ada', scopes, credential: kind }
          : { kind, scopes, credential: kind }
      },
      mayByGrant: async () => false,
    },
  })
  const before = namesOf()
  const endpoints: readonly (readonly [string, Endpoint])[] = Object.entries(api)
  const takers = endpoints.filter(([, { body }]) => body !== undefined && body.type !== 'file')
  let sent = 0

  /** What is wrong with the answer; undefined where nothing is. */
  async function fault(name: string, body: Uint8Array): Promise<string | undefined> {
    const endpoint: Endpoint = api[name as keyof typeof api]
    sent += 1
    const reply = await server.inject({
      method: endpoint.method.toUpperCase() as 'POST',
      url: endpoint.path.replaceAll(/\{(\w+)\}/g, (_, param: string) => params[param] ?? 'x1'),
      headers: {
        authorization: principalKinds.find((kind) => (scopesOf[kind] as readonly string[]).includes(endpoint.scope)) ?? '',
        'content-type': endpoint.body?.type === 'samples' && sent % 2 === 0 ? 'application/x-ndjson' : 'application/json',
        ...(endpoint.method === 'post' && { 'idempotency-key': `fuzz-${sent}` }),
        ...(endpoint.versioned === 'must' && { 'if-match': '"1"' }),
      },
      payload: Buffer.from(body),
    })
    if (namesOf().some((names, at) => names !== before[at])) return 'A prototype was changed'
    const wrong = faultOf(reply.statusCode, reply.body)
    return wrong && `${name} ${wrong}`
  }

  return {
    names: takers.map(([name]) => name),
    /** Good bodies of an endpoint: its example, and some JSON. */
    good: (name: string): readonly string[] => {
      const endpoint: Endpoint = api[name as keyof typeof api]
      const common = '{"userId":"ada","text":"x","value":72.5,"items":[1,-2,3.5e10,null,true,{"a":"\\u00e9"}],"a":{"b":{"c":[]}}}'
      return [JSON.stringify(endpoint.examples?.body ?? {}), common]
    },
    fault,
    async [Symbol.asyncDispose]() {
      await server.close()
      await house[Symbol.asyncDispose]()
    },
  }
}

function faultOf(status: number, body: string): string | undefined {
  if (status >= 500 && status !== 503 && status !== 507) return `answered ${status}`
  if (status < 400) return undefined
  const { code } = JSON.parse(body)
  return isProblemCode(code) ? undefined : `answered with the code ${code}`
}
