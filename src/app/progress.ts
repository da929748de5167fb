import type { WriteStream } from 'node:tty'

export interface ProgressBar {
  /** `done` of `total` in the unit of the bar. */
  update(done: number, total: number): void
  /** It is done: takes the bar away, or says so where there is none. */
  end(): void
}

export type BarUnit = 'bytes' | 'records' | 'days' | 'people' | 'percent'

const WIDTH = 24
const EVERY_MS = 100

/** A bar with rate and time left on a terminal; a line every tenth on anything else. */
export function progressBar(out: WriteStream | NodeJS.WriteStream, label: string, unit: BarUnit, nowMs: () => number): ProgressBar {
  const startedMs = nowMs()
  let drawnMs = 0
  let tenth = -1
  return {
    update(done, total) {
      const now = nowMs()
      if (!out.isTTY) {
        const reached = Math.floor((done / Math.max(1, total)) * 10)
        if (reached > tenth) out.write(`${label} ${reached * 10} % of ${amount(total, unit)}\n`)
        tenth = Math.max(tenth, reached)
        return
      }
      if (now - drawnMs < EVERY_MS && done < total) return
      drawnMs = now
      out.write(`\r\x1b[K${line(label, unit, done, total, (now - startedMs) / 1000, out.columns ?? 80)}`)
    },
    end() {
      if (out.isTTY) out.write('\r\x1b[K')
      else if (tenth >= 0 && tenth < 10) out.write(`${label} done\n`)
    },
  }
}

function line(label: string, unit: BarUnit, done: number, total: number, seconds: number, columns: number): string {
  const share = total > 0 ? Math.min(1, done / total) : 1
  const filled = Math.round(share * WIDTH)
  const rate = seconds > 0.2 ? done / seconds : 0
  const left = rate > 0 ? (total - done) / rate : Number.NaN
  const bar = `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}`
  const parts = [label, bar, `${Math.floor(share * 100)} %`, `${amount(done, unit)} of ${amount(total, unit)}`]
  if (rate > 0) parts.push(`${amount(rate, unit)}/s`)
  if (Number.isFinite(left)) parts.push(`${duration(left)} left`)
  return parts.join('  ').slice(0, columns - 1)
}

export function amount(value: number, unit: BarUnit): string {
  if (unit === 'percent') return `${Math.round(value)} %`
  if (unit !== 'bytes') return `${Math.round(value).toLocaleString('en-US')} ${unit}`
  if (value >= 1e9) return `${(value / 1e9).toFixed(2)} GB`
  return value >= 1e6 ? `${(value / 1e6).toFixed(1)} MB` : `${(value / 1e3).toFixed(1)} kB`
}

export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`
  return seconds < 3600
    ? `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
    : `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`
}
