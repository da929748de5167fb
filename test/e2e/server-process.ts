import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const root = join(import.meta.dirname, '../..')

export interface ServerProcess extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  /** The credential of the link that `--sign-in` prints. */
  readonly signIn: string
  /** Standard error so far: the log. */
  log(): string
  /** Sends a signal and waits for the end: the exit code, or null where a signal killed it. */
  end(signal?: NodeJS.Signals): Promise<number | null>
}

export interface ServerOptions {
  readonly data: string
  /** `start` is what `npm start` runs. */
  readonly program?: 'cli' | 'start'
  readonly words?: readonly string[]
  /** Flags of Node itself. */
  readonly node?: readonly string[]
  /** How many files and connections it may have open. */
  readonly files?: number
  readonly env?: Readonly<Record<string, string>>
}

/** `clarity serve --json` in a process of its own, on a free port; resolves once it answers. */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const { data, program = 'cli', words = [], node = [], files, env = {} } = options
  const limited = files === undefined ? [] : ['sh', '-c', `ulimit -n ${files}; exec "$0" "$@"`]
  const said = [...node, join(root, `src/app/${program}.js`), ...(program === 'cli' ? ['serve'] : []), '--json', ...words]
  const [command = '', ...rest] = [...limited, process.execPath, ...said]
  const child = spawn(command, rest, {
    env: { PATH: process.env.PATH, CLARITY_DATA: data, CLARITY_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  const ended = once(child, 'close').then(([code]: (number | null)[]) => code ?? null)
  const lines = createInterface(child.stdout)
  const first = once(lines, 'line').then(([line]: string[]) => line ?? '')
  const line = await Promise.race([first, ended.then((code) => Promise.reject(new Error(`The server ended with ${code}: ${log}`)))])
  const { url, signIn = '' } = JSON.parse(line)
  async function end(signal: NodeJS.Signals = 'SIGTERM') {
    child.kill(signal)
    return ended
  }
  return {
    url,
    pid: child.pid ?? 0,
    signIn,
    log: () => log,
    end,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) await end('SIGKILL')
    },
  }
}
