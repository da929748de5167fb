import { type ChildProcess, spawn } from 'node:child_process'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from './free-port.ts'
import { endOf } from './kill.ts'

export interface LoopbackServer {
  readonly port: number
  /** SIGKILL. */
  kill(): Promise<void>
  /** Starts what `kill` ended, on the same port. */
  start(): Promise<void>
  stop(): Promise<void>
}

/** A program that listens on the loopback port it is given; it is ready when the port answers. */
export async function startServer(
  program: string,
  argsFor: (port: number) => readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<LoopbackServer> {
  const port = await freePort()
  const start = () => startProcess(program, argsFor(port), port, env)
  let server = await start()
  const killAtExit = () => server.kill('SIGKILL')
  process.on('exit', killAtExit)

  async function kill(): Promise<void> {
    const ended = endOf(server)
    server.kill('SIGKILL')
    await ended
  }

  return {
    port,
    kill,
    async start() {
      server = await start()
    },
    async stop() {
      process.off('exit', killAtExit)
      await kill()
    },
  }
}

async function startProcess(
  program: string,
  args: readonly string[],
  port: number,
  env: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const server = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env } })
  const said: string[] = []
  server.stderr.on('data', (chunk) => said.push(String(chunk)))
  const failed = new Promise<never>((_, reject) => {
    server.once('error', reject)
    server.once('exit', (code) => reject(new Error(`${program} ended with ${code}: ${said.join('')}`)))
  })
  failed.catch(() => {})
  await Promise.race([answers(port), failed])
  return server
}

async function answers(port: number): Promise<void> {
  const isOpen = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => resolve(true))
      socket.once('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
  for (let tries = 0; !(await isOpen()); tries += 1) {
    if (tries > 600) throw new Error(`Nothing listens on ${port}`)
    await pause(50)
  }
}
