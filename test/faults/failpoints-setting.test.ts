import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from '../e2e/cli.ts'
import { exportText, steps } from '../golden/export-text.ts'

const shared = mkdtempSync(join(tmpdir(), 'clarity-failpoints-'))
const file = join(shared, 'export.xml')
beforeAll(() => writeFileSync(file, exportText([steps('phone', '2024-06-12', '08:00', '09:00', 1200)])))
afterAll(() => rmSync(shared, { recursive: true }))

const imports = (data: string, env: Readonly<Record<string, string>> = {}) =>
  run('cli', ['import', file, '--user', 'robin', '--zone', 'America/New_York', '--json'], { data: join(shared, data), env })

test('a command is killed at the point that the setting names, and made again it does its work', () => {
  const killed = imports('killed', { NODE_ENV: 'test', CLARITY_FAILPOINTS: 'documents:committed:kill@2' })
  expect(killed).toMatchObject({ signal: 'SIGKILL', out: '' })
  const again = imports('killed')
  expect(again).toMatchObject({ code: 0 })
  expect(JSON.parse(again.out)).toMatchObject({ received: 1, accepted: 1, duplicate: 0, insights: 1 })
})

test('outside of tests the setting is refused before anything is touched', () => {
  const refused = imports('refused', { CLARITY_FAILPOINTS: 'documents:committed:kill' })
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('NODE_ENV=test') })
  expect(run('cli', ['doctor', '--json'], { data: join(shared, 'refused') }).out).toContain('will be made by the first import')
})

test('a setting that names no point is refused', () => {
  const refused = imports('wrong', { NODE_ENV: 'test', CLARITY_FAILPOINTS: 'documents:lost:kill' })
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('There is no failpoint documents:lost') })
})
