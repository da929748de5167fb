import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { countSet } from '../src/signal/minute-grid.ts'
import {
  interdailyStability,
  intradailyVariability,
  leastActive,
  meanDay,
  mostActive,
  relativeAmplitude,
} from '../src/signal/rest-activity.ts'
import { coleKripke, sadeh } from '../src/signal/sleep-wake.ts'
import { median } from './measure.ts'

// Figures of two weeks of counts against pyActigraphy on the same epochs, and ten years of one person computed again from our own store.
const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    years: { type: 'string', default: '10' },
    runs: { type: 'string', default: '5' },
    folder: { type: 'string', default: join(tmpdir(), 'clarity-bench-analysis') },
    only: { type: 'string' },
  },
})
/** How `clarity` and `npm start` start Node. */
const nodeFlags = { command: ['--max-semi-space-size=8', '--heap-growing-percent=30'], server: ['--max-semi-space-size=32'] }
const runs = Number(values.runs)
const folder = values.folder
mkdirSync(folder, { recursive: true })
const wanted = (name: string) => values.only === undefined || values.only.split(',').includes(name)
if (wanted('figures') && hasPeer()) figures()
if (wanted('store')) store()

/** Every bench is run by `npm run bench`, also where nobody installed the peer. */
function hasPeer(): boolean {
  const { status } = spawnSync(values.python, ['-c', 'import numpy, pandas, importlib.util as u; assert u.find_spec("pyActigraphy")'])
  if (status !== 0) console.log(`figures left out: ${values.python} has no pyActigraphy (pip install pyActigraphy; --python PATH)`)
  return status === 0
}

function figures(): void {
  const counts = fortnight()
  const file = join(folder, 'counts.txt')
  writeFileSync(file, counts.join('\n'))
  const peer = JSON.parse(
    execFileSync(values.python, [join(import.meta.dirname, 'work/pyactigraphy-peer.py'), file, values.runs], { encoding: 'utf8' }),
  )
  check(peer.figures, ours(counts))
  const seconds = Array.from({ length: 40 * runs }, () => {
    const before = process.cpuUsage()
    for (let at = 0; at < 10; at++) ours(counts)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1e7
  })
  const own = median(seconds)
  console.log(
    `${counts.length} epochs: pyActigraphy ${peer.version} ${(1000 * peer.seconds).toFixed(1)} ms CPU, ours ${(1000 * own).toFixed(2)} ms: ${(peer.seconds / own).toFixed(0)} ×`,
  )
}

/** Counts of a minute that follow the day; fixed. */
function fortnight(): Float64Array {
  let state = 1
  return Float64Array.from({ length: 14 * 1440 }, (_, minute) => {
    state = (state * 48271) % 2147483647
    const chance = state / 2147483647
    const hour = (minute % 1440) / 60
    const day = hour >= 7 && hour <= 23 ? Math.max(0, Math.sin(((hour - 7) / 16) * Math.PI)) : 0
    if (chance > 0.25) return Math.floor(day * 900 * chance ** 3)
    return day === 0 && chance > 0.03 ? 0 : Math.floor(60 * chance)
  })
}

function ours(counts: Float64Array) {
  // pyActigraphy divides counts by 30 where ActiLife divides them by 100, and takes the paper's cut-off of Sadeh.
  const scaled = new Float64Array(counts.length)
  const hours = new Float64Array(counts.length / 60)
  for (let hour = 0; hour < hours.length; hour++) {
    let sum = 0
    for (let minute = 60 * hour; minute < 60 * hour + 60; minute++) {
      const count = counts[minute] as number
      scaled[minute] = (100 * count) / 30
      sum += count
    }
    hours[hour] = sum
  }
  const profile = meanDay(counts, 1440)
  const quiet = leastActive(profile, 300)
  const busy = mostActive(profile, 600)
  return {
    coleKripkeAsleep: countSet(coleKripke(scaled)),
    sadehAsleep: countSet(sadeh(counts, 0)),
    stability: interdailyStability(hours, 24),
    variability: intradailyVariability(hours),
    leastActive: quiet.mean,
    mostActive: busy.mean,
    amplitude: relativeAmplitude(busy.mean, quiet.mean),
  }
}

/** pyActigraphy divides variances of samples (n − 1) where the papers divide sums, leaves out ends of the record, and takes Sadeh's last term from the next minute. */
function check(peer: ReturnType<typeof ours>, own: ReturnType<typeof ours>): void {
  const hours = 14 * 24
  const asPeer = {
    ...own,
    stability: (own.stability * 24 * (hours - 1)) / (23 * hours),
    variability: (own.variability * (hours - 1)) / hours,
  }
  const within = {
    coleKripkeAsleep: 8,
    sadehAsleep: 400,
    stability: 1e-9,
    variability: 1e-9,
    leastActive: 0.02,
    mostActive: 1,
    amplitude: 1e-3,
  }
  for (const [name, most] of Object.entries(within) as [keyof typeof within, number][]) {
    if (!(Math.abs(peer[name] - asPeer[name]) <= most)) throw new Error(`${name}: pyActigraphy ${peer[name]}, ours ${asPeer[name]}`)
  }
}

function store(): void {
  const days = Math.round(365 * Number(values.years))
  const kept = join(folder, `person-${days}`)
  const script = join(import.meta.dirname, 'work/ten-years.ts')
  if (!existsSync(join(kept, 'made'))) {
    execFileSync(process.execPath, [...nodeFlags.command, script, 'make', kept, String(days)], { stdio: ['ignore', 'ignore', 'inherit'] })
    writeFileSync(join(kept, 'made'), '')
  }
  for (const [who, flags] of Object.entries(nodeFlags)) again(who, [...flags, script, 'again', kept])
}

function again(who: string, args: readonly string[]): void {
  const all = Array.from({ length: runs }, () => JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })))
  for (const [what, process] of [
    ['cold', 'a fresh process'],
    ['warm', 'a process that did it before'],
  ] as const) {
    const cpu = all.map((each) => each[what].cpuS).toSorted((a, b) => a - b)
    const wall = median(all.map((each) => each[what].wallS))
    console.log(
      `${all[0].dates} dates of one person computed again from the store, flags of the ${who}, ${process}: ${median(cpu).toFixed(2)} s CPU (${cpu[0].toFixed(2)}–${cpu.at(-1).toFixed(2)}), ${wall.toFixed(2)} s wall`,
    )
  }
}
