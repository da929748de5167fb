import { afterAll, beforeAll, expect, test } from 'vitest'
import { askForErasure, requireErasure } from '../../src/flows/erase-user.ts'
import { ingestSession } from '../../src/flows/ingest-session.ts'
import { personalCollections } from '../../src/flows/personal-documents.ts'
import { placeOf } from '../../src/model/collections.ts'
import type { ErasureReceipt } from '../../src/model/erasure.ts'
import { readHanded } from '../../src/model/handed-session.ts'
import { temporaryHouse } from '../golden/people.ts'
import { ended, quickWorker } from '../worker/world.ts'
import { about, canaries, everything, friend, live, person, sessionOf } from './life.ts'

const house = await temporaryHouse()
afterAll(() => house[Symbol.asyncDispose]())

let before: Map<string, string>
let receipt: ErasureReceipt
let after: Map<string, string>
beforeAll(async () => {
  await live(house)
  before = await everything(house)
  const { erasureId, job } = await askForErasure(house, person)
  await using _ = quickWorker(house, { only: 'erase' })
  expect(await ended(house, job.jobId)).toMatchObject({ status: 'completed', output: { erasureId } })
  const erasure = await requireErasure(house, erasureId)
  if (erasure.status !== 'erased') throw new Error('It is not erased')
  receipt = erasure.receipt
  after = await everything(house)
})

// Of whom a hold stands nobody is erased; outbox and dirty days come and go.
const fleeting: readonly string[] = ['outbox', 'dirtyDays', 'legalHolds']

test('every collection that the table calls personal had something of them', () => {
  const had = new Set(
    about(person, before)
      .filter((place) => place.includes('/'))
      .map(collectionAt),
  )
  expect(personalCollections.filter((name) => !had.has(name) && !fleeting.includes(name))).toEqual([])
})

test('nothing that names them, or that they said, is left in any document, object or row', () => {
  expect(about(person, after)).toEqual([])
})

test('what is another’s stays as it was, but for whom they had let in', () => {
  const others = about(friend, before)
  expect(others.length).toBeGreaterThan(10)
  const changed = others.filter((place) => before.get(place) !== after.get(place))
  expect(changed.toSorted()).toEqual([`users/${person}/permissions/to_friend`, `users/${friend}/permissions/to_person`])
  expect(JSON.parse(after.get(`users/${friend}/permissions/to_person`) ?? '')).toMatchObject({
    granteeId: expect.stringMatching(/^erased_/),
    revokedAt: expect.any(String),
  })
})

test('the receipt counts what there was, by class', () => {
  const gone = [...before.keys()].filter((place) => !after.has(place))
  const objects = gone.filter((place) => /^(?:samples|uploads|archive)\//.test(place))
  const counted = Object.values(receipt.classes)
  expect(counted.reduce((sum, each) => sum + each.objects, 0)).toBe(objects.length)
  // Its own job and events came and went in between.
  expect(counted.reduce((sum, each) => sum + each.documents, 0)).toBe(gone.length - objects.length)
  expect(receipt).toMatchObject({
    credentials: 1,
    keyFingerprints: [expect.stringMatching(/^[0-9a-f]{64}$/), expect.any(String)],
    classes: { raw_health_data: { objects: objects.length } },
  })
})

test('what comes late is refused, and nobody is made anew under their id', async () => {
  const late = ingestSession(house, { userId: person, session: readHanded(sessionOf('late', 3)), handling: undefined })
  await expect(late).rejects.toMatchObject({ code: 'not_found' })
  const put = (path: string, body: object) => house.documents.batch([{ op: 'put', path, body }])
  await expect(put(`users/${person}`, {})).rejects.toMatchObject({ code: 'erased' })
  await expect(put('webhooks/late', { userId: person })).rejects.toMatchObject({ code: 'erased' })
  await expect(house.blobs.putAll([{ key: `samples/${person}/2024-11/late.parquet`, bytes: new Uint8Array(9) }])).rejects.toMatchObject({
    code: 'erased',
  })
  expect(about(person, await everything(house))).toEqual([])
})

test('asked for again it is the same erasure', async () => {
  expect((await askForErasure(house, person)).erasureId).toBe(receipt.erasureId)
  expect(JSON.stringify(receipt)).not.toMatch(new RegExp(`${person}|${canaries.join('|')}`))
})

function collectionAt(place: string): string | undefined {
  try {
    return placeOf(place).collection
  } catch {
    return undefined
  }
}
