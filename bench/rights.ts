/** What a person may ask for, of a synthetic one: `node bench/rights.ts [FOLDER] [DAYS]`, ten years unless said. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commandFlags, commandVariables } from './command-start.ts'
import { type Cost, measure, median } from './measure.ts'

const [place = tmpdir(), days = '3650'] = process.argv.slice(2)
const folder = mkdtempSync(join(place, 'clarity-rights-'))
const data = join(folder, 'data')
process.env.CLARITY_DATA = data
process.env.CLARITY_STAGED_NIGHTS = 'none'
const cli = join(import.meta.dirname, '../src/app/cli.js')
/** As `npm run clarity` starts it. */
const clarity = (...words: string[]) => measure('env', [...commandVariables, process.execPath, ...commandFlags, cli, ...words])

await measure(process.execPath, [join(import.meta.dirname, 'work/ten-years.ts'), 'make', data, days])
for (const format of ['zip', 'fhir', 'omh']) {
  const file = join(folder, `export.${format}`)
  const runs: Cost[] = []
  for (let run = 0; run < 3; run++) {
    rmSync(file, { force: true })
    runs.push(await clarity('export', '--user', 'robin', '--to', file, '--format', format))
  }
  const [wallS, cpuS, peakMB] = (['wallS', 'cpuS', 'peakMB'] as const).map((what) => median(runs.map((run) => run[what])).toFixed(1))
  console.log(
    `export of ${days} days as ${format}: ${wallS} s wall, ${cpuS} s CPU, ${peakMB} MB, file ${(statSync(file).size / 1e6).toFixed(1)} MB`,
  )
}
const { stdout, wallS, peakMB } = await clarity('erase', '--user', 'robin', '--yes', '--json')
const { requestedAt, erasedAt } = JSON.parse(stdout)
const seconds = (Date.parse(erasedAt) - Date.parse(requestedAt)) / 1000
console.log(
  `erasure of ${days} days: clean ${seconds.toFixed(1)} s after it was asked for; the command ${wallS.toFixed(1)} s, ${peakMB.toFixed(0)} MB`,
)
rmSync(folder, { recursive: true })
