import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkKeys } from '../../src/adapters/keys/check-keys.ts'
import { backUpKeys, restoreKeys } from '../../src/adapters/keys/key-backup.ts'
import { openKeys } from '../../src/adapters/keys/open-keys.ts'
import { rotateRoot } from '../../src/adapters/keys/rotate-root.ts'
import { openHouse } from '../../src/app/house.ts'
import { type KnownUser, newUser } from '../../src/flows/manage-user.ts'
import type { PersonKeys } from '../../src/ports/keys.ts'
import { expectProblem } from '../contracts/expectations.ts'
import { run } from '../e2e/cli.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clarity-root-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const place = (name = 'keys') => ({ keys: `file:${join(folder, name)}`, rootKey: join(folder, 'keys', 'root.key') })
const people = ['ada', 'bob', 'cleo', 'dan']

async function made(): Promise<PersonKeys[]> {
  await using keys = await openKeys(place())
  const all: PersonKeys[] = []
  for (const person of people) all.push(await keys.make(person))
  return all
}

async function found(at = place()): Promise<(PersonKeys | undefined)[]> {
  await using keys = await openKeys(at)
  return Promise.all(people.map((person) => keys.of(person)))
}

/** `clarity keys rotate-root` that kills itself at the Nth place where it can be stopped; false where it came to its end. */
function isKilledAt(nth: number): boolean {
  const cli = join(import.meta.dirname, '../../src/app/cli.js')
  const env = { PATH: process.env.PATH, NODE_ENV: 'test', CLARITY_DATA: folder, CLARITY_FAILPOINTS: `*:kill@${nth}` }
  const { signal, status, stderr } = spawnSync(process.execPath, [cli, 'keys', 'rotate-root'], { encoding: 'utf8', env })
  expect([signal, status], stderr).toEqual(signal === null ? [null, 0] : ['SIGKILL', null])
  return signal !== null
}

test('a root key that is turned opens everything, also for whoever has it open, and the one before opens nothing', async () => {
  const all = await made()
  const before = readFileSync(place().rootKey)
  await using keys = await openKeys(place())
  await keys.of('ada')
  expect(await rotateRoot(place())).toBe(people.length)
  expect(readFileSync(place().rootKey)).not.toEqual(before)
  expect(readFileSync(place().rootKey, 'latin1').trim().split('\n')).toHaveLength(1)
  expect(await Promise.all(people.map((person) => keys.of(person)))).toEqual(all)
  await keys.make('new')
  await keys.rotate('ada')
  expect((await found()).slice(1)).toEqual(all.slice(1))
  writeFileSync(place().rootKey, before)
  await expectProblem('wrong_root_key', openKeys(place()))
})

test('killed at each of its writes it leaves keys that all open, and the next call goes on', async () => {
  const all = await made()
  const untouched = join(folder, 'untouched')
  cpSync(join(folder, 'keys'), untouched, { recursive: true })
  let killed = 0
  for (let nth = 1; isKilledAt(nth); nth++) {
    killed++
    expect(await found()).toEqual(all)
    // What is made between two tries is there after them.
    await using keys = await openKeys(place())
    const between = await keys.make('between')
    await rotateRoot(place())
    expect(await keys.of('between')).toEqual(between)
    expect(await found()).toEqual(all)
    const files = readdirSync(join(folder, 'keys'))
    expect(readFileSync(place().rootKey, 'latin1').trim().split('\n')).toHaveLength(1)
    expect(files.filter((name) => name.endsWith('.draft')).length).toBeLessThan(2)
    await keys[Symbol.asyncDispose]()
    rmSync(join(folder, 'keys'), { recursive: true })
    cpSync(untouched, join(folder, 'keys'), { recursive: true })
  }
  expect(killed).toBeGreaterThan(7)
}, 60_000)

test('keys are made, rotated and destroyed while the root key is turned, and none is lost', async () => {
  await made()
  await using one = await openKeys(place())
  await using other = await openKeys(place())
  const beside = Promise.all([
    ...Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? one : other).make(`beside${n}`)),
    other.rotate('ada'),
    one.destroy('bob'),
  ])
  await rotateRoot(place())
  await beside
  await rotateRoot(place())
  expect((await one.of('ada'))?.data).toHaveLength(2)
  await expectProblem('erased', other.of('bob'))
  for (let n = 0; n < 20; n++) expect(await other.of(`beside${n}`)).toEqual(await one.of(`beside${n}`))
})

const withName = (user: KnownUser) => ({ ...user, profile: { ...user.profile, displayName: 'Ada' } })
const backups = () => join(folder, 'backups')
const clock = (day: number) => ({ nowMs: () => Date.UTC(2026, 0, day, 12) })

test('keys come back from their copy, but for those that were destroyed here, and copies do not get older than a week', async () => {
  const all = await made()
  expect(await backUpKeys(place(), backups(), clock(1))).toMatchObject({ people: 4, removed: 0 })
  await backUpKeys(place(), backups(), clock(8))
  expect(readdirSync(backups()).sort()).toEqual(['keys-2026-01-01T12-00-00Z.ndjson', 'keys-2026-01-08T12-00-00Z.ndjson'])
  expect(await backUpKeys(place(), backups(), clock(9))).toMatchObject({ removed: 1 })
  {
    await using keys = await openKeys(place())
    await keys.destroy('bob')
  }
  await rotateRoot({ ...place() }).then(() => undefined)
  rmSync(backups(), { recursive: true })
  const { file } = await backUpKeys(place(), backups(), clock(10))
  expect([readFileSync(file, 'utf8').includes('ada'), readFileSync(file, 'utf8').includes('bob')]).toEqual([true, false])
  expect(await restoreKeys(place('elsewhere'), backups())).toBe(4)
  await using brought = await openKeys(place('elsewhere'))
  expect(await brought.of('ada')).toEqual(all[0])
  for (const asked of [brought.of('bob'), brought.make('bob')]) await expectProblem('erased', asked)
})

