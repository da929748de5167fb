import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserAnalytics } from '../../src/model/user-analytics.ts'

export const fitabase = join(process.env.CLARITY_REAL_DATA ?? join(import.meta.dirname, '../../../shared/data'), 'fitabase')

/**
 * Furberg et al. 2016 (Zenodo 53894, CC BY 4.0): the days and sleeps of 33 people as rows, by person and date. A date without a step was not
 * worn and has no activity; several sleeps of a date add up.
 */
export function fitabaseRows(): ReadonlyMap<string, readonly UserAnalytics[]> {
  const rows = new Map<string, Map<string, Partial<UserAnalytics>>>()
  const rowOf = (userId: string, said: string) => {
    const [month = '', day = '', year = ''] = (said.split(' ')[0] ?? '').split('/')
    const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
    const own = rows.get(userId) ?? new Map<string, Partial<UserAnalytics>>()
    rows.set(userId, own)
    const row = own.get(date) ?? { userId, date, timezone: 'UTC', revision: 1, processingTimestamp: '2016-06-01T00:00:00.000000Z' }
    own.set(date, row)
    return row
  }
  for (const line of linesOf('dailyActivity_merged.csv')) {
    const row = rowOf(line.Id ?? '', line.ActivityDate ?? '')
    const totalSteps = Number(line.TotalSteps)
    if (totalSteps === 0) continue
    const distanceMeters = Math.round(Number(line.TotalDistance) * 100_000) / 100
    Object.assign(row, {
      totalSteps,
      caloriesBurned: Number(line.Calories),
      distanceMeters,
      activeMinutes: Number(line.VeryActiveMinutes) + Number(line.FairlyActiveMinutes),
    })
  }
  const seen = new Set<string>()
  for (const line of linesOf('sleepDay_merged.csv')) {
    const text = Object.values(line).join(',')
    // Three lines stand twice.
    if (seen.has(text)) continue
    seen.add(text)
    const [asleep, inBed] = [Number(line.TotalMinutesAsleep), Number(line.TotalTimeInBed)]
    Object.assign(rowOf(line.Id ?? '', line.SleepDay ?? ''), {
      totalSleepHours: Math.round((asleep / 60) * 100) / 100,
      sleepEfficiency: Math.round((asleep / inBed) * 10_000) / 10_000,
    })
  }
  return new Map(
    [...rows].map(([userId, own]) => [
      userId,
      [...own.values()].map((row) => UserAnalytics.parse(row)).sort((a, b) => (a.date < b.date ? -1 : 1)),
    ]),
  )
}

function linesOf(file: string): Record<string, string>[] {
  const [head = '', ...lines] = readFileSync(join(fitabase, file), 'utf8').trim().split(/\r?\n/)
  const names = head.split(',')
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, at) => [names[at] ?? '', value])))
}
