/**
 * A night staged: the bare runtime on features that are ready, against all of `clarity sleep stage` from signals to stages, in turn; loading;
 * and years of one person recomputed with the model from our own store.
 * `node bench/staging.ts [--runs 200] [--years 10]`
 */
import { hash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { nightFeatureNames, nightFeatures } from '../src/analysis/night-features.ts'
import type { NightSignals } from '../src/analysis/night-signals.ts'
import { openHouse } from '../src/app/house.ts'
import { analyseDirtyDays } from '../src/flows/analyse-days.ts'
import { daysBetween } from '../src/flows/days-between.ts'
import { importFile } from '../src/flows/import-file.ts'
import { stageNight } from '../src/flows/stage-night.ts'
import { synthesise } from '../src/synthetic/synthesise.ts'
import { median } from './measure.ts'

const { values: flags } = parseArgs({
  options: { runs: { type: 'string', default: '200' }, years: { type: 'string', default: '10' } },
})
const zone = 'America/New_York'
const epochs = 960
const night: NightSignals = {
  epochs,
  heart: {
    t: Float64Array.from({ length: epochs * 6 }, (_, i) => i * 5),
    bpm: Float64Array.from({ length: epochs * 6 }, (_, i) => 58 + 6 * Math.sin(i / 700) + 3 * Math.sin(i / 9)),
  },
  movement: {
    from: Float64Array.from({ length: epochs * 2 }, (_, i) => i * 15),
    to: Float64Array.from({ length: epochs * 2 }, (_, i) => i * 15 + 15),
    amount: Float64Array.from({ length: epochs * 2 }, (_, i) => (i % 90 < 3 ? 80 : 0)),
    isSteps: false,
  },
}

const folder = mkdtempSync(join(tmpdir(), 'clarity-bench-'))
try {
  await oneNight(Number(flags.runs))
  await years(Number(flags.years))
} finally {
  rmSync(folder, { recursive: true })
}

async function oneNight(runs: number): Promise<void> {
  const weights = await readFile(join(import.meta.dirname, '../models/actigraphy_transformer/weights.onnx'))
  await using house = await openHouse({ data: join(folder, 'night') })
  const startedMs = performance.now()
  const model = await house.stagers.ready()
  console.log(`weights ${(weights.length / 1e6).toFixed(2)} MB (SHA-256 ${hash('sha256', weights, 'hex').slice(0, 12)}…)`)
  console.log(`loaded with the runtime, the registry and the checksum in ${(performance.now() - startedMs).toFixed(0)} ms`)
  const session = await InferenceSession.create(weights, { executionProviders: ['cpu'], intraOpNumThreads: 1, interOpNumThreads: 1 })
  const features = new Tensor('float32', nightFeatures(night), [1, epochs, nightFeatureNames.length])
  const costs = { bare: [] as number[], whole: [] as number[] }
  for (let run = 0; run < runs + 30; run++) {
    await timed(costs.bare, () => session.run({ features }))
    await timed(costs.whole, () => stageNight(model, night, 0))
  }
  const [bare, whole] = [median(costs.bare.slice(30)), median(costs.whole.slice(30))]
  console.log(
    `a night of ${epochs} epochs on one core: bare runtime ${bare.toFixed(2)} ms, all of it ${whole.toFixed(2)} ms, ${(whole / bare).toFixed(3)} ×`,
  )
}

async function years(count: number): Promise<void> {
  const data = join(folder, 'years')
  await using house = await openHouse({ data, stagedNights: 'none' })
  const { chunks } = synthesise({ seed: 1, days: Math.round(count * 365.25), lastDate: '2024-11-15' })
  const bytes = Buffer.concat(Array.from(chunks, (chunk) => Buffer.from(chunk)))
  const source = { length: bytes.length, read: async (from: number, to: number) => bytes.subarray(from, to) }
  await importFile(house, { userId: 'robin', fileName: 'export.xml', source, zone })
  await analyseDirtyDays(house, 'robin')
  const dates = (await daysBetween(house, 'robin', '0001-01-01', '9999-12-30')).map(({ body }) => body.date)
  await house[Symbol.asyncDispose]()
  for (const stagedNights of ['none', 'unstaged', 'all'] as const) {
    await using again = await openHouse({ data, stagedNights })
    const before = process.cpuUsage()
    const startedMs = performance.now()
    await analyseDirtyDays(again, 'robin', undefined, dates)
    const { user, system } = process.cpuUsage(before)
    const wallS = ((performance.now() - startedMs) / 1000).toFixed(1)
    console.log(
      `${dates.length} days recomputed, nights staged by a model: ${stagedNights}: ${((user + system) / 1e6).toFixed(1)} s of CPU, ${wallS} s`,
    )
  }
}

async function timed<T>(into: number[], work: () => Promise<T>): Promise<T> {
  const startedMs = performance.now()
  const done = await work()
  into.push(performance.now() - startedMs)
  return done
}
