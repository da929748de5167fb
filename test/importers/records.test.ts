import { expect, test } from 'vitest'
import { element, exportOf, HEART_RATE, heartRates, metadata, record, SLEEP, STEPS, WEIGHT } from './export-text.ts'
import { readExport, readOne } from './reading.ts'

const quantity = 'HKQuantityTypeIdentifier'

test('81: a type that is not known is flagged, counted and kept as it stands', async () => {
  const text = exportOf(record({ type: `${quantity}TelepathyRate`, unit: 'thoughts/min', value: '7' }) + heartRates(1))
  const { records, problems, fates } = await readExport(text)
  const unknown = records.find(({ words }) => words.type?.endsWith('TelepathyRate'))
  expect(unknown).toMatchObject({
    value: 7,
    flags: ['unmapped_type'],
    words: { metric: undefined, unit: 'thoughts/min', quarantine: undefined },
  })
  expect(problems).toEqual({ unmapped_type: 1 })
  expect(fates).toMatchObject({ received: 2, kept: 2 })
})

test('81: an element of the top level that we do not read is received and counted, not passed over', async () => {
  const audiogram = element('Audiogram', { type: 'HKDataTypeIdentifierAudiogram' }, element('SensitivityPoint', { frequencyValue: '500' }))
  const { fates, problems } = await readExport(exportOf(audiogram + element('ClinicalRecord', { type: 'x' }) + heartRates(2)))
  expect(fates).toMatchObject({ received: 4, kept: 2, unread: 2 })
  expect(problems).toEqual({ unmapped_element: 2 })
})

// Factors: NIST SP 811 (2008), appendix B; glucose by its molar mass of 180.1558800000541 g/mol, as HealthKit has it.
test.each([
  [WEIGHT, 'lb', '150', 68.038_855_5, 'kg'],
  [WEIGHT, 'st', '10', 63.502_931_8, 'kg'],
  [WEIGHT, 'kg', '70.4', 70.4, 'kg'],
  [`${quantity}DistanceWalkingRunning`, 'mi', '2', 3218.688, 'm'],
  [`${quantity}DistanceWalkingRunning`, 'km', '0.00288', 2.88, 'm'],
  [`${quantity}Height`, 'ft', '6', 182.88, 'cm'],
  [`${quantity}BodyTemperature`, 'degF', '98.6', 37, 'Cel'],
  [`${quantity}ActiveEnergyBurned`, 'kJ', '418.4', 100, 'kcal'],
  [`${quantity}ActiveEnergyBurned`, 'Cal', '100', 100, 'kcal'],
  [`${quantity}ActiveEnergyBurned`, 'kcal', '100', 100, 'kcal'],
  [`${quantity}BloodGlucose`, 'mmol<180.1558800000541>/L', '5', 90.077_94, 'mg/dL'],
  [`${quantity}OxygenSaturation`, '%', '0.97', 97, '%'],
  [`${quantity}BodyFatPercentage`, '%', '0.205', 20.5, '%'],
  [HEART_RATE, 'count/s', '1.5', 90, '/min'],
  [HEART_RATE, 'count/min', '72.5', 72.5, '/min'],
  [`${quantity}WalkingSpeed`, 'km/hr', '5.4', 1.5, 'm/s'],
  [`${quantity}WalkingStepLength`, 'in', '30', 76.2, 'cm'],
  [`${quantity}DietaryWater`, 'fl_oz_us', '8', 236.588_236_5, 'mL'],
  [`${quantity}VO2Max`, 'mL/min·kg', '44.1', 44.1, 'mL/kg/min'],
  [`${quantity}BodyMassIndex`, 'count', '22.5', 22.5, 'kg/m2'],
])('82: %s in %s: %s is %f %s', async (type, unit, value, expected, ours) => {
  const sample = await readOne(exportOf(record({ type, unit, value })))
  expect(sample.value).toBeCloseTo(expected, 9)
  expect(sample.words).toMatchObject({ unit: ours, quarantine: undefined })
  // What the source wrote can be had again.
  if (sample.value !== Number(value)) expect([sample.rawValue, sample.words.raw_unit ?? sample.words.unit]).toEqual([Number(value), unit])
})

test.each([
  [WEIGHT, 'jin'],
  [HEART_RATE, 'kg'],
  [STEPS, undefined],
  [`${quantity}BloodGlucose`, 'mmol<58.44>/L'],
  [`${quantity}BodyMass`, 'KG'],
])('82: %s in %s is quarantined with its value as it stands, and never guessed', async (type, unit) => {
  const { records, problems } = await readExport(exportOf(record({ type, unit, value: '61' })))
  expect(records).toMatchObject([{ words: { quarantine: 'unit_unknown' } }])
  expect(problems).toEqual({ unit_unknown: 1 })
})

