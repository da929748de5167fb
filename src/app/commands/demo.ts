import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { daysBetween } from '../../flows/days-between.ts'
import { insightsBetween } from '../../flows/find-insights.ts'
import type { Day } from '../../model/day.ts'
import type { Command, Run } from '../command.ts'
import { openHouse } from '../house.ts'
import { writeSynthetic } from '../synthetic-file.ts'
import { hours } from '../text/day-text.ts'
import { insightText } from '../text/insight-text.ts'
import { importOne } from './import.ts'

const DAYS = 60
const LAST_DATE = '2026-11-15'
const USER = 'demo'

export const demo: Command = {
  summary: 'What an import gives, on a person who does not exist; nothing is left behind.',
  usage: '',
  flags: {},
  async run({ out, json }) {
    const folder = mkdtempSync(join(tmpdir(), 'clarity-demo-'))
    try {
      await show(folder, out, json)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    return 0
  },
}

async function show(folder: string, out: Run['out'], json: boolean): Promise<void> {
  const say = (text: string) => {
    if (!json) out(text)
  }
  say(`A person who does not exist, ${DAYS} days of watch and phone.\n`)
  const file = join(folder, 'export.zip')
  const { records } = await writeSynthetic(file, { seed: 1, days: DAYS, lastDate: LAST_DATE })
  await using house = await openHouse({ data: join(folder, 'data') })
  const report = await importOne(house, { flags: { zone: 'America/New_York' }, say }, file, USER)
  say(
    `${records.toLocaleString('en-US')} records became ${report.days} days and ${report.insights} insights in ${report.seconds.toFixed(1)} s.\n\n`,
  )
  const [insight] = await insightsBetween(house, USER, LAST_DATE, LAST_DATE)
  if (insight) say(`${insightText(insight)}\n\n`)
  const week = await daysBetween(house, USER, Temporal.PlainDate.from(LAST_DATE).subtract({ days: 6 }).toString(), LAST_DATE)
  say(`The week\n${weekTable(week.map(({ body }) => body))}\n`)
  if (json) out(`${JSON.stringify({ records, days: report.days, insights: report.insights, insight })}\n`)
}

type Column = readonly [name: string, read: (day: Day) => string | undefined]

function weekTable(days: readonly Day[]): string {
  const columns: readonly Column[] = [
    ['date', ({ date }) => date],
    ['asleep', ({ sleep }) => sleep && hours(sleep.asleepMinutes)],
    ['steps', ({ steps }) => steps?.toLocaleString('en-US')],
    ['exercise', ({ exerciseMinutes }) => (exerciseMinutes === undefined ? undefined : `${Math.round(exerciseMinutes)} min`)],
    ['resting', ({ heartRate }) => (heartRate.resting === undefined ? undefined : `${Math.round(heartRate.resting)}/min`)],
    ['HRV', ({ hrv }) => hrv && `${Math.round(hrv.value)} ms`],
    ['worn', ({ coverage }) => hours(coverage.wornMinutes)],
  ]
  const rows = [columns.map(([name]) => name), ...days.map((day) => columns.map(([, read]) => read(day) ?? '–'))]
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map((row) => `  ${row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('   ')}`).join('\n')
}
