import type { RecordOf } from '../golden/export-text.ts'

/** 23:00 to 07:00, a beat a minute, slower and calmer in the middle of the night, and steps before and after. */
export function recordedNight(words: readonly string[]): RecordOf[] {
  const at = (minute: number) => new Date(Date.UTC(2024, 5, 12, 22) + minute * 60_000).toISOString().slice(0, 19).replace('T', ' ')
  const local = (minute: number) => `${at(minute)} -0400`
  const beats = Array.from({ length: 660 }, (_, minute): RecordOf => {
    const value = Math.round(64 - 10 * Math.sin((minute / 660) * Math.PI) + 2 * Math.sin(minute))
    return { type: 'HeartRate', device: 'watch', start: local(minute), value, unit: 'count/min' }
  })
  const length = 480 / words.length
  const sleep = words.map(
    (word, i): RecordOf => ({
      type: 'SleepAnalysis',
      device: 'watch',
      start: local(60 + i * length),
      end: local(60 + (i + 1) * length),
      value: `HKCategoryValueSleepAnalysis${word}`,
    }),
  )
  const walk = { type: 'StepCount', device: 'watch', start: local(0), end: local(10), value: 900, unit: 'count' } as const
  return [walk, ...beats, ...sleep]
}
