import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { unsupportedNumbers } from '../../src/analysis/evidence.ts'
import { objectionsTo } from '../../src/analysis/narrative.ts'
import { Day } from '../../src/model/day.ts'
import { ImportReport } from '../../src/model/import.ts'
import { StoredInsight } from '../../src/model/insight.ts'
import { UserTrend } from '../../src/model/user-trend.ts'
import type { Truth } from '../../src/synthetic/truth.ts'
import { type Ran, run } from './cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'clarity-e2e-'))
const data = join(folder, 'data')
const file = join(folder, 'export.zip')
const [first, last] = ['2024-09-17', '2024-11-15']
const user = ['--user', 'robin']
const cli = (...words: string[]) => run('cli', words, { data })
let synthesised: Ran
let dry: Ran
let dryFiles: string[]
let imported: Ran
let again: Ran
let truth: Truth

beforeAll(() => {
  synthesised = cli('synth', '--to', file, '--days', '60', '--last', last, '--json')
  truth = JSON.parse(readFileSync(`${file}.truth.json`, 'utf8'))
  mkdirSync(data)
  const words = ['import', file, ...user, '--zone', 'America/New_York', '--json']
  cli('users')
  const before = filesIn(data)
  dry = cli(...words, '--dry-run')
  dryFiles = filesIn(data).filter((each) => !before.includes(each))
  imported = cli(...words)
  again = cli(...words)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Every file with its length; a database open for reading leaves its own two behind. */
function filesIn(path: string): string[] {
  const all = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return all.map(({ parentPath, name }) => join(parentPath, name)).map((each) => `${each} ${statSync(each).size}`)
}

/** The one value that standard output holds. */
function value({ out, err, code }: Ran): unknown {
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' })
  expect(out.endsWith('\n')).toBe(true)
  return JSON.parse(out)
}

function lines({ out, err, code }: Ran): unknown[] {
  expect(code, err).toBe(0)
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

test('synth says what it wrote', () => {
  expect(value(synthesised)).toMatchObject({
    file,
    truth: `${file}.truth.json`,
    bytes: statSync(file).size,
    records: truth.totals.records,
    days: 60,
    seed: 1,
  })
})

test('import says one JSON value on standard output and its progress on standard error', () => {
  const report = ImportReport.parse(value(imported))
  const keys =
    'importId file format bytes seconds received accepted duplicate quarantined rejected sessions days firstDate lastDate insights metrics problems'
  expect(Object.keys(report)).toEqual(expect.arrayContaining(keys.split(' ')))
  expect(report).toMatchObject({
    file: 'export.zip',
    format: 'apple-health',
    bytes: statSync(file).size,
    days: 60,
    firstDate: first,
    lastDate: last,
    insights: 60,
  })
  expect(report.received).toBe(report.accepted + report.duplicate + report.quarantined + report.rejected)
  expect(report.received).toBe(truth.totals.records + truth.totals.workouts + truth.totals.activitySummaries)
  expect(report.metrics.steps).toEqual({ accepted: expect.any(Number), unit: '{steps}' })
  expect(imported.err).toMatch(/^reading \d+ % of [\d.]+ kB$/m)
  expect(imported.err).toMatch(/^analysing 100 % of \d+ days$/m)
})

test('a second import says that there is nothing new', () => {
  const { received, rejected, accepted, duplicate, sessions, days, insights } = ImportReport.parse(value(again))
  expect({ accepted, sessions, days, insights }).toEqual({ accepted: 0, sessions: 0, days: 0, insights: 0 })
  expect(duplicate + rejected).toBe(received)
  expect(again.err).toContain('Nothing new')
  expect(again.err).toContain('imported before')
})

test('a dry run counts the same and writes nothing', () => {
  const { importId: _, seconds: __, insights: ___, ...counted } = ImportReport.parse(value(dry))
  expect(ImportReport.parse(value(imported))).toMatchObject(counted)
  expect(dryFiles).toEqual([])
  expect(dry.err).toContain('nothing was kept')
})

test('insight says one document for a date and one a line for a range', () => {
  const one = StoredInsight.parse(value(cli('insight', ...user, '--date', '2024-11-10', '--json')))
  expect(one).toMatchObject({
    insightId: 'insight_20241110_daily',
    userId: 'robin',
    date: '2024-11-10',
    type: 'daily_summary',
    status: 'completed',
  })
  const some = lines(cli('insight', ...user, '--from', '2024-11-09', '--to', '2024-11-11', '--json')).map((each) =>
    StoredInsight.parse(each),
  )
  expect(some.map(({ date }) => date)).toEqual(['2024-11-09', '2024-11-10', '2024-11-11'])
  expect(some[1]).toEqual(one)
})

test('every sentence of sixty insights stands on its evidence', () => {
  const insights = lines(cli('insight', ...user, '--from', first, '--to', last, '--json')).map((each) => StoredInsight.parse(each))
  expect(insights).toHaveLength(60)
  let sentences = 0
  for (const { date, data: said, narrative, evidence } of insights) {
    const lists: Record<string, readonly string[] | undefined> = {
      ...Object.fromEntries(Object.entries(said).map(([name, section]) => [`/data/${name}/insights`, section?.insights])),
      '/narrative/recommendations': narrative?.recommendations,
      '/narrative/achievements': narrative?.achievements,
    }
    const listed = Object.entries(lists).flatMap(([path, texts = []]) => texts.map((text, at) => [`${path}/${at}`, text] as const))
    const told = new Map([['/narrative/summary', narrative?.summary ?? ''], ...listed])
    expect([date, Object.keys(evidence).toSorted()]).toEqual([date, [...told.keys()].toSorted()])
    for (const [pointer, text] of told) {
      expect([date, pointer, text, unsupportedNumbers(text, evidence[pointer] ?? [])]).toEqual([date, pointer, text, []])
    }
    expect([date, objectionsTo(narrative?.summary ?? '', evidence['/narrative/summary'] ?? [])]).toEqual([date, []])
    sentences += told.size
  }
  expect(sentences).toBeGreaterThan(300)
})

test('day says the merged day', () => {
  const date = '2024-11-10'
  const said = value(cli('day', ...user, '--date', date, '--json')) as Record<string, Record<string, unknown>>
  const true_ = truth.days.find((each) => each.date === date)
  expect(Day.omit({ userId: true }).parse(said)).toMatchObject({ date, zone: 'America/New_York', steps: true_?.steps, revision: 1 })
  const keys = {
    '': 'date zone steps distanceMeters activeEnergyKcal exerciseMinutes sleep heartRate hrv coverage provenance reasons revision',
    sleep: 'onset wake asleepMinutes inBedMinutes awakeMinutes stagesMinutes efficiency source method',
    heartRate: 'resting average min max method',
    hrv: 'value kind',
  }
  for (const [name, expected] of Object.entries(keys)) {
    expect(Object.keys((name === '' ? said : said[name]) ?? {})).toEqual(expect.arrayContaining(expected.split(' ')))
  }
  expect(said.sleep?.stagesMinutes).toEqual({
    light: expect.any(Number),
    deep: expect.any(Number),
    rem: expect.any(Number),
    unspecified: 0,
  })
  expect(lines(cli('day', ...user, '--from', '2024-11-09', '--to', '2024-11-11', '--json'))).toHaveLength(3)
})

test('trends says the weeks of the days that are over, one a line', () => {
  const weeks = lines(cli('trends', ...user, '--type', 'weekly', '--json')).map((each) => UserTrend.parse(each))
  const mondays = truth.days.map(({ date }) => date).filter((date) => Temporal.PlainDate.from(date).dayOfWeek === 1)
  expect(weeks.map(({ periodStart }) => periodStart)).toEqual(['2024-09-16', ...mondays])
  for (const { periodStart, periodEnd, trendData } of weeks) {
    const { resting_heart_rate: resting } = trendData.metrics ?? {}
    const theirs = truth.days.filter(({ date }) => date >= periodStart && date <= periodEnd)
    const values = theirs.flatMap(({ restingHeartRate }) => (restingHeartRate === undefined ? [] : [restingHeartRate]))
    expect([periodStart, resting?.n]).toEqual([periodStart, values.length])
    expect(resting?.mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 0)
  }
  expect(cli('trends', ...user, '--type', 'monthly', '--from', '2024-10-01').out).toMatch(/^2024-10-01 to 2024-10-31 {2}monthly: \w+/)
  expect(cli('trends', ...user, '--changes').code).toBe(0)
  expect(cli('trends', ...user, '--type', 'weekly', '--from', '2020-01-01', '--to', '2020-02-01').err).toContain('No day of these dates')
  expect(cli('trends', ...user).code).toBe(2)
})

test('a lake holds nobody who did not consent, and goes into an empty folder only', () => {
  const lake = join(folder, 'lake')
  expect(value(cli('lake', 'export', '--to', lake, '--json'))).toMatchObject({ format: 'clarity-lake-1', people: 0, rows: 0, files: [] })
  expect(cli('lake', 'export', '--to', lake).err).toContain('not_empty')
  expect(cli('lake', 'export').code).toBe(2)
  expect(cli('lake', 'export', '--to', join(data, 'lake')).code).toBe(2)
})

test('users and doctor speak of the store', () => {
  expect(lines(cli('users', '--json'))).toEqual([
    { userId: 'robin', timezone: 'America/New_York', createdAt: expect.any(String), days: 60, firstDate: first, lastDate: last },
  ])
  expect(value(cli('users', 'show', 'robin', '--json'))).toMatchObject({ userId: 'robin', profile: { dateOfBirth: truth.birthDate } })
  const { ok, findings } = value(cli('doctor', '--json')) as { ok: boolean; findings: { check: string; ok: boolean }[] }
  expect(ok).toBe(true)
  expect(findings.map(({ check }) => check)).toEqual(expect.arrayContaining(['runtime', 'data folder', 'samples', 'strays']))
})

test('without --json people can read it', () => {
  expect(cli('insight', ...user, '--date', '2024-11-10').out).toMatch(/^2024-11-10 {2}\(confidence 0\.\d+\)\n\n {2}\S/)
  expect(cli('day', ...user, '--date', '2024-11-10').out).toMatch(/^2024-11-10 {2}America\/New_York/)
  expect(cli('users').out).toBe(`robin  America/New_York  60 days, ${first} to ${last}\n`)
})

test('the demo prints an insight and a week, and leaves nothing behind', () => {
  const tmp = join(folder, 'tmp')
  mkdirSync(tmp)
  const { code, out, err } = run('cli', ['demo'], { tmp })
  expect({ code, problem: /\(\w+\)\n/.exec(err)?.[0] }).toEqual({ code: 0, problem: undefined })
  expect(out).toMatch(/records became 60 days and 60 insights/)
  expect(out).toMatch(/\n\d{4}-\d{2}-\d{2} {2}\(confidence 0\.\d+\)/)
  const week = out.slice(out.indexOf('The week'))
  expect(week.match(/^ +\d{4}-\d{2}-\d{2} /gm)).toHaveLength(7)
  expect(readdirSync(tmp)).toEqual([])
})
