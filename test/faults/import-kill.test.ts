import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { run } from '../e2e/cli.ts'
import { seeded } from './dice.ts'
import { stateOf } from './import-state.ts'
import { growDisk, mayMount, mountSmallDisk, unmountDisk } from './small-disk.ts'

const writer = join(import.meta.dirname, 'import-writer.ts')
const shared = mkdtempSync(join(tmpdir(), 'clarity-import-'))
const file = join(shared, 'all.zip')
const late = join(shared, 'late.zip')
let whole: State
let hits = 0
let folder = ''

beforeAll(async () => {
  for (const part of ['all', 'first', 'late'])
    expect(
      run('cli', ['synth', '--to', join(shared, `${part}.zip`), '--part', part, '--days', '40', '--last', '2024-11-15']),
    ).toMatchObject({ code: 0 })
  ;({ hits, state: whole } = await undisturbed(join(shared, 'whole'), file))
})
afterAll(() => rmSync(shared, { recursive: true }))
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clarity-import-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

type State = Awaited<ReturnType<typeof stateOf>>

/** Imports, and is killed at place number `at`; at 0 by nobody. */
function killed(data: string, at: number, from = file) {
  const { signal, stdout, stderr } = spawnSync(process.execPath, [writer, data, from, String(at)], { encoding: 'utf8' })
  // A new folder gets a root key, and says so.
  return { signal, stdout, stderr: stderr.replace(/^A root key was made [^\n]*\n/, '') }
}

async function undisturbed(data: string, from: string): Promise<{ hits: number; state: State }> {
  const { stdout } = killed(data, 0, from)
  return { hits: Number(/^hits (\d+)$/m.exec(stdout)?.[1]), state: await stateOf(data) }
}

function imports(data: string, from = file) {
  return run('cli', ['import', from, '--user', 'robin', '--zone', 'America/New_York', '--json'], { data })
}

/** After the kill nothing is half there, and the same import goes on to the end that it would have had. */
async function recovers(data: string, from = file, end = whole): Promise<void> {
  const broken = await stateOf(data)
  expect({ missing: broken.missing, damaged: broken.damaged }).toEqual({ missing: [], damaged: [] })
  const again = imports(data, from)
  expect(again, again.err).toMatchObject({ code: 0 })
  expect(await stateOf(data)).toEqual(end)
  expect(readdirSync(join(data, 'tmp'))).toEqual([])
}

/** Objects that a killed process left have no document: doctor removes them and touches nothing else. */
async function isCleared(data: string, end = whole): Promise<void> {
  expect(run('cli', ['doctor', '--repair', '--json'], { data })).toMatchObject({ code: 0 })
  const { ok, findings } = JSON.parse(run('cli', ['doctor', '--json'], { data }).out)
  expect(findings).toContainEqual(expect.objectContaining({ check: 'strays', ok: true, says: expect.stringMatching(/^0 objects/) }))
  expect(ok).toBe(true)
  expect(await stateOf(data)).toEqual(end)
}

test('an import that nobody stops is what the others are compared with', () => {
  expect(whole.days).toHaveLength(40)
  expect(whole.insights).toHaveLength(40)
  expect(whole.sessions.length).toBeGreaterThan(120)
  expect(whole).toMatchObject({ missing: [], damaged: [], waiting: 0 })
  expect(hits).toBeGreaterThan(300)
})

const random = seeded(20_241_115)
const moments = Array.from({ length: 8 }, random)

test.each(moments)('killed at %f of its way, an import made again ends as if it had not been', async (moment) => {
  const { signal, stderr } = killed(folder, 1 + Math.floor(moment * hits))
  expect({ signal, stderr }).toEqual({ signal: 'SIGKILL', stderr: '' })
  await recovers(folder)
})

test('killed again and again on its way, it still ends there, and doctor clears what was left', async () => {
  for (const least of [300, 10, 10, 10]) expect(killed(folder, least + Math.floor(random() * 70)).signal).toBe('SIGKILL')
  await recovers(folder)
  await isCleared(folder)
})

test('killed while late samples join what is there, it still ends as it would have', async () => {
  const before = join(shared, 'first')
  expect(imports(before, join(shared, 'first.zip')).code).toBe(0)
  const data = (name: string) => {
    cpSync(before, join(folder, name), { recursive: true })
    return join(folder, name)
  }
  const { hits: places, state } = await undisturbed(data('late'), late)
  expect(state.sessions.filter(({ body }) => body.revision === 2).length).toBeGreaterThan(1)
  for (const share of [0.3, 0.5, 0.7, 0.9]) {
    const store = data(`killed ${share}`)
    expect(killed(store, Math.ceil(share * places), late).signal).toBe('SIGKILL')
    await recovers(store, late, state)
    await isCleared(store, state)
  }
})

describe.skipIf(!mayMount)(mayMount ? 'a disk that is full' : 'a disk that is full (skipped: no right to mount a tmpfs)', () => {
  afterEach(() => {
    unmountDisk(folder)
  })

  test.each(['2m', '3m'])('of %s stops the import with storage_full, and with room it is made', async (size) => {
    expect(mountSmallDisk(folder, size)).toBe(true)
    const refused = imports(folder)
    expect(refused.code, refused.err).toBe(1)
    expect(JSON.parse(refused.out)).toMatchObject({ problem: { code: 'storage_full' } })
    expect(growDisk(folder, '60m')).toBe(true)
    await recovers(folder)
  })
})
