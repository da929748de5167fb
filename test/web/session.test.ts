import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Api } from '../../src/api/endpoint.ts'
import { makeServer } from '../../src/http/server.ts'
import { Problem } from '../../src/model/problem.ts'

const session = 'clk_00000000000000000000000000000001_secret'
const api = {
  look: {
    method: 'get',
    path: '/v1/look',
    summary: 'Look',
    scope: 'profile:read',
    audit: 'none',
    reply: { type: 'none', status: 204 },
    problems: [],
  },
} as const satisfies Api
const server = makeServer({
  api,
  handlers: { look: async () => ({ headers: { 'set-cookie': 'clarity_session=x; HttpOnly' } }) },
  deps: {},
  gate: {
    authenticate: async (said) => {
      if (said !== `Bearer ${session}`) throw new Problem('unauthorized', 'No valid credential.')
      return { kind: 'service', scopes: ['profile:read'], credential: 'k' }
    },
    mayByGrant: async () => false,
  },
  proxies: ['127.0.0.1'],
})
let url = ''
beforeAll(async () => {
  await server.listen({ port: 0, host: '127.0.0.1' })
  url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

const cookie = `clarity_session=${session}`
const ours = { cookie, 'x-requested-by': 'client' }

test.each([
  ['from a script of ours', { ...ours, 'sec-fetch-site': 'same-origin' }, 204],
  ['from a script of ours, in a browser that says nothing of sites', ours, 204],
  ['beside other cookies', { ...ours, cookie: `a=b; ${cookie}; c=d` }, 204],
  ['from no script', { cookie, 'sec-fetch-site': 'same-origin' }, 401],
  ['from another port', { ...ours, 'sec-fetch-site': 'same-site' }, 401],
  ['from elsewhere', { ...ours, 'sec-fetch-site': 'cross-site' }, 401],
  ['from the address bar', { ...ours, 'sec-fetch-site': 'none' }, 401],
  ['of which there are two', { ...ours, cookie: `${cookie}; clarity_session=planted` }, 401],
  ['beside a credential that is none', { ...ours, authorization: 'Bearer wrong' }, 401],
  ['of a name that only ends so', { ...ours, cookie: `x${cookie}` }, 401],
])('a session %s', async (_, headers, status) => {
  expect((await fetch(`${url}/v1/look`, { headers })).status).toBe(status)
})

test('a cookie that is given over TLS is given back over nothing else', async () => {
  const given = async (more: Readonly<Record<string, string>>) =>
    (await fetch(`${url}/v1/look`, { headers: { ...ours, ...more } })).headers.get('set-cookie')
  expect(await given({})).not.toContain('Secure')
  expect(await given({ 'x-forwarded-proto': 'https' })).toContain('; Secure')
})
