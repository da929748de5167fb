import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type AnySchemaObject } from 'ajv'
import { Fhir } from 'fhir'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fhirBundle } from '../../src/flows/fhir-bundle.ts'
import { omhDataPoints } from '../../src/flows/omh-data-points.ts'
import { Day } from '../../src/model/day.ts'
import { StoredUser } from '../../src/model/user.ts'
import { collect } from '../contracts/expectations.ts'
import { live, person } from '../erasure/life.ts'
import { temporaryHouse } from '../golden/people.ts'

const house = await temporaryHouse()
afterAll(() => house[Symbol.asyncDispose]())
let days: Day[]
beforeAll(async () => {
  await live(house)
  const { data } = await house.documents.list<Day>({ collection: 'days', parent: `users/${person}`, limit: 100 })
  days = data.map(({ body }) => Day.parse(body))
})

const textOf = async (content: AsyncIterable<Uint8Array>) => Buffer.concat(await collect(content)).toString()

interface Resource {
  readonly resourceType: string
  readonly id: string
  readonly code?: { readonly coding: { readonly system: string; readonly code: string }[] }
  readonly effectivePeriod?: { readonly start: string }
  readonly valueQuantity?: { readonly value: number; readonly code: string }
}

test('the FHIR bundle is valid R4 to a validator that is not ours', async () => {
  const bundle = JSON.parse(await textOf(await fhirBundle(house, person)))
  const { valid, messages } = new Fhir().validate(bundle, { errorOnUnexpected: true })
  expect([valid, messages.filter(({ severity }) => severity === 'error')]).toEqual([true, []])
  expect(new Fhir().validate({ ...bundle, type: 'heap' }).valid).toBe(false)
  const resources: Resource[] = bundle.entry.map(({ resource }: { resource: Resource }) => resource)
  expect(new Set(resources.map(({ id }) => id)).size).toBe(resources.length)
})

test('its steps, resting heart rate and sleep are those of the days, under the LOINC codes of the published mapping', async () => {
  const bundle = JSON.parse(await textOf(await fhirBundle(house, person)))
  const resources: Resource[] = bundle.entry.map(({ resource }: { resource: Resource }) => resource)
  const valuesOf = (loinc: string) =>
    resources.filter(({ code }) => code?.coding.some((each) => each.code === loinc)).map(({ valueQuantity }) => valueQuantity)
  const present = (values: (number | undefined)[], code: string) =>
    values.filter((value) => value !== undefined).map((value) => expect.objectContaining({ value, code }))
  expect(valuesOf('41950-7')).toEqual(
    present(
      days.map(({ steps }) => steps),
      '{steps}',
    ),
  )
  expect(valuesOf('40443-4')).toEqual(
    present(
      days.map(({ heartRate }) => heartRate.resting),
      '/min',
    ),
  )
  expect(valuesOf('93832-4')).toEqual(
    present(
      days.map(({ sleep }) => sleep?.asleepMinutes),
      'min',
    ),
  )
  expect(valuesOf('41950-7').length).toBeGreaterThan(7)
})

test('what a person says of themselves is in it in their words, and no time is made up since when', async () => {
  const stored = await house.documents.get<StoredUser>(`users/${person}`)
  const said = { height: 175.5, weight: 70.2, chronicConditions: ['asthma'], medications: ['salbutamol', 'x'], allergies: ['birch pollen'] }
  const user = StoredUser.parse({ ...stored?.body, healthProfile: said, profile: { ...stored?.body.profile, gender: 'female' } })
  await house.documents.batch([{ op: 'put', path: `users/${person}`, body: user }])
  const bundle = JSON.parse(await textOf(await fhirBundle(house, person)))
  const { messages } = new Fhir().validate(bundle, { errorOnUnexpected: true })
  expect(messages.filter(({ severity }) => severity === 'error')).toEqual([])
  const stating: Resource[] = bundle.entry.map(({ resource }: { resource: Resource }) => resource)
  const patient = { reference: `urn:uuid:${stating[0]?.id}` }
  const of = (code: string, unit: string, value: number) =>
    expect.objectContaining({
      code: expect.objectContaining({ coding: expect.arrayContaining([{ system: 'http://loinc.org', code }]) }),
      subject: patient,
      valueQuantity: { value, unit, code: unit, system: 'http://unitsofmeasure.org' },
    })
  expect(stating.slice(0, 8)).toEqual([
    expect.objectContaining({ resourceType: 'Patient', gender: 'female' }),
    of('8302-2', 'cm', 175.5),
    of('29463-7', 'kg', 70.2),
    expect.objectContaining({ resourceType: 'Condition', code: { text: 'asthma' }, subject: patient }),
    expect.objectContaining({ resourceType: 'MedicationStatement', medicationCodeableConcept: { text: 'salbutamol' }, subject: patient }),
    expect.objectContaining({ resourceType: 'MedicationStatement', medicationCodeableConcept: { text: 'x' } }),
    expect.objectContaining({ resourceType: 'AllergyIntolerance', code: { text: 'birch pollen' }, patient }),
    expect.objectContaining({ resourceType: 'Observation', effectivePeriod: expect.anything() }),
  ])
  for (const each of stating.slice(1, 7)) expect(Object.keys(each).filter((name) => /^(effective|onset|recorded)/.test(name))).toEqual([])
})

