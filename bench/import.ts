import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { commandFlags, commandVariables } from './command-start.ts'
import { type Cost, measure, median } from './measure.ts'

// Ours against peers on one generated export, in turn, in one run. Results are checked against the generator's truth before anything is timed.
const { values } = parseArgs({
  options: {
    mb: { type: 'string', default: '1000' },
    runs: { type: 'string', default: '3' },
    generator: { type: 'string', default: '../shared/tools/gen-export.mjs' },
    folder: { type: 'string', default: join(tmpdir(), 'clarity-bench') },
    'healthkit-to-sqlite': { type: 'string', default: 'healthkit-to-sqlite' },
    only: { type: 'string' },
  },
})
const runs = Number(values.runs)
const node = process.execPath
const folder = values.folder
const here = import.meta.dirname
const work = (name: string) => join(here, 'work', name)
/** For `env`. */
const asCommand = [...commandVariables, node, ...commandFlags]

interface Truth {
  readonly records: number
  readonly startSum: number
  readonly endSum: number
  readonly valueSum: number
  readonly beats: number
  readonly workouts: number
  readonly summaries: number
}

const { xml, zip, truth } = prepare()
console.log(
  `${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.versions.node}; ${(statSync(xml).size / 1e6).toFixed(0)} MB, ${truth.records} records, zip ${(statSync(zip).size / 1e6).toFixed(1)} MB; median of ${runs}`,
)
const pairs: Readonly<Record<string, () => Promise<void>>> = { five, everything, store, whole }
// Stores are removed at the end: on ext4 a file made soon after thousands were deleted takes twenty times as long.
for (const [name, run] of Object.entries(pairs)) if (values.only === undefined || values.only.split(',').includes(name)) await run()
for (const name of readdirSync(folder)) if (/^(?:store|whole|peer)-/.test(name)) rmSync(join(folder, name), { recursive: true })

/** The export, its zip as the phone would make it, and what the generator says is in it; made once. */
function prepare(): { xml: string; zip: string; truth: Truth } {
  mkdirSync(folder, { recursive: true })
  const made = join(folder, `export-${values.mb}.xml`)
  if (!existsSync(`${made}.truth.json`)) execFileSync(node, [values.generator, made, values.mb, '1'], { stdio: 'inherit' })
  const archive = `${made}.zip`
  if (!existsSync(archive)) {
    // Packed as the phone packs it: peers look for the entry by its folder.
    const packing = join(folder, 'packing')
    mkdirSync(join(packing, 'apple_health_export'), { recursive: true })
    linkSync(made, join(packing, 'apple_health_export', 'export.xml'))
    execFileSync('zip', ['-q', '-6', '-r', `${archive}.part`, 'apple_health_export'], { cwd: packing })
    renameSync(`${archive}.part`, archive)
    rmSync(packing, { recursive: true })
  }
  return { xml: made, zip: archive, truth: JSON.parse(readFileSync(`${made}.truth.json`, 'utf8')) }
}

function check(name: string, got: unknown, wanted: unknown): void {
  if (JSON.stringify(got) !== JSON.stringify(wanted))
    throw new Error(`${name}: got ${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`)
}

async function inTurn(ours: () => Promise<Cost>, peer: () => Promise<Cost>): Promise<{ ours: Cost[]; peer: Cost[] }> {
  const result: { ours: Cost[]; peer: Cost[] } = { ours: [], peer: [] }
  for (let run = 0; run < runs; run++) {
    result.peer.push(await peer())
    result.ours.push(await ours())
  }
  return result
}

function tell(name: string, asked: string, peerName: string, { ours, peer }: { ours: Cost[]; peer: Cost[] }): void {
  const cpu = ours.map((cost, run) => (peer[run] as Cost).cpuS / cost.cpuS)
  const wall = ours.map((cost, run) => (peer[run] as Cost).wallS / cost.wallS)
  const said = (costs: Cost[]) =>
    `${median(costs.map(({ cpuS }) => cpuS)).toFixed(2)} s CPU, ${median(costs.map(({ wallS }) => wallS)).toFixed(2)} s wall, ${Math.max(...costs.map(({ peakMB }) => peakMB)).toFixed(0)} MB`
  console.log(
    `${name}\n  ours: ${said(ours)}\n  ${peerName}: ${said(peer)}\n  ratio: ${median(cpu).toFixed(1)} × in CPU (${Math.min(...cpu).toFixed(1)}–${Math.max(...cpu).toFixed(1)}), ${median(wall).toFixed(1)} × in wall; asked: ${asked}`,
  )
}

