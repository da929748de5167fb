import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockStore } from '../../src/adapters/store-lock.ts'
import { openHouse } from '../../src/app/house.ts'
import { run } from './cli.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clarity-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const serve = { command: 'clarity serve', url: 'http://127.0.0.1:8080' }

/** Another process that holds the store and says so. */
async function holder(): Promise<ChildProcess> {
  const lock = JSON.stringify(import.meta.resolve('../../src/adapters/store-lock.ts'))
  const program = `const { lockStore } = await import(${lock}); await lockStore(${JSON.stringify(folder)}, ${JSON.stringify(serve)}); process.stdout.write('held'); setInterval(() => {}, 1e6)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  expect(String((await once(child.stdout, 'data'))[0])).toBe('held')
  return child
}

async function killed(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

test('a second process is refused at once, told who holds the store and how to reach it', async () => {
  const child = await holder()
  try {
    const refused = run('cli', ['users', '--json'], { data: folder })
    expect(refused.code).toBe(1)
    const { problem } = JSON.parse(refused.out)
    expect(problem).toMatchObject({ code: 'store_in_use' })
    expect(problem.detail).toContain(`clarity serve (process ${child.pid})`)
    expect(problem.detail).toContain('--url http://127.0.0.1:8080')
  } finally {
    await killed(child)
  }
})

test('doctor says who holds the store, and that it could not look inside', async () => {
  const child = await holder()
  try {
    const { code, out } = run('cli', ['doctor', '--json'], { data: folder })
    expect(code).toBe(1)
    const { ok, findings } = JSON.parse(out)
    expect(ok).toBe(false)
    expect(findings).toContainEqual(expect.objectContaining({ check: 'store', says: expect.stringContaining(`process ${child.pid}`) }))
    expect(findings).toContainEqual(expect.objectContaining({ check: 'data folder', ok: true }))
  } finally {
    await killed(child)
  }
})

test('a process that was killed holds nothing any more, and its note misleads nobody', async () => {
  const child = await holder()
  await killed(child)
  expect(JSON.parse(readFileSync(join(folder, 'lock.json'), 'utf8'))).toMatchObject({ pid: child.pid })
  expect(run('cli', ['users'], { data: folder })).toMatchObject({ code: 0 })
})

test('one process opens a store once', async () => {
  await using _ = await openHouse({ data: folder }, 'clarity import')
  await expect(openHouse({ data: folder })).rejects.toMatchObject({
    code: 'store_in_use',
    message: expect.stringContaining(`clarity import (process ${process.pid})`),
  })
})

test('a store that was let go is free and its folder bears no note', async () => {
  const lock = await lockStore(folder, serve)
  await lock[Symbol.asyncDispose]()
  await lock[Symbol.asyncDispose]()
  expect(readdirSync(folder)).toEqual(['lock.db'])
  await using _ = await lockStore(folder, serve)
})

test('a store that cannot be opened is let go', async () => {
  writeFileSync(join(folder, 'clarity.db'), 'no store at all, but long enough to be looked at'.repeat(100))
  await expect(openHouse({ data: folder })).rejects.toMatchObject({ code: 'storage_corrupt' })
  await using _ = await lockStore(folder, serve)
})

test('a note that says nothing, or of a process that is gone, names nobody', async () => {
  await using _ = await lockStore(folder, serve)
  for (const note of ['', '{"pid":4194305,"command":"clarity serve"}']) {
    writeFileSync(join(folder, 'lock.json'), note)
    await expect(lockStore(folder, serve)).rejects.toThrow(/held by another process; it is free when that ends/)
  }
})
