import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { openHouse } from '../../src/app/house.ts'
import { run } from '../e2e/cli.ts'
import { filledPlaces, openStores } from './places.ts'

const writer = fileURLToPath(import.meta.resolve('./writer.ts'))
const places = filledPlaces()
afterAll(() => places[Symbol.dispose]())

interface Numbered {
  readonly n?: number
}

test('backups beside a process that writes without end are each of one moment, with every object', async () => {
  const [data, to] = [places.newData(), join(places.folder, 'online')]
  const child = spawn(process.execPath, [writer, data], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  try {
    let written = 0
    for (let round = 1; round <= 3; round++) {
      for (const until = written + 60; written < until; ) written = Number(/\d+/.exec((await lines.next()).value ?? '')?.[0])
      const made = run('cli', ['backup', '--to', to, '--json'], { data })
      expect(made, made.err).toMatchObject({ code: 0 })
      const restored = join(places.folder, `online-${round}`)
      expect(run('cli', ['restore', '--from', to], { data: restored })).toMatchObject({ code: 0 })
      await using stores = await openStores(restored)
      const job = (await stores.documents.get<Numbered>('jobs/written'))?.body.n ?? 0
      const sessions = (await stores.documents.list<Numbered>({ collection: 'healthSessions', limit: 1000 })).data
      expect(job).toBeGreaterThanOrEqual(written)
      expect(Math.max(...sessions.map(({ body }) => body.n ?? 0))).toBe(job)
    }
  } finally {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
})

test('a backup does not ask who holds the store, and a restore into it does', async () => {
  const [data, to] = [places.newData(), join(places.folder, 'held')]
  await using _ = await openHouse({ data, keys: `file:${places.folder}/keys`, rootKey: `file:${places.folder}/root.key` }, 'clarity serve')
  const made = run('cli', ['backup', '--to', to], { data })
  expect(made, made.err).toMatchObject({ code: 0 })
  expect(run('cli', ['restore', '--from', to, '--json'], { data })).toMatchObject({ code: 1, out: expect.stringContaining('store_in_use') })
})
