import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { audit } from '../../src/app/commands/audit.ts'
import { day } from '../../src/app/commands/day.ts'
import { importCommand } from '../../src/app/commands/import.ts'
import { keys } from '../../src/app/commands/keys.ts'
import { users } from '../../src/app/commands/users.ts'
import { openHouse } from '../../src/app/house.ts'
import { writeSynthetic } from '../../src/app/synthetic-file.ts'
import { makeKey } from '../../src/flows/keys.ts'
import type { Access } from '../../src/model/audit.ts'
import { startServer } from '../e2e/server-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'clarity-audit-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))
const config = { data: join(folder, 'data'), stagedNights: 'none' } as const

async function run(command: typeof audit, words: readonly string[], flags: Readonly<Record<string, string>> = {}) {
  const out: string[] = []
  const said: string[] = []
  const code = await command.run({
    positionals: words,
    flags,
    json: true,
    config,
    out: (text) => out.push(text),
    say: (text) => said.push(text),
  })
  const lines = out.join('').split('\n').filter(Boolean)
  return { code, said: said.join(''), lines: lines.map((line) => JSON.parse(line)) }
}

beforeAll(async () => {
  const file = join(folder, 'export.zip')
  await writeSynthetic(file, { seed: 1, days: 2, lastDate: '2026-11-15' })
  await run(importCommand, [file], { user: 'robin' })
  await run(day, [], { user: 'robin', date: '2026-11-15' })
  await run(keys, ['create'], { scope: 'all', kind: 'auditor' })
})

const log = join(folder, 'log')
const second = (key?: string) =>
  spawnSync(process.execPath, [join(import.meta.dirname, '../../tools/verify-audit.mjs'), log, ...(key ? [key] : [])], { encoding: 'utf8' })

test('commands leave entries, and the person sees those about them', async () => {
  const { lines } = await run(users, ['access-log'], { user: 'robin' })
  expect(lines.map(({ who, action, what, outcome }: Access) => [who, action, what, outcome])).toEqual([
    [{ type: 'command' }, 'R', 'clarity users', 'allow'],
    [{ type: 'command' }, 'R', 'clarity day', 'allow'],
    [{ type: 'command' }, 'C', 'clarity import', 'allow'],
  ])
  await expect(run(users, ['access-log'], { user: 'nobody' })).rejects.toMatchObject({ code: 'not_found' })
})

test('the store verifies; what is exported does so to both verifiers, also as files', async () => {
  expect(await run(audit, ['verify'])).toMatchObject({ code: 0, lines: [{ verdict: 'ok', entries: 5, signed: 5 }] })
  // With the entry that says so.
  expect(await run(audit, ['export'], { to: log })).toMatchObject({ code: 0, lines: [{ entries: 6 }] })
  const key = readFileSync(join(log, 'audit.vkey'), 'utf8').trim()
  expect(await run(audit, ['verify'], { from: log, key })).toMatchObject({ code: 0, lines: [{ verdict: 'ok', entries: 6 }] })
  expect(second(key)).toMatchObject({ status: 0, stdout: '6 entries, vouched for up to 6\n' })
  await expect(run(audit, ['export'], { to: log })).rejects.toMatchObject({ code: 'not_empty' })
})

test('what was tampered with exits 1, and what nobody vouches for 2', async () => {
  const file = join(log, 'entries.ndjson')
  const whole = readFileSync(file, 'utf8')
  writeFileSync(file, whole.replace('"clarity day"', '"clarity dey"'))
  expect(await run(audit, ['verify'], { from: log })).toMatchObject({ code: 1, lines: [{ verdict: 'tampered', seq: 2, kind: 'content' }] })
  expect(second()).toMatchObject({ status: 1, stdout: 'entry 2: content\n' })
  writeFileSync(file, whole.split('\n').slice(0, 4).join('\n'))
  expect(await run(audit, ['verify'], { from: log })).toMatchObject({ code: 1, lines: [{ seq: 5, kind: 'cut' }] })
  writeFileSync(file, whole)
  rmSync(join(log, 'checkpoints', '0000000000000006'))
  expect(await run(audit, ['verify'], { from: log })).toMatchObject({ code: 2, lines: [{ verdict: 'incomplete', entries: 6, signed: 5 }] })
  expect(second()).toMatchObject({ status: 2 })
})

test('an entry is proven to who has the key, and to nobody with another', async () => {
  const { lines } = await run(audit, ['prove', '3'])
  const proof = join(folder, 'proof.json')
  const key = readFileSync(join(log, 'audit.vkey'), 'utf8').trim()
  writeFileSync(proof, JSON.stringify(lines[0]))
  expect(await run(audit, ['verify'], { proof, key })).toMatchObject({ code: 0, lines: [{ verdict: 'ok', seq: 3 }] })
  writeFileSync(proof, JSON.stringify({ ...lines[0], entry: { ...lines[0].entry, outcome: 'deny' } }))
  expect(await run(audit, ['verify'], { proof, key })).toMatchObject({ code: 1 })
  await expect(run(audit, ['prove', '99'])).rejects.toMatchObject({ code: 'not_found' })
})

test('that the log only grew between two checkpoints is proven to who has the key', async () => {
  const { lines } = await run(audit, ['consistency', '5', '6'])
  const proof = join(folder, 'grown.json')
  const key = readFileSync(join(log, 'audit.vkey'), 'utf8').trim()
  const verdict = async (said: object) => {
    writeFileSync(proof, JSON.stringify(said))
    return run(audit, ['verify'], { proof, key })
  }
  expect(await verdict(lines[0])).toMatchObject({ code: 0, lines: [{ verdict: 'ok', older: 5, newer: 6 }] })
  expect(await verdict({ ...lines[0], path: lines[0].path.slice(1) })).toMatchObject({ code: 1, lines: [{ verdict: 'tampered' }] })
  expect(await verdict({ ...lines[0], older: lines[0].newer })).toMatchObject({ code: 1 })
  await expect(run(audit, ['consistency', '5', '99'])).rejects.toMatchObject({ code: 'not_found' })
  await expect(run(audit, ['consistency', '5'])).rejects.toMatchObject({ code: 'wrong_use' })
})

test('a server seals by itself what it is asked, and its log is verified beside it', async () => {
  const key = await (async () => {
    await using house = await openHouse(config)
    return (await makeKey(house, { kind: 'service' })).text
  })()
  await using server = await startServer({ data: config.data, env: { CLARITY_LOG: 'warn', CLARITY_STAGED_NIGHTS: 'none' } })
  const ask = async (path: string) => (await fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${key}` } })).json()
  for (;;) {
    const { data } = (await ask('/v1/users/robin/access-log')) as { data: Access[] }
    if (data.some(({ who, what }) => who.type === 'service' && what === 'users/access-log')) break
  }
  const { code, said, lines } = await run(audit, ['verify'])
  expect([code, lines[0].verdict]).toEqual([0, 'ok'])
  expect(said).toContain('A server holds the store')
})
