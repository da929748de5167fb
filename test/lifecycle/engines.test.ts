import { afterAll, expect, test } from 'vitest'
import { openBlobs, openDocuments } from '../../src/app/stores.ts'
import { bringBack } from '../../src/flows/bring-back.ts'
import { findStrays } from '../../src/flows/find-strays.ts'
import { withSamples } from '../../src/flows/read-session.ts'
import { runLifecycle } from '../../src/flows/run-lifecycle.ts'
import { verifyObjects } from '../../src/flows/verify-store.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { startGcs } from '../engines/gcs.ts'
import { startPostgres } from '../engines/postgres.ts'
import { startS3 } from '../engines/s3.ts'
import { addDays, addPerson, addSessions, hotSessions, keysIn, openWorld, seenOf } from './world.ts'

const postgres = await startPostgres()
const s3 = await startS3()
const missing = 'missing' in postgres ? postgres : 'missing' in s3 ? s3 : undefined

async function lifeOn(documentsUrl: string, blobsUrl: string): Promise<void> {
  await using documents = await openDocuments(documentsUrl)
  await using blobs = await openBlobs(blobsUrl)
  await using world = await openWorld(undefined, { documents, blobs })
  world.nowMs = Date.parse('2024-06-01T00:00:00Z')
  await addPerson(world, 'ada')
  const dates = ['2024-01-30', '2024-01-31', '2024-02-10', '2024-03-04', '2024-03-06']
  await addSessions(world, 'ada', dates, 2)
  await addDays(world, 'ada', dates)
  const before = await Promise.all((await hotSessions(world, 'ada')).map(({ body }) => withSamples(world, body)))
  const run = (at: string) => runLifecycle(world, { atMs: Date.parse(at), isSure: true })

  expect(await run('2026-03-05T00:00:00Z')).toMatchObject({ kinds: { rawData: { archived: 8, destroyed: 0 }, analytics: { archived: 0 } } })
  expect((await seenOf(world, 'ada')).hot).toEqual(['healthSessions/s_20240306_phone', 'healthSessions/s_20240306_watch'])
  expect((await seenOf(world, 'ada')).archived).toHaveLength(8)
  expect(await verifyObjects(world)).toMatchObject({ missing: [], damaged: [] })

  for (const month of ['2024-01', '2024-02', '2024-03']) expect(await bringBack(world, 'ada', 'rawData', month)).toBe(true)
  const after = await Promise.all((await hotSessions(world, 'ada')).map(({ body }) => withSamples(world, body)))
  const plain = (sessions: typeof before) => sessions.map(({ samples: _, ...rest }) => rest)
  expect(plain(after)).toEqual(plain(before))

  expect(await run('2034-02-05T00:00:00Z')).toMatchObject({
    kinds: { rawData: { destroyed: 10 }, insights: { archived: 3, destroyed: 2 } },
  })
  expect(await seenOf(world, 'ada', ['healthSessions', 'insights'])).toEqual({
    hot: [],
    archived: ['insights/insight_20240210_daily', 'insights/insight_20240304_daily', 'insights/insight_20240306_daily'],
  })
  expect(await findStrays(world, false)).toMatchObject({ missing: [], damaged: [], strays: 0 })
  expect((await keysIn(world, 'samples/')).length).toBe(0)
}

describeEngine('the lifecycle on PostgreSQL and S3', missing ?? { postgres, s3 }, (engines) => {
  const { postgres: server, s3: store } = engines as {
    postgres: Exclude<typeof postgres, { missing: string }>
    s3: Exclude<typeof s3, { missing: string }>
  }
  afterAll(async () => {
    await server.stop()
    await store.stop()
  })

  test('old data are archived, brought back and destroyed there too, under a storage class of their own', async () => {
    await lifeOn(await server.createDatabase(), `${store.url}&prefix=lifecycle&archiveClass=STANDARD_IA`)
  })
})

describeEngine('the lifecycle on Cloud Storage', await startGcs(), (server) => {
  afterAll(() => server.stop())

  test('what is archived is of the storage class that the URL names, and nothing else is', async () => {
    await using blobs = await openBlobs(`${server.url}?archiveClass=COLDLINE&prefix=cold`)
    await blobs.putAll([
      { key: 'archive/ada/x', bytes: new Uint8Array([1]) },
      { key: 'samples/ada/x', bytes: new Uint8Array([1]) },
    ])
    const objects = `${process.env.STORAGE_EMULATOR_HOST}/storage/v1/b/${new URL(server.url).host}/o`
    const classOf = async (key: string) => {
      const answer = await fetch(`${objects}/${encodeURIComponent(`cold/${key}`)}`)
      return ((await answer.json()) as { storageClass?: string }).storageClass
    }
    expect(await classOf('archive/ada/x')).toBe('COLDLINE')
    expect(await classOf('samples/ada/x')).not.toBe('COLDLINE')
  })
})
