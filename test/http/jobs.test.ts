import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { importsApi } from '../../src/api/imports.ts'
import { jobsApi } from '../../src/api/jobs.ts'
import { writeSynthetic } from '../../src/app/synthetic-file.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { importsHandlers } from '../../src/http/handlers/imports.ts'
import { jobsHandlers } from '../../src/http/handlers/jobs.ts'
import { exportText, steps } from '../golden/export-text.ts'
import { temporaryHouse } from '../golden/people.ts'
import { ended, jobOf, quickWorker } from '../worker/world.ts'
import { asking } from './asking.ts'

let house: Awaited<ReturnType<typeof temporaryHouse>>
let ask: ReturnType<typeof asking>
beforeEach(async () => {
  house = await temporaryHouse()
  for (const id of ['ada', 'bob'])
    await house.documents.batch([{ op: 'put', path: `users/${id}`, body: newUser(house, 'America/New_York') }])
  ask = asking({ api: { ...jobsApi, ...importsApi }, handlers: { ...jobsHandlers, ...importsHandlers }, deps: house }, house)
})
afterEach(() => house[Symbol.asyncDispose]())

const walk = exportText([steps('phone', '2024-06-12', '08:00', '09:00', 1200)])
const analysis = { type: 'health_analysis', input: { dates: ['2024-06-12'] } }
const upload = {
  payload: walk,
  headers: { 'content-type': 'application/octet-stream', 'content-disposition': 'attachment; filename="a/export.xml"' },
}

async function importedBy(who: string, query = ''): Promise<string> {
  const { status, body } = await ask(who, `POST /v1/users/${who}/imports${query}`, upload)
  expect(status).toBe(202)
  await using _ = quickWorker(house)
  await ended(house, body.jobId)
  return body.importId
}

test('a file is sent, its job makes the days, and the import tells the report', async () => {
  const file = join(house.folder, 'export.zip')
  await writeSynthetic(file, { seed: 1, days: 10, lastDate: '2024-08-20' })
  const sent = await ask('ada', 'POST /v1/users/ada/imports?zone=America/New_York', {
    payload: readFileSync(file),
    headers: upload.headers,
  })
  expect(sent).toMatchObject({ status: 202, body: { status: 'processing', file: 'export.xml', zone: 'America/New_York' } })
  expect(sent.headers.location).toBe(`/v1/users/ada/imports/${sent.body.importId}`)
  expect(sent.body).not.toHaveProperty('original')
  await using _ = quickWorker(house)
  expect(await ended(house, sent.body.jobId)).toMatchObject({ status: 'completed', output: { importId: sent.body.importId } })
  const { body } = await ask('ada', `GET ${sent.headers.location}`)
  expect(body).toMatchObject({ status: 'completed', report: { days: 10, insights: 10, firstDate: '2024-08-11', lastDate: '2024-08-20' } })
  const { received, accepted, duplicate, quarantined, rejected } = body.report
  expect(received).toBe(accepted + duplicate + quarantined + rejected)
  expect((await ask('ada', 'GET /v1/users/ada/imports')).body.data).toEqual([body])
})

test('179: the same file again is all duplicates, and its bytes are kept once', async () => {
  const first = await importedBy('ada')
  const again = await importedBy('ada')
  expect(again).not.toBe(first)
  const { body } = await ask('ada', `GET /v1/users/ada/imports/${again}`)
  expect(body).toMatchObject({ status: 'completed', report: { accepted: 0, duplicate: 1, days: 0 } })
  const uploads: string[] = []
  for await (const { key } of house.blobs.list('uploads/')) uploads.push(key)
  expect(uploads).toEqual([expect.stringMatching(`^uploads/ada/${first}_`)])
})

test('a dry run tells the same report and keeps nothing', async () => {
  const importId = await importedBy('ada', '?dryRun=true')
  expect((await ask('ada', `GET /v1/users/ada/imports/${importId}`)).body).toMatchObject({
    dryRun: true,
    status: 'completed',
    report: { accepted: 1 },
  })
  expect((await house.documents.list({ collection: 'healthSessions', limit: 10 })).data).toEqual([])
  const objects: string[] = []
  for await (const { key } of house.blobs.list('')) objects.push(key)
  expect(objects).toEqual([])
})