const folder = join(import.meta.dirname, '../fixtures/omh-schemas')
const read = (path: string): AnySchemaObject => JSON.parse(readFileSync(join(folder, path), 'utf8'))
const namesIn = (path: string) => readdirSync(join(folder, path))

/** The schemas of one publisher, which name each other by their files. IEEE has words of its own under a name that both use. */
function validatorsOf(namespace: 'omh' | 'ieee'): Ajv {
  // uuid and date-time are checked by their own patterns below.
  const ajv = new Ajv({ strict: false, validateFormats: false, inlineRefs: false })
  const add = (path: string, name: string) => {
    const { $id: _, $schema: __, ...rest } = read(path)
    ajv.addSchema({ ...JSON.parse(JSON.stringify(rest).replaceAll('https://w3id.org/ieee/ieee-1752-schema/', '')), $id: name })
  }
  const own = namespace === 'ieee' ? namesIn('ieee') : []
  for (const name of namesIn('utility').filter((each) => !own.includes(each))) add(`utility/${name}`, name)
  for (const name of own) add(`ieee/${name}`, name)
  for (const name of namesIn('body')) add(`body/${name}`, name)
  return ajv
}

interface Point {
  readonly header: {
    readonly uuid: string
    readonly schema_id: { readonly namespace: 'omh' | 'ieee'; readonly name: string; readonly version: string }
  }
  readonly body: object
}

test('each Open mHealth data point is what its published schema says, and its header is IEEE’s', async () => {
  const points: Point[] = (await textOf(await omhDataPoints(house, person)))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const validators = { omh: validatorsOf('omh'), ieee: validatorsOf('ieee') }
  const wrong: unknown[] = []
  const names = new Set<string>()
  for (const point of points) {
    const { namespace, name, version } = point.header.schema_id
    names.add(`${namespace}:${name}`)
    const checks = [
      [validators.ieee, 'data-point-1.0.json', point],
      [validators[namespace], `${namespace}_${name}_${version.replace('.', '-')}.json`, point.body],
    ] as const
    for (const [ajv, schema, value] of checks) if (!ajv.validate(schema, value)) wrong.push([schema, ajv.errors, value])
  }
  expect(wrong.slice(0, 3)).toEqual([])
  expect([...names].sort()).toEqual(expect.arrayContaining(['ieee:total-sleep-time', 'omh:heart-rate', 'omh:step-count']))
  expect(new Set(points.map(({ header }) => header.uuid)).size).toBe(points.length)
  for (const { header } of points) expect(header.uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('the schemas refuse what is none: a count in another unit, a body without its time', () => {
  const ajv = validatorsOf('omh')
  const time_interval = { start_date_time: '2024-11-10T00:00:00Z', end_date_time: '2024-11-11T00:00:00Z' }
  const body = { step_count: { value: 9, unit: 'steps' }, effective_time_frame: { time_interval } }
  expect(ajv.validate('omh_step-count_3-0.json', body)).toBe(true)
  expect(ajv.validate('omh_step-count_3-0.json', { ...body, step_count: { value: 9, unit: 'km' } })).toBe(false)
  expect(ajv.validate('omh_step-count_3-0.json', { step_count: body.step_count })).toBe(false)
})
