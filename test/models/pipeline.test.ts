import { describe, expect, test } from 'vitest'
import { analyseDirtyDays } from '../../src/flows/analyse-days.ts'
import { giveConsent } from '../../src/flows/consents.ts'
import { openStagers } from '../../src/flows/stagers.ts'
import type { Day } from '../../src/model/day.ts'
import type { ModelRollout, ModelVersion } from '../../src/model/model-card.ts'
import type { Inference, LoadedModel } from '../../src/ports/inference.ts'
import { shippedWeights } from '../contracts/inference.ts'
import { exportText } from '../golden/export-text.ts'
import { daysOf, imported, sourceOf, temporaryHouse } from '../golden/people.ts'
import { recordedNight } from './recorded-night.ts'

const zone = 'America/New_York'
const date = '2024-06-13'
const name = 'actigraphy_transformer'

async function nightWith(
  stagedNights: 'unstaged' | 'all' | 'none',
  words: readonly string[],
  spoil?: (house: Awaited<ReturnType<typeof temporaryHouse>>) => Promise<void>,
): Promise<Day> {
  await using house = await temporaryHouse({ stagedNights })
  await spoil?.(house)
  await imported(house, sourceOf(exportText(recordedNight(words))), zone)
  const day = (await daysOf(house)).find((each) => each.date === date)
  if (day === undefined) throw new Error('No day')
  return day
}

const staged = ['AsleepCore', 'AsleepDeep', 'AsleepCore', 'AsleepREM'] as const

describe('a night is staged by the best that there is', () => {
  test('stages of a device win, and no model is asked', async () => {
    const { sleep } = await nightWith('unstaged', staged)
    expect(sleep).toMatchObject({ method: 'device_stages', stagesMinutes: { light: 240, deep: 120, rem: 120 } })
    expect(sleep?.agreement).toBeUndefined()
  })

  test('without them the model, which says its version and how sure it is', async () => {
    const { sleep, reasons } = await nightWith('unstaged', ['AsleepUnspecified'])
    expect(sleep).toMatchObject({ method: name, methodVersion: '1.0.0', confidence: expect.any(Number) })
    const { light = 0, deep = 0, rem = 0, unspecified } = sleep?.stagesMinutes ?? {}
    expect([light + deep + rem, unspecified]).toEqual([sleep?.asleepMinutes, 0])
    expect(reasons.filter(({ field }) => field === 'sleep.stagesMinutes')).toEqual([])
  })

  test('with neither stages nor a model the device’s sleep stands', async () => {
    expect((await nightWith('none', ['AsleepUnspecified'])).sleep).toMatchObject({ method: 'device_sleep', asleepMinutes: 480 })
  })

  test('where both are wanted the day says how far they agree', async () => {
    const { sleep } = await nightWith('all', staged)
    expect(sleep?.method).toBe('device_stages')
    expect(sleep?.agreement).toMatchObject({ model: name, version: '1.0.0', epochs: 960, accuracy: expect.any(Number) })
  })

  test('a model whose weights were changed says nothing, and the day says so', async () => {
    const { sleep, reasons } = await nightWith('unstaged', ['AsleepUnspecified'], async (house) => {
      await house.stagers.ready()
      const path = `models/${name}/versions/1.0.0`
      const body = (await house.documents.get<ModelVersion>(path))?.body as ModelVersion
      const weights = { ...body.weights, sha256: '0'.repeat(64) }
      await house.documents.batch([{ op: 'put', path, body: { ...body, weights } }])
    })
    expect(sleep).toMatchObject({ method: 'device_sleep', asleepMinutes: 480 })
    expect(reasons).toContainEqual({ field: 'sleep.stagesMinutes', code: 'model_unavailable' })
  })
})

test('a candidate runs beside the active version on the nights that come, and how they agree is recorded', async () => {
  await using house = await temporaryHouse({ stagedNights: 'unstaged' })
  await house.stagers.ready()
  const shipped = (await house.documents.get<ModelVersion>(`models/${name}/versions/1.0.0`))?.body as ModelVersion
  const candidate = { ...shipped, version: '1.1.0', chain: undefined }
  const tested: ModelRollout = { version: '1.1.0', status: 'testing', deployedAt: '2024-01-01T00:00:00Z', deployedBy: 'a test' }
  await house.documents.batch([
    { op: 'put', path: `models/${name}/versions/1.1.0`, body: candidate },
    { op: 'put', path: `models/${name}/deployments/candidate`, body: tested },
  ])
  const rolledOut = async () => (await house.documents.get<ModelRollout>(`models/${name}/deployments/candidate`))?.body
  await imported(house, sourceOf(exportText(recordedNight(['AsleepUnspecified']))), zone)
  // Models are judged by the nights of those who take part in research.
  expect((await rolledOut())?.shadow).toBeUndefined()
  await giveConsent(house, 'robin', 'r1', { purpose: 'researchParticipation', given: true, textVersion: '1' })
  await analyseDirtyDays(house, 'robin', undefined, [date])
  const { shadow } = (await house.documents.get<ModelRollout>(`models/${name}/deployments/candidate`))?.body ?? {}
  expect(shadow).toMatchObject({ beside: '1.0.0', nights: 1, epochs: 960, accuracy: expect.any(Number) })
  expect(shadow?.table.reduce((sum, count) => sum + count, 0)).toBe(960)
  await analyseDirtyDays(house, 'robin', undefined, [date])
  expect((await house.documents.get<ModelRollout>(`models/${name}/deployments/candidate`))?.body.shadow?.nights).toBe(2)
  expect(shippedWeights.length).toBe(shipped.weights.length)
})

test('a model at an endpoint is given the nights of who shares their data, and no other', async () => {
  await using house = await temporaryHouse({ stagedNights: 'unstaged' })
  await house.stagers.ready()
  const [own] = (await house.documents.list<ModelRollout>({ collection: 'modelDeployments', parent: `models/${name}`, limit: 10 })).data
  await house.documents.batch([{ op: 'put', path: own?.path ?? '', body: { ...own?.body, endpoint: 'https://m.example.org' } }])
  const given: string[] = []
  // The same model as it runs here, in place of whoever answers there.
  const inference: Inference = {
    async load({ endpoint = '', ...model }) {
      const loaded = await house.inference.load(model)
      return { ...loaded, run: (nights) => given.push(endpoint) > 0 && loaded.run(nights) } as LoadedModel
    },
  }
  await using stagers = openStagers({ ...house, inference }, 'unstaged')
  const night = async () => (await daysOf(house)).find((each) => each.date === date)
  await imported({ ...house, stagers }, sourceOf(exportText(recordedNight(['AsleepUnspecified']))), zone)
  expect(given).toEqual([])
  expect((await night())?.reasons).toContainEqual({ field: 'sleep.stagesMinutes', code: 'model_unavailable' })
  await giveConsent(house, 'robin', 'r1', { purpose: 'dataSharing', given: true, textVersion: '1' })
  await analyseDirtyDays({ ...house, stagers }, 'robin', undefined, [date])
  expect(given).toEqual(['https://m.example.org'])
  expect((await night())?.sleep).toMatchObject({ method: name })
})