test('a copy never brings back what was destroyed since, nor into the keys of other data, nor without the root key', async () => {
  await made()
  await backUpKeys(place(), backups(), clock(1))
  await using keys = await openKeys(place())
  await keys.destroy('bob')
  expect(await restoreKeys(place(), backups())).toBe(0)
  await expectProblem('erased', keys.of('bob'))
  {
    await using _ = await openKeys(place('others'))
  }
  await expectProblem('not_empty', restoreKeys(place('others'), backups()))
  const copy = readFileSync(join(backups(), 'keys-2026-01-01T12-00-00Z.ndjson'), 'utf8')
  for (const { audit } of [await keys.make('ada')]) expect(copy).not.toContain(Buffer.from(audit).toString('base64'))
  writeFileSync(place().rootKey, Buffer.alloc(32, 5))
  await expectProblem('wrong_root_key', restoreKeys(place('third'), backups()))
  writeFileSync(join(backups(), 'keys-2026-01-02T12-00-00Z.ndjson'), copy.slice(5))
  await expectProblem('storage_corrupt', restoreKeys(place('third'), backups()))
})

test('doctor says whether everybody’s keys open', async () => {
  await made()
  expect(await checkKeys(place())).toEqual({ people: 4, destroyed: 0, lost: [] })
  await using keys = await openKeys(place())
  await keys.destroy('bob')
  const db = new DatabaseSync(join(folder, 'keys', 'keys.db'))
  db.exec("UPDATE people SET wrapped = (SELECT wrapped FROM people WHERE user_id = 'ada') WHERE user_id = 'cleo'")
  db.close()
  expect(await checkKeys(place())).toEqual({ people: 2, destroyed: 1, lost: ['cleo'] })
  const { out } = run('cli', ['doctor', '--verify', '--json'], { data: folder })
  expect(JSON.parse(out).findings).toContainEqual(
    expect.objectContaining({ check: 'keys', ok: false, advice: expect.stringContaining('cleo') }),
  )
})

test('a wrong root key stops the start, and so does another store of keys than that of the data', async () => {
  const data = join(folder, 'data')
  {
    await using house = await openHouse({ data })
    await house.documents.batch([{ op: 'put', path: 'users/ada', body: newUser(house, 'UTC') }])
  }
  const start = (env = {}) => run('cli', ['users', 'list', '--json'], { data, env })
  expect(start()).toMatchObject({ code: 0, err: '' })
  const root = readFileSync(join(data, 'keys', 'root.key'))
  writeFileSync(join(data, 'keys', 'root.key'), Buffer.alloc(32, 1))
  expect(start()).toMatchObject({ code: 1, out: expect.stringContaining('wrong_root_key') })
  writeFileSync(join(data, 'keys', 'root.key'), root)

  const second = start({ CLARITY_KEYS: `file:${folder}/second`, CLARITY_ROOT_KEY: `file:${folder}/second.key` })
  expect(second).toMatchObject({ code: 1, out: expect.stringContaining('wrong_root_key') })
  cpSync(join(data, 'keys'), join(folder, 'moved'), { recursive: true })
  const moved = start({ CLARITY_KEYS: `file:${folder}/moved`, CLARITY_ROOT_KEY: `file:${folder}/moved/root.key` })
  expect(moved).toMatchObject({ code: 0 })
})

test('a store comes back with its keys from their copy, and not without', async () => {
  const [data, to, other] = [join(folder, 'data'), join(folder, 'backup'), join(folder, 'other')]
  {
    await using house = await openHouse({ data })
    await house.documents.batch([{ op: 'put', path: 'users/ada', body: withName(newUser(house, 'UTC')) }])
  }
  const cli = (where: string, words: string[]) => run('cli', words, { data: where })
  expect(cli(data, ['backup', '--to', to])).toMatchObject({ code: 0 })
  expect(readdirSync(to, { recursive: true }).filter((name) => /root|keys\.db/.test(String(name)))).toEqual([])
  expect(cli(data, ['keys', 'backup', '--to', backups()])).toMatchObject({ code: 0 })
  expect(cli(other, ['restore', '--from', to, '--json'])).toMatchObject({ code: 1, out: expect.stringContaining('wrong_root_key') })
  cpSync(join(data, 'keys', 'root.key'), join(other, 'keys', 'root.key'))
  expect(cli(other, ['keys', 'restore', '--from', backups(), '--json'])).toMatchObject({ code: 0, out: '{"people":1}\n' })
  const restored = cli(other, ['restore', '--from', to])
  expect(restored, restored.err).toMatchObject({ code: 0 })
  await using house = await openHouse({ data: other })
  expect((await house.documents.get('users/ada'))?.body).toMatchObject({ profile: { displayName: 'Ada' } })
})
