import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exportText, steps } from '../golden/export-text.ts'
import { run } from './cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'clarity-e2e-'))
const file = join(folder, 'export.xml')
const user = ['--user', 'robin']
const cli = (...words: string[]) => run('cli', words, { data: join(folder, 'data') })

beforeAll(() => {
  writeFileSync(join(folder, 'notes.txt'), 'no export at all\n')
  writeFileSync(file, exportText([steps('phone', '2024-06-12', '08:00', '09:00', 1200)]))
  expect(cli('import', file, ...user)).toMatchObject({ code: 0 })
})
afterAll(() => rmSync(folder, { recursive: true }))

const mistakes: readonly (readonly [says: string, code: number, problem: string, words: readonly string[]])[] = [
  ['a missing file', 1, 'not_found', ['import', '/nowhere/export.zip', ...user]],
  ['a file of another kind', 1, 'not_a_zip', ['import', join(folder, 'notes.txt'), ...user]],
  ['a zone that is none', 2, 'invalid_timezone', ['import', file, ...user, '--zone', 'EST']],
  ['an unknown user', 1, 'not_found', ['day', '--user', 'nobody', '--date', '2024-11-10']],
  ['a date without data', 1, 'not_found', ['insight', ...user, '--date', '2019-01-01']],
  ['no user', 2, 'wrong_use', ['import', file]],
  ['no file', 2, 'wrong_use', ['import', ...user]],
  ['an unknown flag', 2, 'wrong_use', ['import', file, ...user, '--fast']],
  ['a bad date', 2, 'wrong_use', ['insight', ...user, '--date', '2024-02-30']],
  ['no date', 2, 'wrong_use', ['day', ...user]],
  ['an unknown command', 2, 'wrong_use', ['ponder']],
]

test.each(mistakes)('%s exits with %d and says %s', (_, code, problem, words) => {
  const ran = cli(...words, '--json')
  expect(ran.code, ran.err).toBe(code)
  expect(JSON.parse(ran.out)).toMatchObject({ problem: { code: problem, detail: expect.any(String) } })
  expect(ran.err).toContain(`(${problem})`)
  expect(ran.err).not.toMatch(/^\s+at /m)
})

test.each(['', 'import', 'insight', 'day', 'users', 'doctor', 'synth'])('--help of %j', (command) => {
  const helped = run(
    'cli',
    [command, '--help'].filter((word) => word !== ''),
  )
  expect(helped).toMatchObject({ code: 0, err: '' })
  expect(helped.out).toContain(command === '' ? 'doctor' : '--json')
})