test.each([
  ['59: what is no export', 'not a zip', 415, 'not_a_zip'],
  ['1: nothing', '', 400, 'empty_body'],
])('%s is refused at once, and not kept', async (_, payload, status, code) => {
  const refused = await ask('ada', 'POST /v1/users/ada/imports', { payload, headers: { 'content-type': 'application/octet-stream' } })
  expect(refused).toMatchObject({ status, body: { code } })
  expect((await house.documents.list({ collection: 'jobs', limit: 10 })).data).toEqual([])
  for await (const { key } of house.blobs.list('')) expect.unreachable(key)
})

test('a file that breaks later fails its job at once, and the import says why', async () => {
  const payload = Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(5000)])
  const { body } = await ask('ada', 'POST /v1/users/ada/imports', { payload, headers: upload.headers })
  await using _ = quickWorker(house)
  const job = await ended(house, body.jobId)
  expect(job).toMatchObject({ status: 'failed', attempts: 1, errors: [{ code: 'archive_corrupt' }] })
  expect((await ask('ada', `GET /v1/users/ada/imports/${body.importId}`)).body).toMatchObject({
    status: 'failed',
    problem: { code: 'archive_corrupt' },
  })
})

test('a job is asked for, watched to its end, and its log read', async () => {
  await importedBy('ada')
  const asked = await ask('ada', 'POST /v1/jobs', { body: { ...analysis, priority: 'high' } })
  expect(asked).toMatchObject({ status: 202, body: { status: 'pending', priority: 'high', userId: 'ada', type: 'health_analysis' } })
  const { jobId } = asked.body
  expect(asked.headers.location).toBe(`/v1/jobs/${jobId}`)
  await using _ = quickWorker(house)
  await ended(house, jobId)
  const { body, headers } = await ask('ada', `GET /v1/jobs/${jobId}`)
  expect(body).toMatchObject({ status: 'completed', output: { insightId: 'insight_20240612_daily' }, progress: { percentage: 100 } })
  expect((await ask('ada', `GET /v1/jobs/${jobId}`, { headers: { 'if-none-match': String(headers.etag) } })).status).toBe(304)
  const log = (await ask('ada', `GET /v1/jobs/${jobId}/logs`)).body.data
  expect(log.map(({ message }: { message: string }) => message.split(' ')[0])).toEqual(['Attempt', 'Stage', 'Completed'])
})

test.each([
  ['181: another’s sessions', { ...analysis, input: { dataSessionIds: ['20240612_phone'] } }, 404, 'not_found', undefined],
  ['181: another person', { ...analysis, userId: 'ada' }, 404, 'not_found', undefined],
  [
    '182: ten thousand sessions',
    { ...analysis, input: { dataSessionIds: Array(10_000).fill('s') } },
    422,
    'too_many_items',
    'too_many_items',
  ],
  ['184: a priority with a space', { ...analysis, priority: 'high ' }, 422, 'invalid_enum', 'invalid_enum'],
  [
    '185: an unknown model version',
    { ...analysis, input: { ...analysis.input, modelVersion: '2.1.0' } },
    422,
    'model_unavailable',
    undefined,
  ],
  ['a type whose flow is not there', { ...analysis, type: 'export' }, 422, 'invalid_enum', 'invalid_enum'],
  ['a type that starts elsewhere', { ...analysis, type: 'import' }, 422, 'invalid_enum', 'invalid_enum'],
  ['no dates', { ...analysis, input: {} }, 422, 'required', 'required'],
  ['a field of the server’s', { ...analysis, status: 'completed' }, 422, 'unknown_field', 'unknown_field'],
] as const)('%s is refused, and there is no job', async (_, body, status, code, field) => {
  await importedBy('ada')
  const before = (await house.documents.list({ collection: 'jobs', limit: 100 })).data.length
  const refused = await ask('bob', 'POST /v1/jobs', { body })
  expect(refused).toMatchObject({
    status,
    body: { code, ...(field && { errors: expect.arrayContaining([expect.objectContaining({ code: field })]) }) },
  })
  expect((await house.documents.list({ collection: 'jobs', limit: 100 })).data).toHaveLength(before)
})

test('190: a finished job is neither cancelled nor tried again; a cancelled one stays so', async () => {
  const { jobId } = (await ask('ada', 'POST /v1/jobs', { body: analysis })).body
  expect(await ask('ada', `POST /v1/jobs/${jobId}/cancel`)).toMatchObject({ status: 200, body: { status: 'cancelled' } })
  for (const verb of ['cancel', 'retry'])
    expect(await ask('ada', `POST /v1/jobs/${jobId}/${verb}`)).toMatchObject({ status: 409, body: { code: 'job_finished' } })
})