async function five(): Promise<void> {
  const ours = () => measure(node, [work('ours.ts'), xml, 'five'])
  const peer = () => measure(node, [work('five-saxes.ts'), xml])
  const mine = JSON.parse((await measure(node, [work('ours.ts'), xml, 'five', 'check'])).stdout)
  const theirs = JSON.parse((await measure(node, [work('five-saxes.ts'), xml, 'check'])).stdout)
  const five = ({ records, startSum, endSum, valueSum, rejected }: Truth & { rejected: number }) => ({
    records,
    startSum,
    endSum,
    valueSum,
    rejected,
  })
  check('five fields, ours and saxes', five(mine), five(theirs))
  check('five fields, records', mine.records + mine.rejected, truth.records)
  tell('five fields to columns', '≥ 8 ×', 'saxes 6.0.0', await inTurn(ours, peer))
}

async function everything(): Promise<void> {
  const ours = () => measure(node, [work('ours.ts'), xml, 'everything'])
  const peer = () => measure(node, [work('everything-peer.ts'), xml])
  const counts = ({ records, workouts, activitySummaries, beats }: Record<string, number>) => ({
    records,
    workouts,
    activitySummaries,
    beats,
  })
  const wanted = { records: truth.records, workouts: truth.workouts, activitySummaries: truth.summaries, beats: truth.beats }
  check('everything, ours', counts(JSON.parse((await ours()).stdout)), wanted)
  check('everything, apple-health-parser', counts(JSON.parse((await peer()).stdout)), wanted)
  tell('everything read (all attributes, metadata, beats)', '≥ 6 ×', 'apple-health-parser 0.4.0', await inTurn(ours, peer))
}

async function store(): Promise<void> {
  const ours = () => measure('env', [...asCommand, work('store.js'), zip, folder])
  const twice = JSON.parse((await measure('env', [...asCommand, work('store.js'), zip, folder, 'again'])).stdout)
  check('store, all accounted for', twice.received, truth.records + truth.workouts + truth.summaries)
  check('store, conserved', twice.accepted + twice.duplicate + twice.quarantined + twice.rejected, twice.received)
  check('store, again adds nothing', [twice.secondAccepted, twice.secondDuplicate], [0, twice.received - twice.rejected])
  const program = values['healthkit-to-sqlite']
  if (spawnSync(program, ['--help'], { stdio: 'ignore' }).error !== undefined) {
    const alone = await ours()
    console.log(
      `zip to store: ${alone.cpuS.toFixed(2)} s CPU; healthkit-to-sqlite is not here (pip install healthkit-to-sqlite), so there is no ratio`,
    )
    return
  }
  const peer = async () => {
    const target = mkdtempSync(join(folder, 'peer-'))
    const cost = await measure(program, [zip, join(target, 'health.db')])
    return cost
  }
  tell('zip to durable, deduplicated store, everything kept', '≥ 15 × in CPU', 'healthkit-to-sqlite', await inTurn(ours, peer))
}

async function whole(): Promise<void> {
  const costs: Cost[] = []
  for (let run = 0; run < runs; run++) {
    const data = mkdtempSync(join(folder, 'whole-'))
    const cost = await measure('env', [
      `CLARITY_DATA=${data}`,
      ...asCommand,
      join(here, '../src/app/cli.js'),
      'import',
      zip,
      '--user',
      'bench',
      '--zone',
      'America/Los_Angeles',
      '--json',
    ])
    const report = JSON.parse(cost.stdout)
    check('whole, received', report.received, truth.records + truth.workouts + truth.summaries)
    costs.push(cost)
    if (run === 0) console.log(`whole command: ${report.days} days, ${report.insights} insights`)
  }
  console.log(
    `  ${median(costs.map(({ cpuS }) => cpuS)).toFixed(1)} s CPU, ${median(costs.map(({ wallS }) => wallS)).toFixed(1)} s wall, peak ${Math.max(...costs.map(({ peakMB }) => peakMB)).toFixed(0)} MB; asked: ≤ 25 s of CPU for 1 GB, ≤ 256 MB for 1 GB and for 4 GB`,
  )
}
