import type { Api } from '../../src/api/endpoint.ts'
import type { House } from '../../src/app/house.ts'
import { mayByGrant } from '../../src/flows/grants.ts'
import { makeServer, type ServerParts } from '../../src/http/server.ts'
import { type Principal, personalKinds, principalKinds, scopesOf } from '../../src/model/principal.ts'
import { Problem } from '../../src/model/problem.ts'

export interface Asked {
  readonly body?: unknown
  /** The bytes as they are, instead of `body`. */
  readonly payload?: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
}

export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the test says of it
  readonly body: any
}

let asked = 0

/**
 * Asks a table's real server in process, as whoever is named: `ada` is the person with that id, `service:` the service, `device:ada` her
 * watch. `GET /v1/users/ada` is one word for method and path.
 */
export function asking<A extends Api, D>(
  parts: Pick<ServerParts<A, D>, 'api' | 'handlers' | 'deps' | 'layers' | 'account' | 'actingFor'>,
  house: House,
) {
  const server = makeServer({
    ...parts,
    gate: {
      authenticate: async (said) => principalOf(said),
      mayByGrant: (owner, grantee, what) => mayByGrant(house, owner, grantee, what),
      isErased: (userId) => house.tombstones.isErased(userId),
    },
  })
  return async function ask(who: string, what: string, { body, payload, headers = {} }: Asked = {}): Promise<Answered> {
    const [method = 'GET', url = '/'] = what.split(' ')
    const sent = payload ?? (body === undefined ? undefined : JSON.stringify(body))
    const reply = await server.inject({
      method: method as 'GET',
      url,
      headers: {
        authorization: who,
        ...(sent !== undefined && { 'content-type': 'application/json' }),
        ...(method === 'POST' && { 'idempotency-key': `asked-${++asked}` }),
        ...headers,
      },
      ...(sent !== undefined && { payload: sent }),
    })
    return { status: reply.statusCode, headers: reply.headers, body: reply.body === '' ? undefined : JSON.parse(reply.body) }
  }
}

function principalOf(said: string | undefined): Principal {
  if (said === undefined || said === '') throw new Problem('unauthorized', 'No credential.')
  const [first = '', second] = said.split(':')
  const kind = second === undefined ? 'person' : principalKinds.find((each) => each === first)
  if (kind === undefined) throw new Problem('unauthorized', 'No valid credential.')
  const scopes = scopesOf[kind]
  const personal = personalKinds.find((each) => each === kind)
  if (personal !== undefined) return { kind: personal, userId: second ?? first, scopes, credential: said }
  return { kind: kind as Exclude<typeof kind, (typeof personalKinds)[number]>, scopes, credential: said }
}
