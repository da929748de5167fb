import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { DashboardFile, DashboardFiles } from '../../http/dashboard.ts'

const root = join(import.meta.dirname, '..', '..', '..')
/** The same place from the sources and from a published package. */
const built = join(root, 'dist/web')

/** What the dashboard is made of; a published package has none of it, and the built files. */
const made = ['web', 'src/api', 'src/client', 'src/model', 'package-lock.json']

export interface Dashboard {
  readonly files: DashboardFiles
  /** Begins to build where that is needed, so that whoever comes first waits less. Says why it cannot be built. */
  prepare(): Promise<string | undefined>
}

/** The built dashboard. It is built when somebody asks for it first, if it was not yet, or if its sources are newer. */
export function openDashboard(): Dashboard {
  let opening: Promise<{ readonly files: ReadonlyMap<string, DashboardFile>; readonly fault: string | undefined }> | undefined
  const open = () => {
    opening ??= buildDashboard().then((fault) => ({ files: readFiles(), fault }))
    return opening
  }
  return {
    files: async (path) => (await open()).files.get(path),
    prepare: async () => (await open()).fault,
  }
}

/** Makes `dist/web` where it is absent or older than its sources. Returns why that cannot be done, if so. */
export async function buildDashboard(): Promise<string | undefined> {
  if (!existsSync(join(root, 'web')) || newestMs(made.map((path) => join(root, path))) <= builtMs()) return undefined
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  if (!existsSync(vite)) return 'Vite is not installed: development packages were left out.'
  // Beside the place and moved there whole: processes that start at once may build at once.
  const fresh = `${built}-${process.pid}`
  const child = spawn(process.execPath, [vite, 'build', join(root, 'web'), '--outDir', fresh, '--logLevel', 'error'], {
    cwd: root,
    // Whatever this process is run as: for any other word React is built large and slow.
    // biome-ignore lint/style/noProcessEnv: the rest of it is passed on as it is.
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code === 0) await replaceBuilt(fresh)
  await rm(fresh, { recursive: true, force: true })
  return code === 0 ? undefined : `Vite ended with ${code}: ${said.trim()}`
}

async function replaceBuilt(fresh: string): Promise<void> {
  const old = `${fresh}-old`
  if (existsSync(built)) await rename(built, old).catch(unlessGone)
  await rename(fresh, built).catch(unlessThere)
  await rm(old, { recursive: true, force: true })
}

/** Another process was quicker: its build is as good. */
function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
}

function builtMs(): number {
  return statSync(join(built, 'index.html'), { throwIfNoEntry: false })?.mtimeMs ?? 0
}

function newestMs(paths: readonly string[]): number {
  const times = paths.map((path) => {
    const found = statSync(path, { throwIfNoEntry: false })
    return found?.isDirectory() ? newestMs(readdirSync(path).map((name) => join(path, name))) : (found?.mtimeMs ?? 0)
  })
  return Math.max(0, ...times)
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** Into memory, about a megabyte, by path with `/`. */
function readFiles(): ReadonlyMap<string, DashboardFile> {
  if (!existsSync(built)) return new Map()
  const names = readdirSync(built, { recursive: true, encoding: 'utf8' }).filter((name) => extname(name) in mediaTypes)
  return new Map(names.map((name) => [name.replaceAll('\\', '/'), readFile(name)]))
}

function readFile(name: string): DashboardFile {
  const plain = readFileSync(join(built, name))
  const gzipped = extname(name) === '.woff2' ? undefined : gzipSync(plain, { level: 9 })
  return { mediaType: mediaTypes[extname(name)] ?? '', plain, gzipped }
}
