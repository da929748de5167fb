import { expect, test } from 'vitest'
import { exportText, steps } from '../../test/golden/export-text.ts'
import { daysOf, temporaryHouse } from '../../test/golden/people.ts'
import { ended, quickWorker } from '../../test/worker/world.ts'
import { Problem } from '../model/problem.ts'
import { findStrays } from './find-strays.ts'
import { newUser } from './manage-user.ts'
import { takeImport } from './take-import.ts'

const bytes = Buffer.from(exportText([steps('phone', '2024-06-12', '08:00', '09:00', 1200)]))

async function* content() {
  yield bytes
}

const upload = () => ({ userId: 'robin', callId: 'call', content: content(), file: 'export.xml', dryRun: false })

type House = Awaited<ReturnType<typeof temporaryHouse>>

/** A process that has put the file, and waits before it looks at it. */
function heldHouse(house: House) {
  const [put, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const head: House['blobs']['head'] = async (key) => {
    put.resolve()
    await goOn.promise
    return house.blobs.head(key)
  }
  return { slow: { ...house, blobs: { ...house.blobs, head } }, put: put.promise, goOn }
}

async function personHouse(): Promise<House> {
  const house = await temporaryHouse()
  await house.documents.batch([{ op: 'put', path: 'users/robin', body: newUser(house, 'UTC') }])
  return house
}

async function isImportedOnce(house: House, jobId: string | undefined): Promise<void> {
  await using _ = quickWorker(house)
  expect(await ended(house, jobId ?? '')).toMatchObject({ status: 'completed' })
  expect((await daysOf(house)).map(({ steps: count, revision }) => [count, revision])).toEqual([[1200, 1]])
  expect(await findStrays(house, false)).toMatchObject({ missing: [], damaged: [], strays: 0 })
}

test('a file that is taken twice at once is kept as the quicker had it, and the slower is told so', async () => {
  await using house = await personHouse()
  const { slow, put, goOn } = heldHouse(house)
  const late = takeImport(slow, upload())
  await put
  const first = await takeImport(house, upload())
  goOn.resolve()
  expect(await late).toEqual(first)
  await isImportedOnce(house, first.jobId)
})

test('who fails with a file that another sending of the same call has kept takes nothing away', async () => {
  await using house = await personHouse()
  const { slow, put, goOn } = heldHouse(house)
  const late = takeImport(slow, upload())
  await put
  const first = await takeImport(house, upload())
  goOn.reject(new Problem('unavailable', 'The store is away.'))
  await expect(late).rejects.toMatchObject({ code: 'unavailable' })
  await isImportedOnce(house, first.jobId)
})
