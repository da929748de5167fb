import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

export interface GoModule {
  /** The program's name, which is the last part of its package. */
  readonly name: string
  readonly package: string
  readonly version: string
}

/** Object stores that speak the protocols of S3 and Cloud Storage. */
export const goPrograms = {
  s3: { name: 'versitygw', package: 'github.com/versity/versitygw/cmd/versitygw', version: 'v1.8.0' },
  gcs: { name: 'fake-gcs-server', package: 'github.com/fsouza/fake-gcs-server', version: 'v1.56.1' },
} as const satisfies Record<string, GoModule>

const shelf = join(import.meta.dirname, '../../node_modules/.cache/clarity-loop/bin')

/** The program on the PATH; else as it was built for an earlier run; else built now, once for all who ask at the same time. */
export async function findGoProgram(module: GoModule): Promise<string | { readonly missing: string }> {
  if (isThere(module.name)) return module.name
  const built = join(shelf, `${module.name}-${module.version}`)
  if (existsSync(built)) return built
  if (!isThere('go', 'version')) return { missing: `${module.name} on the PATH, or Go to build it` }
  mkdirSync(shelf, { recursive: true })
  return await alone(`${built}.lock`, async () => (existsSync(built) ? built : await build(module, built)))
}

function isThere(program: string, ask = '--version'): boolean {
  return spawnSync(program, [ask], { stdio: 'ignore' }).error === undefined
}

async function build({ name, package: path, version }: GoModule, built: string): Promise<string | { readonly missing: string }> {
  const bench = `${built}.bench`
  const env = { ...process.env, GOBIN: bench, CGO_ENABLED: '0', GOFLAGS: '' }
  const go = spawn('go', ['install', '-ldflags=-s -w', `${path}@${version}`], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  const said: string[] = []
  go.stderr.on('data', (chunk) => said.push(String(chunk)))
  const code = await new Promise((resolve) => void go.once('close', resolve))
  if (code !== 0) return { missing: `${name}, which go install could not build: ${said.join('').trim().split('\n').at(-1)}` }
  renameSync(join(bench, name), built)
  rmSync(bench, { recursive: true })
  return built
}

/** One process at a time; a lock whose owner is gone counts for nothing. */
async function alone<T>(lock: string, work: () => Promise<T>): Promise<T> {
  while (!take(lock)) await pause(200)
  try {
    return await work()
  } finally {
    rmSync(lock, { force: true })
  }
}

function take(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    if (!lives(ownerOf(lock))) rmSync(lock, { force: true })
    return false
  }
}

/** Undefined while the owner has not written its number yet. */
function ownerOf(lock: string): number | undefined {
  try {
    return Number(readFileSync(lock, 'utf8')) || undefined
  } catch {
    return undefined
  }
}

function lives(pid: number | undefined): boolean {
  if (pid === undefined) return true
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
