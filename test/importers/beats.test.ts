import { expect, test } from 'vitest'
import { exportOf, metadata, record } from './export-text.ts'
import { readExport } from './reading.ts'

const hrv = 'HKQuantityTypeIdentifierHeartRateVariabilitySDNN'

function list(beats: readonly (readonly [bpm: string, time: string])[]): string {
  const lines = beats.map(([bpm, time]) => `   <InstantaneousBeatsPerMinute bpm="${bpm}" time="${time}"/>\n`)
  return `  <HeartRateVariabilityMetadataList>\n${lines.join('')}  </HeartRateVariabilityMetadataList>\n`
}

function hrvAt(at: string, beats: readonly (readonly [string, string])[]): string {
  return record({ type: hrv, unit: 'ms', value: '42.5', at }, list(beats))
}

/** The beats as the wall clock of the record's offset says them, and their rates. */
async function beatsOf(text: string, offset: string): Promise<(readonly [string, number])[]> {
  const { samples, records, elements, problems } = await readExport(exportOf(text))
  const beats = samples.filter((sample) => !records.includes(sample))
  expect(elements.beats).toBe(beats.length)
  expect(problems).toEqual({})
  expect(records).toHaveLength(1)
  return beats.map(
    ({ startMs, value }) =>
      [Temporal.Instant.fromEpochMilliseconds(startMs).toZonedDateTimeISO(offset).toPlainDateTime().toString(), value] as const,
  )
}

test.each([
  ['24 hours, a point', '22:02:27.43', '22:02:28.47'],
  ['24 hours, a comma', '22:02:27,43', '22:02:28,47'],
  ['12 hours, a narrow no-break space', '10:02:27.43\u202fPM', '10:02:28.47\u202fPM'],
  ['12 hours, a space, small letters', '10:02:27.43 p.m.', '10:02:28.47 p.m.'],
  ['12 hours, a comma, no space', '10:02:27,43PM', '10:02:28,47PM'],
  ['12 hours, the word in front, in Chinese', '下午10:02:27.43', '下午10:02:28.47'],
])('beats of the clock with %s', async (_, first, second) => {
  const beats = await beatsOf(
    hrvAt('2024-01-20 22:02:26 +0100', [
      ['61', first],
      ['58', second],
    ]),
    '+01:00',
  )
  expect(beats).toEqual([
    ['2024-01-20T22:02:27.43', 61],
    ['2024-01-20T22:02:28.47', 58],
  ])
})

test('beats run on over noon and over midnight', async () => {
  const noon = hrvAt('2024-01-20 11:59:58 -0800', [
    ['61', '11:59:59.90 AM'],
    ['62', '12:00:00.80 PM'],
    ['63', '12:00:01.70 PM'],
  ])
  expect((await beatsOf(noon, '-08:00')).map(([time]) => time)).toEqual([
    '2024-01-20T11:59:59.9',
    '2024-01-20T12:00:00.8',
    '2024-01-20T12:00:01.7',
  ])
  const midnight = [
    ['61', '11:59:59.90 PM'],
    ['62', '12:00:00.80 AM'],
  ] as const
  expect((await beatsOf(hrvAt('2024-01-20 23:59:58 -0800', midnight), '-08:00')).map(([time]) => time)).toEqual([
    '2024-01-20T23:59:59.9',
    '2024-01-21T00:00:00.8',
  ])
  const plain = [
    ['61', '23:59:59.90'],
    ['62', '00:00:00.80'],
  ] as const
  expect((await beatsOf(hrvAt('2024-01-21 00:00:00 +0000', plain), '+00:00')).map(([time]) => time)).toEqual([
    '2024-01-20T23:59:59.9',
    '2024-01-21T00:00:00.8',
  ])
})

test('beats are kept in whatever form their record comes', async () => {
  const usual = hrvAt('2024-01-20 22:02:26 +0100', [
    ['61', '22:02:27.43'],
    ['58', '22:02:28.47'],
  ])
  const expected = await beatsOf(usual, '+01:00')
  const forms = [
    usual.replaceAll(/bpm="(\d+)" time="([^"]*)"/g, 'time="$2"  bpm="$1"'),
    usual.replaceAll('"', "'"),
    usual.replaceAll(/(time="[^"]*")\/>/g, '$1></InstantaneousBeatsPerMinute>'),
    usual.replace('   <Inst', '<!-- two --><Inst'),
    usual.replace('</Record>', `${metadata({ k: 'v' })}</Record>`),
    usual.replace('  <HeartRate', `${metadata({ k: 'v' })}  <HeartRate`),
  ]
  for (const form of forms) expect(await beatsOf(form, '+01:00')).toEqual(expected)
})

test('beats whose time cannot be read are counted, and their record is kept', async () => {
  const { fates, problems, elements } = await readExport(
    exportOf(
      hrvAt('2024-01-20 22:02:26 +0100', [
        ['61', 'noon'],
        ['x', '22:02:27'],
        ['60', '22:02:28'],
      ]),
    ),
  )
  expect(fates).toMatchObject({ received: 1, kept: 1 })
  expect([problems, elements.beats]).toEqual([{ beat_time_unreadable: 1 }, 1])
})
