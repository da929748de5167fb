import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createClient } from 'redis'
import { freePort } from './free-port.ts'
import { endOf } from './kill.ts'

export interface Redis {
  readonly url: string
  /** One command, e.g. `['CONFIG', 'SET', 'maxmemory', '1mb']`. */
  command(...words: readonly string[]): Promise<unknown>
  /** Also while it is frozen. */
  isRunning(): boolean
  /** SIGKILL. */
  kill(): Promise<void>
  /** Starts what `kill` ended, on the same folder and port. */
  start(): Promise<void>
  /** SIGSTOP: connections stand and nobody answers. */
  freeze(): void
  /** SIGCONT. */
  thaw(): void
  stop(): Promise<void>
}

export interface RedisOptions {
  /** A server of one's own, to be killed: never the one that `CLARITY_TEST_REDIS` names. */
  readonly own?: boolean
}

/** A Redis on loopback that keeps nothing over a restart unless told to `SAVE`: `CLARITY_TEST_REDIS`, else the system's. */
export async function startRedis({ own }: RedisOptions = {}): Promise<Redis | { readonly missing: string }> {
  const named = process.env.CLARITY_TEST_REDIS
  if (named !== undefined && !own) return serverAt(named)
  if (spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).error !== undefined)
    return { missing: own ? 'Redis (apt-get install redis-server)' : 'Redis (apt-get install redis-server, or set CLARITY_TEST_REDIS)' }
  return startServer()
}

function serverAt(url: string): Redis {
  const notOurs = () => {
    throw new Error('The server of CLARITY_TEST_REDIS is not ours to stop')
  }
  return {
    url,
    command: commandAt(url),
    isRunning: () => true,
    kill: notOurs,
    start: notOurs,
    freeze: notOurs,
    thaw: notOurs,
    stop: async () => undefined,
  }
}

async function startServer(): Promise<Redis> {
  const folder = mkdtempSync(join(tmpdir(), 'clarity-redis-'))
  const port = await freePort()
  const args = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', '', '--appendonly', 'no']
  let server = await startProcess(args)
  const killAtExit = () => server.kill('SIGKILL')
  process.on('exit', killAtExit)
  const url = `redis://127.0.0.1:${port}`

  async function kill(): Promise<void> {
    const ended = endOf(server)
    server.kill('SIGKILL')
    await ended
  }

  return {
    url,
    command: commandAt(url),
    isRunning: () => isRunning(server),
    kill,
    async start() {
      server = await startProcess(args)
    },
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    async stop() {
      process.off('exit', killAtExit)
      await kill()
      rmSync(folder, { recursive: true })
    },
  }
}

async function startProcess(args: readonly string[]): Promise<ChildProcess> {
  const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const said: string[] = []
  const lines = createInterface({ input: server.stdout })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.once('exit', () => reject(new Error(`Redis did not start: ${said.join('\n')}`)))
    lines.on('line', (line) => {
      if (said.length < 100) said.push(line)
      if (line.includes('Ready to accept connections')) resolve()
    })
  })
  return server
}

function isRunning(server: ChildProcess): boolean {
  return server.exitCode === null && server.signalCode === null
}

function commandAt(url: string): Redis['command'] {
  return async (...words) => {
    const client = createClient({ url })
    await client.connect()
    try {
      return await client.sendCommand(words)
    } finally {
      client.destroy()
    }
  }
}
