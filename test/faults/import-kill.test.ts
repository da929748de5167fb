import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { run } from '../e2e/cli.ts'
import { seeded } from './dice.ts'
import { stateOf } from './import-state.ts'

const writer = join(import.meta.dirname, 'import-writer.ts')
const shared = mkdtempSync(join(tmpdir(), 'clarity-import-'))
const file = join(shared, 'export.zip')
let whole: Awaited<ReturnType<typeof stateOf>>
let hits = 0
let folder = ''

beforeAll(async () => {
  expect(run('cli', ['synth', '--to', file, '--days', '40', '--last', '2024-11-15'])).toMatchObject({ code: 0 })
  const data = join(shared, 'whole')
  hits = Number(/^hits (\d+)$/m.exec(killed(data, 0).stdout)?.[1])
  whole = await stateOf(data)
})
afterAll(() => rmSync(shared, { recursive: true }))
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clarity-import-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function killed(data: string, at: number) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [writer, data, file, String(at)], { encoding: 'utf8' })
  return { status, signal, stdout, stderr }
}

function imports(data: string) {
  return run('cli', ['import', file, '--user', 'robin', '--zone', 'America/New_York', '--json'], { data })
}

/** After the kill nothing is half there, and the same import goes on to the end that it would have had. */
async function recovers(data: string): Promise<void> {
  const broken = await stateOf(data)
  expect({ missing: broken.missing, damaged: broken.damaged }).toEqual({ missing: [], damaged: [] })
  const again = imports(data)
  expect(again, again.err).toMatchObject({ code: 0 })
  expect(await stateOf(data)).toEqual(whole)
  expect(readdirSync(join(data, 'tmp'))).toEqual([])
}

test('an import that nobody stops is what the others are compared with', () => {
  expect(whole.days).toHaveLength(40)
  expect(whole.insights).toHaveLength(40)
  expect(whole.sessions.length).toBeGreaterThan(120)
  expect(whole).toMatchObject({ missing: [], damaged: [], waiting: 0 })
  expect(hits).toBeGreaterThan(500)
})

const random = seeded(20_241_115)
const moments = Array.from({ length: 10 }, random)

test.each(moments)('killed at %f of its way, an import made again ends as if it had not been', async (moment) => {
  const { signal, stderr } = killed(folder, 1 + Math.floor(moment * hits))
  expect({ signal, stderr }).toEqual({ signal: 'SIGKILL', stderr: '' })
  await recovers(folder)
})

test('killed again and again on its way, it still ends there, and doctor clears what was left', async () => {
  for (const least of [300, 10, 10, 10]) expect(killed(folder, least + Math.floor(random() * 70)).signal).toBe('SIGKILL')
  await recovers(folder)
  expect(run('cli', ['doctor', '--repair', '--json'], { data: folder })).toMatchObject({ code: 0 })
  const { ok, findings } = JSON.parse(run('cli', ['doctor', '--json'], { data: folder }).out)
  expect(findings).toContainEqual(expect.objectContaining({ check: 'strays', ok: true, says: expect.stringMatching(/^0 objects/) }))
  expect(ok).toBe(true)
  expect(await stateOf(folder)).toEqual(whole)
})

const mayMount = canMount()

describe.skipIf(!mayMount)(mayMount ? 'a disk that is full' : 'a disk that is full (skipped: no right to mount a tmpfs)', () => {
  afterEach(() => {
    spawnSync('umount', [folder])
  })

  test.each(['2m', '3m'])('of %s stops the import with storage_full, and with room it is made', async (size) => {
    expect(mount(`size=${size}`).status).toBe(0)
    const refused = imports(folder)
    expect(refused.code, refused.err).toBe(1)
    expect(JSON.parse(refused.out)).toMatchObject({ problem: { code: 'storage_full' } })
    expect(mount('remount,size=60m').status).toBe(0)
    await recovers(folder)
  })
})

function mount(options: string) {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'clarity-full', folder])
}

function canMount(): boolean {
  const probe = mkdtempSync(join(tmpdir(), 'clarity-probe-'))
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'clarity-probe', probe]).status === 0
  if (isMounted) spawnSync('umount', [probe])
  rmSync(probe, { recursive: true })
  return isMounted
}
