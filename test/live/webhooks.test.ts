import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { giveConsent } from '../../src/flows/consents.ts'
import { deliverDue, FAILING_MS, retriesMs } from '../../src/flows/deliver-webhooks.ts'
import { tidyFeed } from '../../src/flows/tidy-feed.ts'
import { signatureHeaders } from '../../src/flows/webhook-message.ts'
import { StoredUser } from '../../src/model/user.ts'
import { newId, openWorld, type World } from './world.ts'

interface Delivered {
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

let world: World
let receiver: Server
let hook = ''
const got: Delivered[] = []
let answer = 204

beforeAll(async () => {
  world = await openWorld()
  receiver = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    got.push({ path: request.url ?? '', headers: request.headers, body })
    response.writeHead(answer).end()
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
})
afterAll(async () => {
  receiver.close()
  await world[Symbol.asyncDispose]()
})
beforeEach(() => {
  got.length = 0
  answer = 204
  world.ahead = 0
})

async function ask(method: string, path: string, token: string, body?: object, headers: Record<string, string> = {}) {
  const reply = await fetch(`${world.url}/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(method === 'POST' && { 'idempotency-key': newId() }),
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await reply.text()
  return { status: reply.status, body: text === '' ? undefined : JSON.parse(text) }
}

/** A person who shares. */
async function person(shares = true): Promise<string> {
  const userId = `u${newId()}`
  const at = new Date().toISOString()
  const body = StoredUser.parse({ profile: { timezone: 'UTC' }, metadata: { createdAt: at, updatedAt: at, dataVersion: '1.0.0' } })
  await world.kept.batch([{ op: 'put', path: `users/${userId}`, body }])
  if (shares) await giveConsent(world.deps, userId, newId(), { purpose: 'dataSharing', given: true, textVersion: '1' })
  return userId
}

async function change(userId: string, date: string): Promise<void> {
  await world.documents.batch([
    { op: 'put', path: `users/${userId}/days/${date}`, body: { userId, steps: 9000 }, ifAbsent: true },
    { op: 'put', path: `users/${userId}/insights/i${date}`, body: { userId }, ifAbsent: true },
  ])
}

async function deliverAll(): Promise<void> {
  while ((await deliverDue(world.deps)) > 0);
}

async function onlyDelivery(webhookId: string, token: string) {
  const { body } = await ask('GET', `/webhooks/${webhookId}/deliveries`, token)
  expect(body.data).toHaveLength(1)
  return body.data[0]
}

test('a signature is that of the published example of the Standard Webhooks', () => {
  const [id, body, secret] = ['msg_p5jXN8AQM9LWM0D4loKWxJek', '{"test": 2432232314}', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']
  expect(signatureHeaders(id, body, secret, 1614265330_000, world.deps.hmacSha256)).toEqual({
    'webhook-id': id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  })
})

/** The specification's defaults. */
const wishes = { insights: true, achievements: true, reminders: false }

test('a change is sent once, signed, by ids and without what was measured', async () => {
  const userId = await person()
  const made = await ask('POST', '/webhooks', userId, { url: `${hook}/in`, types: ['day'] })
  expect(made).toMatchObject({ status: 201, body: { userId, url: `${hook}/in`, types: ['day'], status: 'active' } })
  await change(userId, '2024-01-20')
  await deliverAll()
  await deliverAll()
  expect(got).toHaveLength(1)
  const { headers, body } = got[0] as Delivered
  expect(JSON.parse(body)).toEqual({
    type: 'changes',
    timestamp: expect.any(String),
    data: { userId, notificationSettings: wishes, changes: [{ type: 'day', action: 'created', id: '2024-01-20', version: 1 }] },
  })
  const id = String(headers['webhook-id'])
  const nowMs = Number(headers['webhook-timestamp']) * 1000
  expect(headers).toMatchObject(signatureHeaders(id, body, made.body.secret, nowMs, world.deps.hmacSha256))
  expect(await onlyDelivery(made.body.webhookId, userId)).toMatchObject({
    deliveryId: id,
    status: 'delivered',
    attempts: [{ status: 204 }],
  })
})

test('of what a person wishes to be notified is told with each message, as it is when it is sent', async () => {
  const userId = await person()
  await ask('POST', '/webhooks', userId, { url: `${hook}/in`, types: ['insight'] })
  await change(userId, '2024-01-20')
  const user = await world.kept.get<StoredUser>(`users/${userId}`)
  const body = { ...user?.body, preferences: { ...user?.body.preferences, notificationSettings: { ...wishes, insights: false } } }
  await world.kept.batch([{ op: 'put', path: `users/${userId}`, body }])
  await deliverAll()
  expect(got.map((each) => JSON.parse(each.body).data)).toEqual([
    {
      userId,
      notificationSettings: { ...wishes, insights: false },
      changes: [{ type: 'insight', action: 'created', id: expect.any(String), version: 1 }],
    },
  ])
})

test('the secret is shown to whoever makes the webhook, and never again', async () => {
  const userId = await person()
  const key = { 'idempotency-key': newId() }
  const made = await ask('POST', '/webhooks', userId, { url: hook }, key)
  expect(made.body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  expect(await ask('POST', '/webhooks', userId, { url: hook }, key)).toEqual(made)
  const path = `/webhooks/${made.body.webhookId}`
  const shown = [
    await ask('GET', path, userId),
    await ask('GET', '/webhooks', userId),
    await ask('PUT', path, userId, { url: `${hook}/b` }),
  ]
  expect(shown.map(({ status }) => status)).toEqual([200, 200, 200])
  expect(JSON.stringify(shown)).not.toContain('whsec_')
})

test('what fails is tried again for days, ever later, and then given up', async () => {
  const userId = await person()
  const { body: webhook } = await ask('POST', '/webhooks', userId, { url: `${hook}/fails` })
  answer = 500
  await change(userId, 'd1')
  for (const [tries, delayMs] of [0, ...retriesMs].entries()) {
    // One moment before it is due nothing is sent, and at the latest a tenth later it is.
    world.ahead += Math.max(0, delayMs - 2000)
    await deliverAll()
    expect(got).toHaveLength(delayMs === 0 ? 1 : tries)
    world.ahead += delayMs / 10 + 2001
    await deliverAll()
    expect(got).toHaveLength(tries + 1)
    if (tries < retriesMs.length) expect(await onlyDelivery(webhook.webhookId, userId)).toMatchObject({ status: 'pending' })
  }
  expect(new Set(got.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  const delivery = await onlyDelivery(webhook.webhookId, userId)
  expect(delivery).toMatchObject({ status: 'failed', attempts: got.map(() => ({ status: 500 })) })
  expect((await ask('GET', `/webhooks/${webhook.webhookId}`, userId)).body.failingSince).toBe(delivery.attempts[0].at)
})

test('a delivery is sent again on request, under its id', async () => {
  const userId = await person()
  const { body: webhook } = await ask('POST', '/webhooks', userId, { url: `${hook}/again` })
  await change(userId, 'd1')
  await deliverAll()
  const { deliveryId } = await onlyDelivery(webhook.webhookId, userId)
  const path = `/webhooks/${webhook.webhookId}/deliveries/${deliveryId}/replay`
  expect(await ask('POST', path, userId)).toMatchObject({ status: 202, body: { deliveryId, status: 'pending' } })
  await deliverAll()
  expect(got.map(({ headers, body }) => [headers['webhook-id'], body])).toEqual([0, 1].map(() => [deliveryId, got[0]?.body]))
  expect((await onlyDelivery(webhook.webhookId, userId)).attempts).toHaveLength(2)
  expect(await ask('POST', path.replace(deliveryId, 'none'), userId)).toMatchObject({ status: 404 })
})

test('a receiver that fails for days, or says it is gone, is not called any more until it is made active', async () => {
  for (const [status, ahead, why] of [
    [500, FAILING_MS, /five days/],
    [410, 0, /gone/],
  ] as const) {
    const userId = await person()
    const { body: webhook } = await ask('POST', '/webhooks', userId, { url: `${hook}/${status}` })
    const path = `/webhooks/${webhook.webhookId}`
    answer = status
    await change(userId, 'd1')
    await deliverAll()
    world.ahead += ahead
    await change(userId, 'd2')
    await deliverAll()
    expect((await ask('GET', path, userId)).body).toMatchObject({ status: 'disabled', reason: expect.stringMatching(why) })
    answer = 204
    got.length = 0
    await change(userId, 'd3')
    world.ahead += 10 * 86_400_000
    await deliverAll()
    expect(got).toEqual([])
    const again = await ask('PUT', path, userId, { url: `${hook}/${status}`, status: 'active' })
    expect(again.body).not.toHaveProperty('failingSince')
    await change(userId, 'd4')
    await deliverAll()
    expect(got.map(({ body }) => JSON.parse(body).data.changes[0].id)).toEqual(['d4'])
  }
})

test('one success ends the failing', async () => {
  const userId = await person()
  const { body: webhook } = await ask('POST', '/webhooks', userId, { url: `${hook}/heals` })
  answer = 503
  await change(userId, 'd1')
  await deliverAll()
  expect((await ask('GET', `/webhooks/${webhook.webhookId}`, userId)).body).toHaveProperty('failingSince')
  answer = 200
  world.ahead += 6000
  await deliverAll()
  expect((await ask('GET', `/webhooks/${webhook.webhookId}`, userId)).body).not.toHaveProperty('failingSince')
})

test('of a person who does not share nothing is sent, nor what waits when they stop', async () => {
  const [silent, stops] = [await person(false), await person()]
  for (const userId of [silent, stops]) await ask('POST', '/webhooks', userId, { url: hook })
  answer = 500
  for (const userId of [silent, stops]) await change(userId, 'd1')
  await deliverAll()
  expect(got.map(({ body }) => JSON.parse(body).data.userId)).toEqual([stops])
  await giveConsent(world.deps, stops, newId(), { purpose: 'dataSharing', given: false, textVersion: '1' })
  world.ahead += 6000
  await deliverAll()
  expect(got).toHaveLength(1)
  const [webhook] = (await ask('GET', '/webhooks', stops)).body.data
  expect(await onlyDelivery(webhook.webhookId, stops)).toMatchObject({ status: 'withheld' })
})

test('a service is told of everybody who shares; a person of nobody else', async () => {
  const [one, other] = [await person(), await person()]
  const { body: webhook } = await ask('POST', '/webhooks', 'service', { url: `${hook}/all`, types: ['insight'] })
  await ask('POST', '/webhooks', one, { url: `${hook}/one` })
  for (const userId of [one, other]) await change(userId, 'd1')
  await deliverAll()
  const to = (path: string) => got.filter((each) => each.path === path).map(({ body }) => JSON.parse(body).data.userId)
  expect(to('/all').toSorted()).toEqual([one, other].toSorted())
  expect(to('/one')).toEqual([one])
  for (const [method, path] of [
    ['GET', ''],
    ['DELETE', ''],
    ['GET', '/deliveries'],
  ] as const)
    expect(await ask(method, `/webhooks/${webhook.webhookId}${path}`, one)).toMatchObject({ status: 404, body: { code: 'not_found' } })
  expect(await ask('POST', '/webhooks', one, { url: hook, userId: other })).toMatchObject({ status: 404 })
  expect(await ask('DELETE', `/webhooks/${webhook.webhookId}`, 'service')).toMatchObject({ status: 204 })
  expect((await world.kept.list({ collection: 'webhookDeliveries', parent: `webhooks/${webhook.webhookId}`, limit: 10 })).data).toEqual([])
})

test('L187: an address that is not of the public internet is refused before anything is kept', async () => {
  const userId = await person()
  const { openGuardedEgress } = await import('../../src/adapters/egress/guarded.ts')
  const guarded = openGuardedEgress()
  const { addWebhook } = await import('../../src/flows/webhooks.ts')
  for (const url of [hook, 'http://169.254.169.254', 'http://[::ffff:10.0.0.1]', 'http://0x7f.1', 'https://localhost/x'])
    await expect(addWebhook({ ...world.deps, egress: guarded }, newId(), userId, { url })).rejects.toMatchObject({
      code: 'address_refused',
    })
  expect(await ask('POST', '/webhooks', userId, { url: 'http://169.254.169.254/latest' })).toMatchObject({
    status: 422,
    body: { code: 'address_refused' },
  })
  expect((await ask('GET', '/webhooks', userId)).body.data).toEqual([])
})

test('several who deliver at once send each message once', async () => {
  const userId = await person()
  await ask('POST', '/webhooks', userId, { url: hook })
  for (let n = 0; n < 30; n++) await change(userId, `d${n}`)
  await Promise.all([deliverAll(), deliverAll(), deliverAll()])
  expect(got.map(({ headers }) => headers['webhook-id'])).toHaveLength(30)
  expect(new Set(got.map(({ headers }) => headers['webhook-id'])).size).toBe(30)
})

test('what a deliverer that died had taken is sent a minute later', async () => {
  const userId = await person()
  const { body: webhook } = await ask('POST', '/webhooks', userId, { url: hook })
  await change(userId, 'd1')
  const dying = { ...world.deps, egress: { ...world.deps.egress, send: () => Promise.reject(new Error('killed')) } }
  await expect(deliverDue(dying)).rejects.toThrow('killed')
  await deliverAll()
  expect(got).toEqual([])
  world.ahead += 61_000
  await deliverAll()
  expect(got).toHaveLength(1)
  expect(await onlyDelivery(webhook.webhookId, userId)).toMatchObject({ status: 'delivered' })
})

test('there are at most twenty webhooks of one person', async () => {
  const userId = await person()
  for (let n = 0; n < 20; n++) expect((await ask('POST', '/webhooks', userId, { url: hook })).status).toBe(201)
  expect(await ask('POST', '/webhooks', userId, { url: hook })).toMatchObject({ status: 422, body: { code: 'too_many_items' } })
})

test('events go after a week and deliveries after a month', async () => {
  const userId = await person()
  const { body: webhook } = await ask('POST', '/webhooks', userId, { url: hook })
  await change(userId, 'd1')
  await deliverAll()
  const counts = async () => [
    (await world.kept.list({ collection: 'events', parent: `users/${userId}`, limit: 10 })).data.length,
    (await world.kept.list({ collection: 'webhookDeliveries', parent: `webhooks/${webhook.webhookId}`, limit: 10 })).data.length,
  ]
  for (const [days, left] of [
    [6, [1, 1]],
    [8, [0, 1]],
    [31, [0, 0]],
  ] as const) {
    world.ahead = days * 86_400_000
    await tidyFeed(world.deps)
    expect(await counts(), `${days} days`).toEqual(left)
  }
})
