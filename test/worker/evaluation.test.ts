import { afterAll, beforeAll, expect, test } from 'vitest'
import { jobsApi } from '../../src/api/jobs.ts'
import type { House } from '../../src/app/house.ts'
import { analyseDirtyDays } from '../../src/flows/analyse-days.ts'
import { giveConsent } from '../../src/flows/consents.ts'
import { evaluateOnDevices } from '../../src/flows/evaluate-on-devices.ts'
import { importFile } from '../../src/flows/import-file.ts'
import { bestActiveModel, nightModel } from '../../src/flows/model-versions.ts'
import { jobsHandlers } from '../../src/http/handlers/jobs.ts'
import type { ModelEvaluation } from '../../src/model/model-card.ts'
import { exportText } from '../golden/export-text.ts'
import { daysOf, sourceOf, temporaryHouse } from '../golden/people.ts'
import { asking } from '../http/asking.ts'
import { recordedNight } from '../models/recorded-night.ts'
import { ended, quickWorker } from './world.ts'

// Twelve people with one night that a watch staged. With `all` each day says by itself how the model agrees with the watch.
let house: Awaited<ReturnType<typeof temporaryHouse>>
const people = ['robin', ...Array.from({ length: 11 }, (_, n) => `p${n}`)]
const night = recordedNight(['AsleepCore', 'AsleepDeep', 'AsleepCore', 'AsleepREM'])

beforeAll(async () => {
  house = await temporaryHouse({ stagedNights: 'all' })
  for (const userId of people) {
    await importFile(house, { userId, fileName: 'export.xml', source: sourceOf(exportText(night)), zone: 'America/New_York' })
    await analyseDirtyDays(house, userId)
  }
})
afterAll(() => house[Symbol.asyncDispose]())

let receipts = 0
async function research(userId: string, given: boolean): Promise<void> {
  await giveConsent(house, userId, `r${receipts++}`, { purpose: 'researchParticipation', given, textVersion: '1' })
}

const ask = (of: House) => asking({ api: jobsApi, handlers: jobsHandlers, deps: of }, of)
const asked = (input: object) => ({ body: { type: 'model_evaluation', input } })

async function evaluated() {
  await using _ = quickWorker(house)
  const { body } = await ask(house)('operator:o', 'POST /v1/jobs', asked({ modelVersion: '1.0.0' }))
  return await ended(house, body.jobId)
}

test('with ten people who allow research there is no figure, and with eleven one that has no twelfth in it', async () => {
  for (const userId of people.slice(0, 10)) await research(userId, true)
  expect(await evaluated()).toMatchObject({ status: 'failed', errors: [{ code: 'forbidden' }] })
  await research('p9', true)
  expect(await evaluated()).toMatchObject({ status: 'completed', output: { people: 11, nights: 11 }, progress: { percentage: 100 } })
})

test('it says what each day says of the model and the watch, and a device is no truth: what is active does not follow from it', async () => {
  for (const userId of people) await research(userId, true)
  const { jobId } = await evaluated()
  const kept = await house.documents.get<ModelEvaluation>(`models/${nightModel}/performance/${jobId}`)
  const agreement = (await daysOf(house)).find((day) => day.sleep?.agreement !== undefined)?.sleep?.agreement
  expect(agreement).toBeDefined()
  expect(kept?.body).toMatchObject({ version: '1.0.0', against: 'devices', accuracy: agreement?.accuracy })
  expect(kept?.body.figures).toMatchObject({ people: 12, nights: 12, epochs: 12 * (agreement?.epochs ?? 0), kappa: agreement?.kappa })
  expect((await bestActiveModel(house))?.version.version).toBe('1.0.0')
})

test('only an operator asks for it, for a version that is there, and for nothing else', async () => {
  const post = (who: string, input: object, more: object = {}) =>
    ask(house)(who, 'POST /v1/jobs', { body: { ...asked(input).body, ...more } })
  expect(await post('person:robin', { modelVersion: '1.0.0' })).toMatchObject({ body: { code: 'forbidden' } })
  expect(await post('operator:o', {})).toMatchObject({ body: { code: 'required' } })
  expect(await post('operator:o', { modelVersion: '9.9.9' })).toMatchObject({ body: { code: 'model_unavailable' } })
  expect(await post('operator:o', { modelVersion: '1.0.0', dates: ['2024-06-13'] })).toMatchObject({ body: { code: 'unknown_field' } })
  expect(await post('operator:o', { modelVersion: '1.0.0' }, { userId: 'robin' })).toMatchObject({ body: { code: 'unknown_field' } })
})

test('who withdraws while it runs is not in it', async () => {
  for (const userId of people) await research(userId, true)
  const withdrawals: Promise<void>[] = []
  const { figures } = await evaluateOnDevices(house, { name: nightModel, version: '1.0.0' }, (done) => {
    if (done === 2) withdrawals.push(research('p0', false))
  })
  await Promise.all(withdrawals)
  expect(figures).toMatchObject({ people: 11 })
})
