import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

export interface Ran {
  readonly code: number | null
  readonly signal: string | null
  readonly out: string
  readonly err: string
}

/** Runs a program of `src/app` as a shell would, nights by the rules alone; without a `data` folder it gets none that could be there. */
export function run(
  program: 'cli',
  words: readonly string[],
  { data = '/nonexistent/clarity', tmp, env: more }: { data?: string; tmp?: string; env?: Readonly<Record<string, string>> } = {},
): Ran {
  const env = {
    PATH: process.env.PATH,
    CLARITY_STAGED_NIGHTS: 'none',
    CLARITY_DATA: data,
    ...keysSaid(),
    ...(tmp !== undefined && { TMPDIR: tmp }),
    ...more,
  }
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [join(root, `src/app/${program}.js`), ...words], {
    encoding: 'utf8',
    env,
    maxBuffer: 1 << 28,
  })
  return { code: status, signal, out: stdout, err: stderr }
}

/** Of a test whose data folders share their keys. */
export function keysSaid(): Readonly<Record<string, string>> {
  const said = Object.entries(process.env).filter(([name]) => name === 'CLARITY_KEYS' || name === 'CLARITY_ROOT_KEY')
  return Object.fromEntries(said) as Record<string, string>
}
