import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Sample, samplesOf, tableOf } from '../../test/fixtures/sample-tables.ts'
import { mergeTables } from './merge.ts'
import { selectRows, wordAt } from './select.ts'

function merge(older: readonly Sample[], newer: readonly Sample[]) {
  const { table, added, replaced } = mergeTables(tableOf(older), tableOf(newer))
  return { samples: samplesOf(table), added: [...added], replaced }
}

const steps = (start: number, value: number): Sample => ({ metric: 'steps', type: 'StepCount', start, end: start + 60, value })
const beat = (start: number, value: number): Sample => ({ metric: 'heart_rate', type: 'HeartRate', start, end: start, value })
const versioned = (sample: Sample, id: string, version: number): Sample => ({
  ...sample,
  metadata: JSON.stringify({ HKMetadataKeySyncIdentifier: id, HKMetadataKeySyncVersion: String(version) }),
})

test('late samples take their place: by metric, type, start and end, unknown types last', () => {
  const unknown: Sample = { type: 'Aardvark', start: 0, end: 0, value: 1 }
  const long = { ...steps(1, 2), end: 500 }
  const { samples, added, replaced } = merge([beat(10, 60), steps(5, 3), unknown], [beat(5, 61), long])
  expect(samples).toEqual([beat(5, 61), beat(10, 60), long, steps(5, 3), unknown])
  expect([added, replaced]).toEqual([[1, 1], 0])
})

test('a sample that was there is not added, whatever its other columns say', () => {
  const { samples, added } = merge([beat(10, 60)], [{ ...beat(10, 60), device: 'another' }, beat(10, 61)])
  expect(samples).toEqual([beat(10, 60), beat(10, 61)])
  expect(added).toEqual([0, 1])
})

test('a sample that comes twice at once is added once', () => {
  expect(merge([beat(1, 50)], [beat(2, 60), beat(2, 60)])).toMatchObject({ samples: [beat(1, 50), beat(2, 60)], added: [1, 0] })
})

test('words tell samples apart where there are any', () => {
  const asleep: Sample = { type: 'SleepAnalysis', start: 0, end: 90, text: 'AsleepCore', value: 1.5 }
  expect(merge([asleep], [{ ...asleep, text: 'AsleepDeep' }, asleep]).added).toEqual([1, 0])
})

test('a higher version replaces, also where only its metadata differ', () => {
  const later = versioned(steps(0, 9), 'a', 2)
  expect(merge([versioned(steps(0, 7), 'a', 1)], [later])).toEqual({ samples: [later], added: [1], replaced: 1 })
  expect(merge([versioned(steps(0, 9), 'a', 1)], [later])).toEqual({ samples: [later], added: [1], replaced: 1 })
})

test('a lower version that comes late is not added, and of equal ones the first stays', () => {
  const there = versioned(steps(0, 9), 'a', 2)
  expect(merge([there], [versioned(steps(0, 7), 'a', 1)])).toEqual({ samples: [there], added: [0], replaced: 0 })
  expect(merge([there], [versioned(steps(0, 8), 'a', 2)])).toEqual({ samples: [there], added: [0], replaced: 0 })
})

test('a sync identifier holds within a type', () => {
  expect(merge([versioned(steps(0, 9), 'a', 2)], [versioned(beat(0, 70), 'a', 1)])).toMatchObject({ added: [1], replaced: 0 })
})

// A version says what the sample is: 2 and 3 differ in their metadata only.
const sample = fc.oneof(
  fc.record({ start: fc.nat(5), value: fc.nat(2) }).map(({ start, value }) => beat(start, value)),
  fc
    .record({ start: fc.nat(3), version: fc.nat(5) })
    .map(({ start, version }) => versioned(steps(start, version >> 1), `s${start}`, version)),
)
// Each sample once and only its highest version, as importers give them.
const session = fc.array(sample, { maxLength: 8 }).map((samples) => merge([], samples).samples.filter(isHighest))

function isHighest({ type, metadata }: Sample, _: number, all: readonly Sample[]): boolean {
  const id = metadata?.split(',')[0]
  return (
    metadata === undefined ||
    all.every((other) => other.type !== type || other.metadata?.split(',')[0] !== id || (other.metadata ?? '') <= metadata)
  )
}

function content(samples: readonly Sample[]): string[] {
  return samples.map((sample) => JSON.stringify(sample)).toSorted()
}

test('merging again changes nothing', () => {
  fc.assert(
    fc.property(session, session, (a, b) => {
      const once = merge(a, b)
      expect(merge(once.samples, b)).toEqual({ samples: once.samples, added: b.map(() => 0), replaced: 0 })
      expect(merge(once.samples, once.samples).samples).toEqual(once.samples)
    }),
  )
})

test('the order in which sessions come does not change what is kept', () => {
  fc.assert(
    fc.property(session, session, session, (a, b, c) => {
      const forwards = merge(merge(a, b).samples, c).samples
      expect(content(merge(merge(c, b).samples, a).samples)).toEqual(content(forwards))
      expect(content(merge(b, merge(c, a).samples).samples)).toEqual(content(forwards))
    }),
  )
})

test('rows add up: those that were there, less the replaced, and the added', () => {
  fc.assert(
    fc.property(session, session, (a, b) => {
      const { samples, added, replaced } = merge(a, b)
      expect(samples).toHaveLength(a.length - replaced + added.filter((one) => one === 1).length)
    }),
  )
})

test('rows of several tables are taken in the order asked for, with the words they need and no other', () => {
  const first = tableOf([{ ...beat(1, 50), device: 'watch' }, steps(2, 3)])
  const second = tableOf([
    { ...steps(4, 5), device: 'phone', created: 9 },
    { ...beat(6, 7), device: 'watch' },
  ])
  const table = selectRows([first, second], [1, 0, 1], [1, 1, 0])
  expect(samplesOf(table)).toEqual([{ ...beat(6, 7), device: 'watch' }, steps(2, 3), { ...steps(4, 5), device: 'phone', created: 9 }])
  expect(table.words.device.words).toEqual(['watch', 'phone'])
  expect([wordAt(table, 'device', 1), wordAt(table, 'device', 2)]).toEqual([undefined, 'phone'])
  expect(selectRows([first], [], []).rows).toBe(0)
})
