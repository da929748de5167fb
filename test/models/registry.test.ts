import { createHash } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import type { NightSignals } from '../../src/analysis/night-signals.ts'
import { activateVersion, rollBack } from '../../src/flows/activate-model.ts'
import { addModel } from '../../src/flows/add-model.ts'
import { compareWithActive } from '../../src/flows/compare-models.ts'
import { addEvaluation, addVersion } from '../../src/flows/model-registry.ts'
import { bestActiveModel, deploymentsOf } from '../../src/flows/model-versions.ts'
import { installShipped } from '../../src/flows/shipped-models.ts'
import type { ModelCard, ModelVersion } from '../../src/model/model-card.ts'
import { codeOf, shippedWeights } from '../contracts/inference.ts'
import { goldenNights } from '../fixtures/golden-nights.ts'
import { temporaryHouse } from '../golden/people.ts'

const house = await temporaryHouse()
afterAll(() => house[Symbol.asyncDispose]())

const name = 'actigraphy_transformer'
const sha256 = createHash('sha256').update(shippedWeights).digest('hex')
const [golden] = goldenNights().nights
if (golden === undefined) throw new Error('No golden night')
/** Two hours of an invented night. */
const night: NightSignals = { ...golden.signals, epochs: 240 }
const scored = { person: 'nobody', signals: night, truth: new Int8Array(240) }
const measured = (version: string, kappa: number) => ({
  version,
  lastEvaluated: '2026-01-01T00:00:00Z',
  dataset: 'held out',
  figures: { kappa },
})
const activate = (version: string) => activateVersion(house, { name, version, deploymentId: house.newId(), by: 'a test' })
const card = async () => (await house.documents.get<ModelCard>(`models/${name}`))?.body

/** The shipped weights under another name. */
async function add(version: string, changes: Partial<ModelVersion> = {}): Promise<ModelVersion> {
  const shipped = (await house.documents.get<ModelVersion>(`models/${name}/versions/1.0.0`))?.body as ModelVersion
  const { createdAt: _, ...said } = { ...shipped, ...changes, version, weights: { ...shipped.weights, sha256 } }
  return addModel(house, { card: (await card()) as ModelCard, version: said, weights: shippedWeights }, 'a test')
}

describe('the registry', () => {
  test('has what comes with the program, once, and active', async () => {
    await Promise.all([installShipped(house), installShipped(house)])
    await installShipped(house)
    const best = await bestActiveModel(house)
    expect(best).toMatchObject({ name, version: { version: '1.0.0', heads: { sleep_stage: 'trained' }, weights: { sha256 } } })
    expect(await deploymentsOf(house, name)).toHaveLength(1)
  })

  test('lets a version be activated that was measured and ran beside the active one, and no other', async () => {
    await add('1.1.0')
    expect((await deploymentsOf(house, name)).at(-1)?.rollout).toMatchObject({ version: '1.1.0', status: 'testing' })
    await expect(activate('1.1.0')).rejects.toThrow('not measured')
    await addEvaluation(house, name, house.newId(), measured('1.1.0', 0.9))
    await expect(activate('1.1.0')).rejects.toThrow('beside the active version 1.0.0')
    const shadow = await compareWithActive(house, await house.stagers.ready({ name, version: '1.1.0' }), [scored])
    expect(shadow).toMatchObject({ beside: '1.0.0', nights: 1, epochs: 240, accuracy: 1 })
    const rollout = await activate('1.1.0')
    expect(rollout).toMatchObject({ version: '1.1.0', status: 'active', deployedBy: 'a test', shadow: { nights: 1 } })
    expect(await card()).toMatchObject({ modelInfo: { version: '1.1.0' }, deployment: { status: 'active' } })
    expect((await bestActiveModel(house))?.version.version).toBe('1.1.0')
    const statuses = (await deploymentsOf(house, name)).map(({ rollout: each }) => `${each.version} ${each.status}`)
    expect(statuses.filter((each) => each.endsWith(' active'))).toEqual(['1.1.0 active'])
    expect(await codeOf(activate('1.1.0'))).toBe('conflict')
  })

  test('goes back to the version before, and no further than the first', async () => {
    expect((await rollBack(house, name)).rollout).toMatchObject({ version: '1.0.0', status: 'active' })
    expect(await card()).toMatchObject({ modelInfo: { version: '1.0.0' } })
    expect((await bestActiveModel(house))?.version.version).toBe('1.0.0')
    expect(await codeOf(rollBack(house, name))).toBe('conflict')
    expect(await codeOf(rollBack(house, 'nobody'))).toBe('not_found')
  })

  test('lets one of two activations at once through', async () => {
    for (const version of ['1.2.0', '1.3.0']) {
      await add(version)
      await addEvaluation(house, name, house.newId(), measured(version, 0.5))
      await compareWithActive(house, await house.stagers.ready({ name, version }), [scored])
    }
    const tried = await Promise.allSettled([activate('1.2.0'), activate('1.3.0')])
    expect(tried.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const active = (await deploymentsOf(house, name)).filter(({ rollout }) => rollout.status === 'active')
    expect(active).toHaveLength(1)
    expect((await card())?.modelInfo.version).toBe(active[0]?.rollout.version)
    await rollBack(house, name)
  })
})

describe('what is not to be trusted is refused', () => {
  test('an untrained head', async () => {
    await add('untrained', { heads: { sleep_stage: 'untrained' } })
    await addEvaluation(house, name, house.newId(), measured('untrained', 0.9))
    expect(await codeOf(activate('untrained'))).toBe('model_unavailable')
    expect(await codeOf(house.stagers.ready({ name, version: 'untrained' }))).toBe('model_unavailable')
    expect(await codeOf(house.stagers.ready({ name, version: '9' }))).toBe('model_unavailable')
    expect(await codeOf(house.stagers.ready({ name: 'nobody', version: '1' }))).toBe('model_unavailable')
  })

  test('weights that are not those of the checksum, when they come and when they are read', async () => {
    const shipped = (await house.documents.get<ModelVersion>(`models/${name}/versions/1.0.0`))?.body as ModelVersion
    const { createdAt: _, ...said } = { ...shipped, version: 'changed' }
    const weights = Uint8Array.from(shippedWeights)
    weights[5000] = (weights[5000] as number) ^ 1
    expect(await codeOf(addModel(house, { card: (await card()) as ModelCard, version: said, weights }, 'a test'))).toBe('storage_corrupt')
    await house.blobs.putAll([{ key: 'models/changed.onnx', bytes: weights }])
    await addVersion(house, name, { ...said, weights: { ...shipped.weights, key: 'models/changed.onnx' } })
    expect(await codeOf(house.stagers.ready({ name, version: 'changed' }))).toBe('storage_corrupt')
  })
})
