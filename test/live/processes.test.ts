import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readConfig } from '../../src/app/config.ts'
import { openHouse } from '../../src/app/house.ts'
import { makeKey } from '../../src/flows/keys.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { startServer } from '../e2e/server-process.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { startPostgres } from '../engines/postgres.ts'
import { startRedis } from '../engines/redis.ts'
import { hearUntil, listen } from './listener.ts'
import { newId } from './world.ts'

const [postgres, redis] = [await startPostgres(), await startRedis({ own: true })]
const engines = 'missing' in postgres ? postgres : 'missing' in redis ? redis : { postgres, redis }

describeEngine('a feed across processes, over PostgreSQL and Redis', engines, ({ postgres, redis }) => {
  const folder = mkdtempSync(join(tmpdir(), 'clarity-live-'))
  afterAll(async () => {
    await redis.stop()
    await postgres.stop()
    rmSync(folder, { recursive: true })
  })

  /** Two API processes, and a person whose days are written from here. */
  async function openPair() {
    await using opened = new AsyncDisposableStack()
    const settings = { CLARITY_DOCUMENTS: await postgres.createDatabase(), CLARITY_CACHE: redis.url, CLARITY_WAREHOUSE: 'none' }
    const house = opened.use(await openHouse(readConfig({ ...settings, CLARITY_DATA: folder })))
    const userId = `u${newId()}`
    await house.documents.batch([{ op: 'put', path: `users/${userId}`, body: newUser(house, 'UTC') }])
    const { text: token } = await makeKey(house, { kind: 'person', userId })
    const start = async () => opened.use(await startServer({ data: folder, words: ['--role', 'api'], env: settings }))
    const [first, second] = [await start(), await start()]
    const write = (date: string) =>
      house.documents.batch([{ op: 'put', path: `users/${userId}/days/${date}`, body: { userId, date }, ifAbsent: true }])
    const held = opened.move()
    return { userId, token, first, second, write, [Symbol.asyncDispose]: () => held.disposeAsync() }
  }

  test('what one process writes is told by another, and a feed whose process is killed goes on in the next without a gap', async () => {
    await using pair = await openPair()
    const { userId, token, first, second, write } = pair
    const feed = listen(first.url, userId, { token })
    const greeting = await feed.next()
    expect(greeting.value.event).toBe('ready')
    expect(await redis.command('PUBSUB', 'CHANNELS', `*events:${userId}`)).toHaveLength(1)
    await write('2024-01-20')
    const heard = await hearUntil(feed, ({ event }) => event === 'day.created')
    await first.end('SIGKILL')
    for (const date of ['2024-01-21', '2024-01-22']) await write(date)

    const resumed = listen(second.url, userId, { token, after: heard.at(-1)?.id })
    await write('2024-01-23')
    heard.push(...(await hearUntil(resumed, ({ data }) => data.id === '2024-01-23')))
    expect(heard.map(({ data }) => data.id)).toEqual(['2024-01-20', '2024-01-21', '2024-01-22', '2024-01-23'])
  })

  test('F15: Redis that goes in the middle of a feed takes nothing with it: the feed goes on, and is resumed in another process', async () => {
    await using pair = await openPair()
    const { userId, token, first, second, write } = pair
    const feed = listen(first.url, userId, { token })
    await feed.next()
    await write('2024-01-20')
    const heard = [(await feed.next()).value]
    await redis.kill()
    await write('2024-01-21')
    heard.push(...(await hearUntil(feed, ({ data }) => data.id === '2024-01-21')))
    await write('2024-01-22')
    const resumed = listen(second.url, userId, { token, after: heard.at(-1)?.id })
    heard.push(...(await hearUntil(resumed, ({ data }) => data.id === '2024-01-22')))
    await redis.start()
    const again = listen(second.url, userId, { token, after: heard.at(-1)?.id })
    await write('2024-01-23')
    heard.push(...(await hearUntil(again, ({ data }) => data.id === '2024-01-23')))
    expect(heard.map(({ data }) => data.id)).toEqual(['2024-01-20', '2024-01-21', '2024-01-22', '2024-01-23'])
  })
})
