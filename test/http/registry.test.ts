import { afterAll, describe, expect, test } from 'vitest'
import { modelsApi } from '../../src/api/models.ts'
import { systemApi } from '../../src/api/system.ts'
import { usersApi } from '../../src/api/users.ts'
import { modelsHandlers } from '../../src/http/handlers/models.ts'
import { systemHandlers } from '../../src/http/handlers/system.ts'
import { usersHandlers } from '../../src/http/handlers/users.ts'
import { SystemConfiguration } from '../../src/model/configuration.ts'
import { temporaryHouse } from '../golden/people.ts'
import { asking } from './asking.ts'

const house = await temporaryHouse()
const ask = asking(
  {
    api: { ...modelsApi, ...systemApi, ...usersApi },
    handlers: { ...modelsHandlers, ...systemHandlers, ...usersHandlers },
    deps: house,
  },
  house,
)
afterAll(() => house[Symbol.asyncDispose]())

const card = {
  modelInfo: { name: 'sleeper', version: '2.1.0', type: 'transformer', framework: 'pytorch' },
  performance: { accuracy: 0.9 },
  dataRequirements: { inputFormat: 'time_series_json', minSamples: 100, maxSamples: 10_000, requiredFields: ['timestamp'] },
}
const version = {
  version: '2.1.0',
  weights: { key: 'models/sleeper/2.1.0.onnx', sha256: 'a'.repeat(64), length: 10 },
  trainedOn: [{ name: 'a study', licence: 'CC0' }],
  heads: { sleep: 'trained' },
}
const evaluation = { version: '2.1.0', lastEvaluated: '2024-01-15T10:00:00Z', dataset: 'held out', accuracy: 0.9 }
const codesOf = ({ body }: { readonly body: { errors?: { pointer: string; code: string }[] } }) =>
  (body.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`)

describe('the registry of models', () => {
  const put = (body: unknown, headers: Record<string, string> = {}) => ask('operator:', 'PUT /v1/models/sleeper', { body, headers })

  test('keeps a card under its own name, version by version', async () => {
    expect((await ask('ada', 'GET /v1/models/sleeper')).status).toBe(404)
    expect(await put(card)).toMatchObject({ status: 201, headers: { etag: '"1"', location: '/v1/models/sleeper' } })
    expect(await put(card, { 'if-match': '"1"' })).toMatchObject({ status: 200, headers: { etag: '"2"' } })
    expect((await put(card, { 'if-match': '"1"' })).body).toMatchObject({ status: 412 })
    const found = await ask('ada', 'GET /v1/models/sleeper')
    const dataRequirements = { ...card.dataRequirements, optionalFields: [] }
    expect(found).toMatchObject({ status: 200, headers: { etag: '"2"' }, body: { ...card, dataRequirements } })
    expect(await ask('ada', 'GET /v1/models/sleeper', { headers: { 'if-none-match': '"2"' } })).toMatchObject({ status: 304 })
    const other = await put({ ...card, modelInfo: { ...card.modelInfo, name: 'other' } })
    expect([other.status, codesOf(other)]).toEqual([422, ['/modelInfo/name invalid']])
    expect(codesOf(await put({ ...card, grade: 'A' }))).toEqual(['/grade unknown_field'])
    expect(codesOf(await put({ ...card, performance: { accuracy: 1.1 } }))).toEqual(['/performance/accuracy out_of_range'])
  })

  test('adds a version once, and never changes it', async () => {
    const add = (body: unknown) => ask('operator:', 'POST /v1/models/sleeper/versions', { body })
    expect(codesOf(await add(version))).toEqual(['/weights/key invalid'])
    await house.blobs.putAll([{ key: version.weights.key, bytes: new Uint8Array(version.weights.length) }])
    const added = await add(version)
    expect(added).toMatchObject({ status: 201, body: version, headers: { location: '/v1/models/sleeper/versions/2.1.0' } })
    expect(await add(version)).toMatchObject({ status: 200, body: added.body })
    expect((await add({ ...version, heads: { sleep: 'untrained' } })).body).toMatchObject({ status: 409, code: 'conflict' })
    expect((await add({ ...version, version: '../2' })).status).toBe(400)
    expect(codesOf(await add({ ...version, weights: { ...version.weights, sha256: 'x' } }))).toEqual(['/weights/sha256 invalid'])
    expect((await ask('ada', 'GET /v1/models/sleeper/versions/2.1.0')).body).toEqual(added.body)
    expect((await ask('ada', 'GET /v1/models/sleeper/versions/2.2.0')).status).toBe(404)
    expect((await ask('operator:', 'POST /v1/models/nobody/versions', { body: version })).status).toBe(404)
  })

  test('keeps what was measured and where a version went, of versions that are there', async () => {
    const measured = await ask('operator:', 'POST /v1/models/sleeper/performance', { body: evaluation })
    expect(measured).toMatchObject({ status: 201, body: evaluation })
    const rollout = { version: '2.1.0', status: 'testing' }
    const rolled = await ask('operator:', 'POST /v1/models/sleeper/deployments', { body: rollout })
    expect(rolled).toMatchObject({ status: 201, body: { ...rollout, deployedBy: 'operator:' } })
    expect((await ask('ada', 'GET /v1/models/sleeper/performance')).body.data).toEqual([measured.body])
    expect((await ask('ada', 'GET /v1/models/sleeper/deployments')).body.data).toEqual([rolled.body])
    for (const [where, body] of [
      ['performance', { ...evaluation, version: '9' }],
      ['deployments', { ...rollout, version: '../../../users/ada' }],
    ] as const)
      expect((await ask('operator:', `POST /v1/models/sleeper/${where}`, { body })).body).toMatchObject({ code: 'model_unavailable' })
    const active = await ask('operator:', 'POST /v1/models/sleeper/deployments', { body: { ...rollout, status: 'active' } })
    expect(codesOf(active)).toEqual(['/status invalid_enum'])
  })

  test('activates no version that is untrained in sleep stages, and has nothing to roll back to', async () => {
    const activate = (of: string) => ask('operator:', `POST /v1/models/sleeper/versions/${of}/activate`)
    expect((await activate('2.1.0')).body).toMatchObject({ status: 422, code: 'model_unavailable' })
    expect((await activate('9')).body).toMatchObject({ code: 'model_unavailable' })
    expect((await ask('operator:', 'POST /v1/models/sleeper/rollback')).body).toMatchObject({ status: 409, code: 'conflict' })
    expect((await ask('operator:', 'POST /v1/models/nobody/versions/1/activate')).status).toBe(404)
    expect((await ask('ada', 'POST /v1/models/sleeper/versions/2.1.0/activate')).status).toBe(403)
  })

  test('deploys with an endpoint, resources and scaling', async () => {
    const placed = {
      version: '2.1.0',
      status: 'testing',
      endpoint: 'https://models.example.org',
      resourceRequirements: { cpu: '2 vCPU', memory: '4 GB' },
      scalingConfig: { minInstances: 1, maxInstances: 10, targetConcurrency: 100 },
    }
    expect(await ask('operator:', 'POST /v1/models/sleeper/deployments', { body: placed })).toMatchObject({ status: 201, body: placed })
    const wrong = { ...placed, scalingConfig: { minInstances: 3, maxInstances: 1, targetConcurrency: 1 } }
    expect(codesOf(await ask('operator:', 'POST /v1/models/sleeper/deployments', { body: wrong }))).toEqual([
      '/scalingConfig/minInstances invalid',
    ])
  })

  test('is listed page by page', async () => {
    await ask('operator:', 'PUT /v1/models/another', { body: { modelInfo: { ...card.modelInfo, name: 'another' } } })
    const first = (await ask('ada', 'GET /v1/models?limit=1')).body
    expect(first.data.map(({ modelInfo }: typeof card) => modelInfo.name)).toEqual(['another'])
    const rest = (await ask('ada', `GET /v1/models?limit=1&cursor=${first.nextCursor}`)).body
    expect(rest.data.map(({ modelInfo }: typeof card) => modelInfo.name)).toEqual(['sleeper'])
    for (const [below, count] of [
      ['versions', 1],
      ['performance', 1],
      ['deployments', 2],
    ] as const) {
      expect((await ask('ada', `GET /v1/models/sleeper/${below}`)).body.data).toHaveLength(count)
      expect((await ask('ada', `GET /v1/models/nobody/${below}`)).status).toBe(404)
      const foreign = await ask('ada', `GET /v1/models/sleeper/${below}?cursor=${first.nextCursor}`)
      expect(foreign.body).toMatchObject({ status: 400, code: 'bad_cursor' })
    }
  })

  test('is written by operators alone, and not read by a device or an auditor', async () => {
    for (const who of ['ada', 'service:', 'researcher:', 'auditor:'])
      expect((await ask(who, 'PUT /v1/models/sleeper', { body: card })).body, who).toMatchObject({ status: 403, code: 'forbidden' })
    for (const who of ['device:ada', 'auditor:']) expect((await ask(who, 'GET /v1/models')).status, who).toBe(403)
  })
})

describe('the operator’s configuration', () => {
  const path = '/v1/system/configuration'

  test('is the default until something is decided, and is felt at once', async () => {
    const first = await ask('operator:', `GET ${path}`)
    const said = { validation: 'lenient', consentDefaults: 'none', minimumAge: 0, lifecyclePerSecond: expect.any(Number) }
    expect(first).toMatchObject({ status: 200, body: said, headers: { etag: '"0"' } })
    const defaults = first.body
    expect(defaults.dataRetentionPolicies).toEqual(SystemConfiguration.parse({}).dataRetentionPolicies)
    const put = await ask('operator:', `PUT ${path}`, { body: { minimumAge: 18 }, headers: { 'if-match': '"0"' } })
    expect(put).toMatchObject({ status: 200, body: { ...defaults, minimumAge: 18 }, headers: { etag: '"1"' } })
    const profile = { email: 'a@example.org', displayName: 'A', dateOfBirth: '2020-01-01' }
    expect((await ask('service:', 'POST /v1/users', { body: { profile } })).body).toMatchObject({ code: 'age_restricted' })
    expect((await ask('operator:', `PUT ${path}`, { body: {} })).body).toEqual(defaults)
    expect((await ask('service:', 'POST /v1/users', { body: { profile } })).status).toBe(202)
  })

  test('is refused where it says something else, or replaces another version', async () => {
    for (const [body, place] of [
      [{ validation: 'Strict' }, '/validation invalid_enum'],
      [{ minimumAge: '18' }, '/minimumAge wrong_type'],
      [{ minimumAge: -1 }, '/minimumAge out_of_range'],
      [{ colour: 'red' }, '/colour unknown_field'],
    ] as const)
      expect(codesOf(await ask('operator:', `PUT ${path}`, { body }))).toEqual([place])
    const stale = { body: {}, headers: { 'if-match': '"1"' } }
    expect((await ask('operator:', `PUT ${path}`, stale)).body).toMatchObject({ status: 412 })
  })

  test('is read by auditors, written by operators, and neither by anybody else', async () => {
    expect((await ask('auditor:', `GET ${path}`)).status).toBe(200)
    expect((await ask('auditor:', `PUT ${path}`, { body: {} })).status).toBe(403)
    for (const who of ['ada', 'service:', 'device:ada', 'researcher:'])
      for (const what of [path, '/v1/system/monitoring']) expect((await ask(who, `GET ${what}`)).status, who).toBe(403)
  })
})

test('monitoring tells versions, kinds of store and counts, and nothing of anybody', async () => {
  await ask('service:', 'POST /v1/users', { body: { userId: 'counted', profile: { email: 'c@example.org', displayName: 'Counted' } } })
  await ask('counted', 'DELETE /v1/users/counted')
  const { status, body } = await ask('operator:', 'GET /v1/system/monitoring')
  expect(status).toBe(200)
  expect(body.adapters).toEqual({ documents: 'sqlite', blobs: 'file', warehouse: 'sqlite', cache: 'memory', narrator: 'template' })
  expect(body).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+\.\d+$/), runtime: expect.stringMatching(/^Node \d+/) })
  expect(body.counts).toMatchObject({ users: { count: 2, isAll: true }, jobs: { pending: { count: 1, isAll: true } } })
  expect(JSON.stringify(body)).not.toMatch(/counted|example|\//)
})
