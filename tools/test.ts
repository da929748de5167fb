import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findGoProgram, goPrograms } from '../test/engines/go-program.ts'
import { type Tally, tallyOf } from './tally.ts'

/** Programs that some tests call, the Debian package of each, and what cannot be shown without it. */
const systemTools = [
  { program: 'strace', package: 'strace', shows: 'that writes are synced to disk before they are acknowledged' },
  { program: 'chromium', package: 'chromium', shows: 'what a person sees in a browser' },
  { program: 'redis-server', package: 'redis-server', shows: 'what the cache does on a real Redis' },
]

const root = join(import.meta.dirname, '..')
process.exitCode = await main(process.argv.slice(2))

/** `npm test`: the system tools, then types, style and dead code, then every test. Arguments go to Vitest. */
async function main(filters: readonly string[]): Promise<number> {
  provideTools()
  // Built once, for minutes, beside the checks; a test file alone would wait for it.
  const built = Object.values(goPrograms).map(findGoProgram)
  const checked = run('npm', ['run', '--silent', 'check'])
  if (!checked) console.log('npm run check failed: see above')
  for (const program of await Promise.all(built)) if (typeof program !== 'string') console.log(`missing: ${program.missing}`)
  const tally = vitest(filters)
  for (const name of tally.skipped) console.log(`skipped: ${name}`)
  const failed = tally.failed + (checked ? 0 : 1)
  console.log(`${tally.passed} passed, ${failed} failed`)
  return failed === 0 && tally.passed > 0 ? 0 : 1
}

/** Installs what is missing where that is possible without asking. A test whose tool stays missing skips itself by name. */
function provideTools(): void {
  const missing = systemTools.filter(({ program }) => !isThere(program))
  if (missing.length === 0) return
  const packages = missing.map((tool) => tool.package)
  console.log(`missing: ${packages.join(', ')}`)
  if (process.getuid?.() === 0 && isThere('apt-get') && !install(packages)) {
    run('apt-get', ['update', '-qq'])
    install(packages)
  }
  for (const { program, shows } of missing) if (!isThere(program)) console.log(`without ${program} this run cannot show ${shows}`)
}

function install(packages: readonly string[]): boolean {
  return run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages])
}

function isThere(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined
}

function vitest(filters: readonly string[]): Tally {
  const folder = mkdtempSync(join(tmpdir(), 'clarity-test-'))
  const file = join(folder, 'report.json')
  try {
    const ran = run('npx', ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile=${file}`, ...filters])
    const tally = tallyOf(JSON.parse(readFileSync(file, 'utf8')))
    // An error outside every test fails the run but no test.
    return !ran && tally.failed === 0 ? { ...tally, failed: 1 } : tally
  } catch (cause) {
    console.log(`Vitest left no report: ${cause}`)
    return { passed: 0, failed: 1, skipped: [] }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function run(program: string, args: readonly string[]): boolean {
  const shell = process.platform === 'win32'
  return (
    spawnSync(program, args, { cwd: root, stdio: 'inherit', shell, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status ===
    0
  )
}
