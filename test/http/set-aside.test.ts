import { afterAll, beforeAll, expect, test } from 'vitest'
import { permissionsApi } from '../../src/api/permissions.ts'
import { sessionsApi } from '../../src/api/sessions.ts'
import { giveConsent } from '../../src/flows/consents.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { packMonth } from '../../src/flows/pack-month.ts'
import { permissionsHandlers } from '../../src/http/handlers/permissions.ts'
import { sessionsHandlers } from '../../src/http/handlers/sessions.ts'
import { exportText, steps } from '../golden/export-text.ts'
import { imported, sourceOf, temporaryHouse } from '../golden/people.ts'
import { asking } from './asking.ts'
import { sessionBody } from './session-bodies.ts'

let house: Awaited<ReturnType<typeof temporaryHouse>>
let ask: ReturnType<typeof asking>

beforeAll(async () => {
  house = await temporaryHouse()
  const api = { ...sessionsApi, ...permissionsApi }
  ask = asking({ api, handlers: { ...sessionsHandlers, ...permissionsHandlers }, deps: house }, house) as ReturnType<typeof asking>
  for (const who of ['ada', 'ben']) await house.documents.batch([{ op: 'put', path: `users/${who}`, body: newUser(house, 'UTC') }])
})
afterAll(() => house[Symbol.asyncDispose]())

const [startTime, endTime] = ['2024-01-20T14:30:00Z', '2024-01-20T15:30:00Z']
const { sessionInfo } = sessionBody('odd')
const odd = {
  sessionInfo: { ...sessionInfo, dataTypes: ['heart_rate', 'body_weight', 'steps'] },
  heartRate: {
    samples: [60, 500, 61].map((value, at) => ({ timestamp: `2024-01-20T14:30:0${at}Z`, value })),
  },
  series: {
    body_weight: { unit: '[lb_av]', samples: [{ startTime, value: 9000 }] },
    steps: { unit: 'parsec', samples: [{ startTime, endTime, value: 12 }] },
  },
  sleep: { quality: { efficiency: 89 } },
}
const setAside = [
  {
    metric: 'body_weight',
    type: 'body_weight',
    startTime: '2024-01-20T14:30:00.000000Z',
    value: 9000,
    unit: '[lb_av]',
    reason: 'out_of_range',
  },
  {
    metric: 'heart_rate',
    type: 'heart_rate',
    startTime: '2024-01-20T14:30:01.000000Z',
    value: 500,
    unit: '/min',
    reason: 'hr_out_of_range',
  },
  {
    metric: 'steps',
    type: 'steps',
    startTime: '2024-01-20T14:30:00.000000Z',
    endTime: '2024-01-20T15:30:00.000000Z',
    value: 12,
    unit: 'parsec',
    reason: 'unit_unknown',
  },
  { type: '/sleep/quality/efficiency', value: 89, reason: 'unit_suspect' },
]

test('what is set aside is told as it was handed in, with its reason, to whoever asks for it, wherever it lies', async () => {
  const url = '/v1/users/ada/sessions/odd'
  expect(await ask('ada', 'POST /v1/users/ada/sessions', { body: odd })).toMatchObject({
    status: 201,
    body: { counts: { quarantined: 3 } },
  })
  const { body } = await ask('ada', `GET ${url}?quarantined=true`)
  expect(body.setAside).toEqual(setAside)
  expect(body.heartRate.samples).toBeUndefined()
  expect((await ask('ada', `GET ${url}`)).body.setAside).toBeUndefined()
  for (let at = 0; at < 7; at++) await ask('ada', 'POST /v1/users/ada/sessions', { body: sessionBody(`plain${at}`, 50) })
  expect(await packMonth(house, 'ada', '2024-01')).toBe(8)
  expect((await ask('ada', `GET ${url}?quarantined=true&samples=true`)).body).toMatchObject({ setAside, heartRate: { samples: [{}, {}] } })
})

test('whoever is let in for some metrics is told of none of it, as of no reason', async () => {
  await giveConsent(house, 'ada', 'r1', { purpose: 'dataSharing', given: true, textVersion: '1' })
  const grant = { granteeId: 'ben', access: 'read', resources: ['sessions'], metrics: ['heart_rate'] }
  expect(await ask('ada', 'POST /v1/users/ada/permissions', { body: grant })).toMatchObject({ status: 201 })
  const { body } = await ask('ben', 'GET /v1/users/ada/sessions/odd?quarantined=true')
  expect(body.quality.quarantined).toEqual({})
  expect(body.setAside).toBeUndefined()
})

test('of an export the value of the file is told in the unit of the file', async () => {
  const weight = { type: 'BodyMass', device: 'app', start: '2024-06-12 08:00:00 -0400', value: 9000, unit: 'lb' } as const
  const breath = { ...weight, type: 'OxygenSaturation', value: 1.5, unit: '%' } as const
  const pulse = { ...weight, type: 'HeartRate', value: 61, unit: 'furlong' } as const
  await imported(house, sourceOf(exportText([weight, breath, pulse, steps('phone', '2024-06-12', '08:00', '09:00', 100)])), 'UTC')
  const { body } = await ask('robin', 'GET /v1/users/robin/sessions')
  const told = await Promise.all(
    body.data.map(
      async ({ sessionInfo: { sessionId } }: typeof odd) =>
        (await ask('robin', `GET /v1/users/robin/sessions/${sessionId}?quarantined=1`)).body.setAside,
    ),
  )
  expect(told.flat()).toEqual([
    expect.objectContaining({ metric: 'body_weight', value: 9000, unit: 'lb', reason: 'out_of_range' }),
    expect.objectContaining({ metric: 'heart_rate', value: 61, unit: 'furlong', reason: 'unit_unknown' }),
    // Apple writes a share of 1 and calls it percent.
    expect.objectContaining({ metric: 'oxygen_saturation', value: 150, unit: '%', reason: 'out_of_range' }),
  ])
})
