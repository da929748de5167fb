import { afterAll, expect, test } from 'vitest'
import { jobsApi } from '../../src/api/jobs.ts'
import { jobsHandlers } from '../../src/http/handlers/jobs.ts'
import { exportText, steps } from '../golden/export-text.ts'
import { imported, sourceOf, temporaryHouse } from '../golden/people.ts'
import { ended, quickWorker } from '../worker/world.ts'
import { asking } from './asking.ts'

const house = await temporaryHouse()
afterAll(() => house[Symbol.asyncDispose]())
const ask = asking({ api: jobsApi, handlers: jobsHandlers, deps: house }, house)
const reseal = (body: object = {}) => ({ body: { type: 'reseal', input: {}, ...body } })

test('an operator has everything sealed with newer keys, or what is of one person, and nobody else may', async () => {
  await imported(house, sourceOf(exportText([steps('phone', '2024-06-12', '08:00', '09:00', 1200)])), 'UTC')
  for (const who of ['robin', 'service:app'])
    expect(await ask(who, 'POST /v1/jobs', reseal())).toMatchObject({ status: 403, body: { code: 'forbidden' } })
  const unknown = await ask('operator:o', 'POST /v1/jobs', reseal({ userId: 'nobody' }))
  expect(unknown).toMatchObject({ status: 404 })
  const foreign = await ask('operator:o', 'POST /v1/jobs', reseal({ input: { destination: 'x' } }))
  expect(foreign).toMatchObject({ body: { errors: [{ pointer: '/input/destination', code: 'unknown_field' }] } })
  await using _ = quickWorker(house)
  for (const [body, versions] of [
    [{}, [2, 1]],
    [{ userId: 'robin' }, [3, 2, 1]],
  ] as const) {
    const sent = await ask('operator:o', 'POST /v1/jobs', reseal(body))
    expect(sent).toMatchObject({ status: 202, body: { type: 'reseal', status: 'pending' } })
    const job = await ended(house, sent.body.jobId)
    expect(job).toMatchObject({ status: 'completed', output: { people: 1 } })
    expect((await house.keys.of('robin'))?.data.map(({ version }) => version)).toEqual(versions)
    for (const collection of ['users', 'days', 'imports'])
      for (const lying of (await house.lying.documents.list<object>({ collection, limit: 10 })).data)
        expect(await house.sealing.isStale(lying), lying.path).toBe(false)
  }
})