test('a value that cannot be is quarantined with its reason, at the limits it is not', async () => {
  const values = ['29', '30', '220', '221', '-5', 'abc', '1e400', '']
  const { records } = await readExport(exportOf(values.map((value, n) => record({ value, at: `2024-01-20 12:00:0${n} +0000` })).join('')))
  expect(records.map(({ words }) => words.quarantine)).toEqual([
    'hr_out_of_range',
    undefined,
    undefined,
    'hr_out_of_range',
    'hr_out_of_range',
    'not_a_number',
    'not_a_number',
    'not_a_number',
  ])
  expect(records[5]?.words.text).toBe('abc')
})

const device = (address: string) =>
  `<<HKDevice: ${address}>, name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch7,1, software:10.1>`

test('83: the memory address in HKDevice is dropped: one device, whatever the form of the record', async () => {
  const usual = ['0xb0f577c00', '0x282a45810', '0x1'].map((address, n) =>
    record({ device: device(address), at: `2024-01-20 12:00:0${n} +0000` }),
  )
  const single = record({ device: device('0xABCDEF'), at: '2024-01-20 12:00:09 +0000' }).replace('"Watch"', "'Watch'")
  const { records } = await readExport(exportOf(usual.join('') + single))
  expect([...new Set(records.map(({ words }) => words.device))]).toEqual([
    'name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch7,1, software:10.1',
  ])
  expect(new Set(records.map(({ source }) => source.id)).size).toBe(1)
  expect(records[0]?.source.kind).toBe('watch')
})

test('83: a device that says nothing but its address is one device too', async () => {
  const text = ['0x1a', '0x2b']
    .map((address, n) => record({ device: `<<HKDevice: ${address}>>`, at: `2024-01-20 12:00:0${n} +0000` }))
    .join('')
  const { records } = await readExport(exportOf(text))
  expect(new Set(records.map(({ words }) => words.device)).size).toBe(1)
})

test('84: created before its start, a record is kept and flagged, in whatever form it comes', async () => {
  const early = record({ creationDate: '2024-01-20 11:59:59 +0000' })
  for (const form of [early, early.replaceAll('"', "'")]) {
    const { records, problems } = await readExport(exportOf(form + record({ type: STEPS, unit: 'count' })))
    expect(records.map(({ flags }) => flags)).toEqual([['created_before_start'], []])
    expect(problems).toEqual({ created_before_start: 1 })
  }
})

test('what the person typed in is marked', async () => {
  expect((await readOne(exportOf(record({}, metadata({ HKWasUserEntered: '1' }))))).flags).toEqual(['manual'])
  expect((await readOne(exportOf(record({}, metadata({ HKWasUserEntered: '0' }))))).flags).toEqual([])
})

test('a record without type, source or dates is rejected, and counted', async () => {
  const { fates, problems } = await readExport(
    exportOf(
      record({ type: undefined }) +
        record({ sourceName: undefined }) +
        record({ startDate: undefined }) +
        record({ creationDate: undefined }),
    ),
  )
  expect(fates).toMatchObject({ received: 4, kept: 1, rejected: 3 })
  expect(problems).toEqual({ required: 2, invalid_date: 1 })
})

test('a stage of sleep keeps its word, and its length in minutes of real time', async () => {
  const stage = { type: SLEEP, unit: undefined, value: 'HKCategoryValueSleepAnalysisAsleepREM' }
  const sample = await readOne(exportOf(record({ ...stage, startDate: '2024-01-20 02:00:00 +0000', endDate: '2024-01-20 02:20:30 +0000' })))
  expect(sample).toMatchObject({ value: 20.5, words: { metric: 'sleep_session', text: stage.value, unit: 'min', quarantine: undefined } })
})

test('what the file says of the person and itself', async () => {
  const me = element('Me', {
    HKCharacteristicTypeIdentifierDateOfBirth: '1990-02-02',
    HKCharacteristicTypeIdentifierBiologicalSex: 'HKBiologicalSexMale',
  })
  expect((await readExport(exportOf(me))).person).toEqual({ dateOfBirth: '1990-02-02', gender: 'male' })
  const silent = element('Me', {
    HKCharacteristicTypeIdentifierDateOfBirth: '',
    HKCharacteristicTypeIdentifierBiologicalSex: 'HKBiologicalSexNotSet',
  })
  expect((await readExport(exportOf(silent))).person).toEqual({})
})
