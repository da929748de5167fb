import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse } from '../../src/app/house.ts'
import { run } from '../e2e/cli.ts'
import { about, canaries, everything, friend, live, person } from './life.ts'

const folder = mkdtempSync(join(tmpdir(), 'clarity-erased-'))
const [data, backup, restored, copied, early] = ['data', 'backup', 'restored', 'copied', 'early'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
  string,
  string,
]
const keysOf = (place: string) => ({
  CLARITY_KEYS: `file:${join(place, 'keys')}`,
  CLARITY_ROOT_KEY: `file:${join(place, 'keys', 'root.key')}`,
})
const cli = (place: string, words: readonly string[], env = keysOf(data)) => {
  const ran = run('cli', words, { data: place, env })
  expect(ran.code, ran.err).toBe(0)
  return ran
}

let receipt: string
let log = ''
beforeAll(async () => {
  {
    await using house = await openHouse({ data, stagedNights: 'none' })
    await live(house)
  }
  cli(data, ['backup', '--to', backup])
  cpSync(data, early, { recursive: true })
  receipt = join(folder, 'receipt.json')
  log = cli(data, ['erase', '--user', person, '--yes', '--receipt', receipt]).err
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Where in the files of a folder, as they lie on the disk, one of these words stands. */
function findIn(place: string, words: readonly string[]): string[] {
  const files = readdirSync(place, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(place, name)).isFile())
  return files.flatMap((name) => {
    const bytes = readFileSync(join(place, name))
    return words.filter((word) => bytes.includes(word)).map((word) => `${name}: ${word}`)
  })
}

const words = [...canaries, `users/${person}`, `samples/${person}`, `"${person}"`]

test('what they said stands in the files before, and in no file of the store or its log after', () => {
  // Ids alone can be read: everything else is sealed.
  expect(findIn(early, words)).toHaveLength(3)
  expect(findIn(early, canaries)).toEqual([])
  expect(findIn(data, words)).toEqual([])
  for (const word of words) expect(log).not.toContain(word)
})

test('a backup of before brings nobody back, in its place or in another', async () => {
  const told = cli(restored, ['restore', '--from', backup, '--json'])
  expect(JSON.parse(told.out)).toMatchObject({ erased: 1 })
  const report = cli(copied, ['copy', '--from', `sqlite:${early}/clarity.db`, '--to', `sqlite:${copied}/clarity.db`, '--json'])
  expect(JSON.parse(report.out)).toMatchObject({ lost: [] })
  for (const place of [restored, copied]) {
    expect(findIn(place, words), place).toEqual([])
    await using house = await openHouse({
      data: place,
      stagedNights: 'none',
      keys: keysOf(data).CLARITY_KEYS,
      rootKey: keysOf(data).CLARITY_ROOT_KEY,
    })
    const state = await everything(house)
    expect(about(person, state)).toEqual([])
    expect(about(friend, state).length).toBeGreaterThan(10)
    await expect(house.documents.batch([{ op: 'put', path: `users/${person}`, body: {} }])).rejects.toMatchObject({ code: 'erased' })
  }
})

test('the receipt can be checked without a store, and a changed one, or one of another key, is found out', () => {
  const nowhere = join(folder, 'nowhere')
  const check = (file: string, ...more: string[]) => run('cli', ['verify-receipt', file, '--json', ...more], { data: nowhere })
  const said = JSON.parse(readFileSync(receipt, 'utf8'))
  expect(JSON.parse(check(receipt, `--public-key=${said.signature.publicKey}`).out)).toMatchObject({ ok: true, erasureId: said.erasureId })
  expect(check(receipt, `--public-key=${'A'.repeat(43)}`)).toMatchObject({ code: 1 })
  const changes = [{ credentials: 2 }, { rescans: 9 }, { erasedAt: said.requestedAt }, { erasureId: 'f'.repeat(64) }, { classes: {} }]
  for (const change of changes) {
    writeFileSync(join(folder, 'changed.json'), JSON.stringify({ ...said, ...change }))
    expect(check(join(folder, 'changed.json')), JSON.stringify(change)).toMatchObject({ code: 1 })
  }
})
