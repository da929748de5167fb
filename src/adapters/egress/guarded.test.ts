import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Problem } from '../../model/problem.ts'
import { openGuardedEgress } from './guarded.ts'

const hits: string[] = []
let port = 0
const servers: Server[] = []

beforeAll(async () => {
  port = await listen('127.0.0.1', 0)
  // A machine without IPv6 has no canary there.
  await listen('::1', port).catch(() => undefined)
})
beforeEach(() => {
  hits.length = 0
})
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

async function listen(host: string, at: number): Promise<number> {
  const server = createServer((request, response) => {
    hits.push(request.url ?? '')
    if (request.url === '/redirect') response.writeHead(302, { location: `http://127.0.0.1:${port}/canary` }).end()
    else if (request.url === '/large') response.end(Buffer.alloc((1 << 20) + 1))
    else if (request.url === '/silent') response.write('half')
    else if (request.url === '/break') request.socket.destroy()
    else
      response
        .writeHead(200, { 'x-said': 'yes' })
        .end(`${request.method} ${request.headers.host} ${request.headers['accept-encoding'] ?? 'plain'}`)
  })
  servers.push(server)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(at, host, resolve)
  })
  return (server.address() as AddressInfo).port
}

const refusal = { name: 'Problem', code: 'address_refused' }

const hosts = [
  '127.0.0.1',
  '127.1',
  '127.255.255.254',
  '0x7f.1',
  '0x7f000001',
  '0177.0.0.1',
  '017700000001',
  '2130706433',
  '127.0.0.1.',
  '１２７.0.0.1',
  '127。0。0。1',
  'localhost',
  'LOCALHOST',
  'localhost.',
  'app.localhost',
  '0.0.0.0',
  '0',
  '[::1]',
  '[::]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::ffff:10.0.0.1]',
  '[::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  '[fe80::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[ff02::1]',
  '[fec0::1]',
  '[2001:db8::1]',
  '169.254.169.254',
  '0xa9fea9fe',
  '2852039166',
  '169.254.170.2',
  '100.100.100.200',
  '168.63.129.16',
  '10.0.0.1',
  '012.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '192.0.0.192',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
]

test.each(hosts)('L187: %s is refused, with http and https, and nobody is called', async (host) => {
  const egress = openGuardedEgress()
  for (const scheme of ['http', 'https']) {
    const url = `${scheme}://${host}:${port}/canary`
    await expect(egress.send({ method: 'POST', url, timeoutMs: 5000 })).rejects.toMatchObject(refusal)
    await expect(egress.check(url)).rejects.toMatchObject(refusal)
  }
  expect(hits).toEqual([])
})

test.each([
  'ftp://example.com/',
  'file:///etc/passwd',
  'gopher://127.0.0.1/',
  'data:text/plain,x',
  'https://',
  'https://[::ffff:10.0.0.1',
  'not a url',
  'https://user:pass@example.com/',
  'https://256.1.1.1/',
  'https://[fe80::1%25eth0]/',
])('L187: %s is no address to call', async (url) => {
  const egress = openGuardedEgress({ resolve: async () => ['93.184.216.34'] })
  await expect(egress.check(url)).rejects.toMatchObject(refusal)
})

test('plain http to a public host is refused', async () => {
  const egress = openGuardedEgress({ loopback: true, resolve: async () => ['93.184.216.34'] })
  await expect(egress.check('http://example.com/')).rejects.toMatchObject(refusal)
  await egress.check('https://example.com/')
})

test.each([[['127.0.0.1']], [['93.184.216.34', '10.0.0.1']], [['::ffff:127.0.0.1']], [[]]])(
  'L187: a name whose addresses are %j is refused',
  async (addresses) => {
    const egress = openGuardedEgress({ resolve: async () => addresses })
    await expect(egress.send({ method: 'GET', url: `https://rebind.example:${port}/`, timeoutMs: 5000 })).rejects.toMatchObject(refusal)
    expect(hits).toEqual([])
  },
)

test('L187: a name is looked up once, and its address kept to, though it would be another the next time', async () => {
  const answers = [['127.0.0.1'], ['10.0.0.1']]
  const asked: string[] = []
  const egress = openGuardedEgress({
    loopback: true,
    resolve: async (name) => {
      asked.push(name)
      return answers.shift() ?? []
    },
  })
  const reply = await egress.send({ method: 'GET', url: `http://rebind.example:${port}/`, timeoutMs: 5000 })
  expect(reply).toMatchObject({ status: 200, headers: { 'x-said': 'yes' } })
  expect(Buffer.from(reply.body).toString()).toBe(`GET rebind.example:${port} plain`)
  expect(asked).toEqual(['rebind.example'])
  await expect(egress.send({ method: 'GET', url: `http://rebind.example:${port}/`, timeoutMs: 5000 })).rejects.toMatchObject(refusal)
  expect(hits).toEqual(['/'])
})

test('L187: a redirect is an answer and is not followed', async () => {
  const egress = openGuardedEgress({ loopback: true })
  const reply = await egress.send({ method: 'POST', url: `http://127.0.0.1:${port}/redirect`, timeoutMs: 5000 })
  expect(reply.status).toBe(302)
  expect(hits).toEqual(['/redirect'])
})

test.each([
  ['/large', /1 MiB/],
  ['/silent', /in time/],
  ['/break', /cannot be reached/],
])('an answer from %s is none', async (path, words) => {
  const egress = openGuardedEgress({ loopback: true })
  const refused = egress.send({ method: 'GET', url: `http://127.0.0.1:${port}${path}`, timeoutMs: path === '/silent' ? 300 : 10_000 })
  await expect(refused).rejects.toSatisfy((error: Problem) => error.code === 'unavailable' && words.test(error.detail))
})

test('a name that nobody looks up in time is given up', async () => {
  const egress = openGuardedEgress({ resolve: () => new Promise(() => undefined) })
  await expect(egress.send({ method: 'GET', url: 'https://slow.example/', timeoutMs: 50 })).rejects.toMatchObject({ code: 'unavailable' })
  const hasty = openGuardedEgress({ resolve: () => new Promise(() => undefined), lookUpMs: 20 })
  const late = { code: 'unavailable', message: expect.stringContaining('looked up') }
  await expect(hasty.check('https://slow.example/')).rejects.toMatchObject(late)
  await expect(hasty.send({ method: 'GET', url: 'https://slow.example/', timeoutMs: 60_000 })).rejects.toMatchObject(late)
})
