import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openFileBlobs } from '../../src/adapters/blobs/files.ts'
import { openSqliteDocuments } from '../../src/adapters/documents/sqlite.ts'
import { failpoints } from '../../src/adapters/failpoints.ts'
import { lossesIn, newFolder, runWriter } from './child.ts'
import { blobsIn, type Stores, urlIn, writeStep } from './steps.ts'

let folder = ''
beforeEach(() => {
  folder = newFolder()
})
afterEach(() => rmSync(folder, { recursive: true }))

const steps = 10
const first = failpoints.map((name) => [name, 1] as const)
const third = first.filter(([name]) => name !== 'documents:scrubbed').map(([name]) => [name, 3] as const)

test.each([...first, ...third])('killed at %s, time %d, a restart finds all that was acknowledged and goes on', async (name, nth) => {
  const { signal, acknowledged, errors } = await runWriter([folder, 1, steps, name, nth])
  expect({ signal, errors }).toEqual({ signal: 'SIGKILL', errors: '' })
  expect(await lossesIn(folder, acknowledged, acknowledged + 1)).toEqual([])
  await writeSteps(acknowledged + 1)
  expect(await lossesIn(folder, steps, steps)).toEqual([])
})

test.each([...first, ...third])('a failure at %s, time %d, comes out, leaves no draft, and the retry settles it', async (name, nth) => {
  let hits = 0
  const planted = () => {
    hits += 1
    if (hits === nth) throw new Error('planted')
  }
  await expect(writeSteps(1, (reached) => reached === name && planted())).rejects.toThrow('planted')
  expect(readdirSync(join(blobsIn(folder), '.tmp'))).toEqual([])
  await writeSteps(1)
  expect(await lossesIn(folder, steps, steps)).toEqual([])
})

async function writeSteps(from: number, failpoint: (name: string) => unknown = () => undefined): Promise<void> {
  await using blobs = openFileBlobs(blobsIn(folder), { failpoint })
  await using documents = openSqliteDocuments(urlIn(folder), { failpoint })
  const stores: Stores = { documents, blobs }
  for (let n = from; n <= steps; n += 1) await writeStep(stores, n)
}
