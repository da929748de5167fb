import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { failpoints } from '../../src/adapters/failpoints.ts'
import { lossesIn, newFolder, runWriter } from './child.ts'
import { blobsIn } from './ledger.ts'

let folder = ''
beforeEach(() => {
  folder = newFolder()
})
afterEach(() => rmSync(folder, { recursive: true }))

const steps = 10
const often = failpoints.filter((name) => name !== 'documents:scrubbed')
const first = failpoints.map((name) => [name, 1] as const)
const third = often.map((name) => [name, 3] as const)

test.each([...first, ...third])('killed at %s, time %d, a restart finds all that was acknowledged and goes on', async (name, nth) => {
  const { signal, acknowledged, errors } = await runWriter([folder, 1, steps, name, 'kill', nth])
  expect({ signal, errors }).toEqual({ signal: 'SIGKILL', errors: '' })
  expect(await lossesIn(folder, acknowledged, acknowledged + 1)).toEqual([])
  expect(await runWriter([folder, acknowledged + 1, steps + 4])).toMatchObject({ code: 0, acknowledged: steps + 4 })
  expect(await lossesIn(folder, steps + 4, steps + 4)).toEqual([])
})

test.each(first)('a failure at %s, time %d, comes out, leaves no draft, and the retry settles it', async (name, nth) => {
  const { code, lines, errors } = await runWriter([folder, 1, steps, name, 'throw', nth])
  expect({ code, errors, failures: lines.filter((line) => /^failed \S+ Error: planted$/.test(line)).length }).toEqual({
    code: 0,
    errors: '',
    failures: 1,
  })
  expect(readdirSync(join(blobsIn(folder), '.tmp'))).toEqual([])
  expect(await lossesIn(folder, steps, steps)).toEqual([])
})