test('an import whose job is cancelled is no import any more; one that failed is under way again once its job is retried', async () => {
  const sent = async () => (await ask('ada', 'POST /v1/users/ada/imports', upload)).body
  const statusOf = async (importId: string) => (await ask('ada', `GET /v1/users/ada/imports/${importId}`)).body
  const cancelled = await sent()
  await ask('ada', `POST /v1/jobs/${cancelled.jobId}/cancel`)
  expect(await statusOf(cancelled.importId)).toMatchObject({ status: 'failed', problem: { code: 'cancelled' } })
  const failing = await sent()
  // The original goes away, and comes back.
  const key = (await house.documents.get<{ original: string }>(`users/ada/imports/${failing.importId}`))?.body.original ?? ''
  const bytes = await house.blobs.get(key)
  await house.blobs.delete(key)
  await using _ = quickWorker(house)
  expect(await ended(house, failing.jobId)).toMatchObject({ status: 'failed' })
  expect(await statusOf(failing.importId)).toMatchObject({ status: 'failed', problem: { code: 'not_found' } })
  await house.blobs.putAll([{ key, bytes }])
  await ask('ada', `POST /v1/jobs/${failing.jobId}/retry`)
  expect(await ended(house, failing.jobId)).toMatchObject({ status: 'completed' })
  const done = await statusOf(failing.importId)
  expect(done).toMatchObject({ status: 'completed', report: { accepted: 1, duplicate: 0 } })
  expect(done).not.toHaveProperty('problem')
  expect(done).not.toHaveProperty('checkpoint')
})

test('a failed job is tried again from the beginning', async () => {
  const { jobId } = (await ask('ada', 'POST /v1/jobs', { body: analysis })).body
  const { path, body } = await jobOf(house, jobId)
  const at = body.createdAt
  const failed = { ...body, status: 'failed', attempts: 5, startedAt: at, completedAt: at, errors: [{ code: 'unavailable', message: 'x' }] }
  await house.documents.batch([{ op: 'put', path, body: failed }])
  expect(await ask('ada', `POST /v1/jobs/${jobId}/retry`)).toMatchObject({ status: 200, body: { status: 'pending', attempts: 0 } })
  await using _ = quickWorker(house)
  expect(await ended(house, jobId)).toMatchObject({ status: 'completed', attempts: 1 })
})

test('a person sees their own jobs, another’s look absent, and an operator sees all', async () => {
  const mine = (await ask('ada', 'POST /v1/jobs', { body: analysis })).body.jobId
  const his = (await ask('service:app', 'POST /v1/jobs', { body: { ...analysis, userId: 'bob' } })).body.jobId
  const listed = async (who: string, query = '') =>
    (await ask(who, `GET /v1/jobs${query}`)).body.data.map(({ jobId }: { jobId: string }) => jobId).sort()
  expect(await listed('ada')).toEqual([mine])
  expect(await listed('ada', '?status=completed')).toEqual([])
  expect(await listed('operator:o')).toEqual([mine, his].sort())
  expect(await listed('operator:o', '?person=bob&status=pending')).toEqual([his])
  expect(await listed('service:app', '?person=bob')).toEqual([his])
  expect(await ask('ada', 'GET /v1/jobs?person=bob')).toMatchObject({ status: 400, body: { code: 'unknown_parameter' } })
  for (const what of [`GET /v1/jobs/${mine}`, `GET /v1/jobs/${mine}/logs`, `POST /v1/jobs/${mine}/cancel`, `POST /v1/jobs/${mine}/retry`])
    expect(await ask('bob', what)).toMatchObject({ status: 404, body: { code: 'not_found' } })
  const page = (await ask('operator:o', 'GET /v1/jobs?limit=1')).body
  expect(page.data).toHaveLength(1)
  expect((await ask('operator:o', `GET /v1/jobs?limit=1&cursor=${page.nextCursor}`)).body.data).toHaveLength(1)
  expect(await ask('operator:o', `GET /v1/jobs?status=pending&cursor=${page.nextCursor}`)).toMatchObject({
    status: 400,
    body: { code: 'bad_cursor' },
  })
})
