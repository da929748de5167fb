import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { openFileBlobs } from '../../src/adapters/blobs/files.ts'
import { openSqliteDocuments } from '../../src/adapters/documents/sqlite.ts'
import { findLosses } from './losses.ts'
import { blobsIn, urlIn } from './steps.ts'

const writer = fileURLToPath(import.meta.resolve('./writer.ts'))

interface RunOptions {
  /** The command that runs the writer, as strace with its options. */
  readonly prefix?: readonly string[]
  readonly onLine?: (line: string, kill: () => void) => void
  readonly onStart?: (kill: () => void) => void
}

export interface Outcome {
  readonly lines: readonly string[]
  /** The last step that was acknowledged, 0 for none. */
  readonly acknowledged: number
  readonly code: number | null
  readonly signal: string | null
  readonly errors: string
}

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'clarity-faults-'))
}

/** Whether the command is there and succeeded. */
export function run(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

/** Runs the writer to its end; `onStart` and `onLine`, which sees each line as it comes, may kill it. */
export async function runWriter(args: readonly (string | number)[], { prefix = [], onLine, onStart }: RunOptions = {}): Promise<Outcome> {
  const [command = '', ...rest] = [...prefix, process.execPath, writer, ...args.map(String)]
  // libuv may send file operations through io_uring, which strace does not see; and strace counts calls thread by thread.
  const child = spawn(command, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, UV_USE_IO_URING: '0', ...(prefix.length > 0 ? { UV_THREADPOOL_SIZE: '1' } : {}) },
  })
  const kill = () => void child.kill('SIGKILL')
  onStart?.(kill)
  const [lines, errors, { code, signal }] = await Promise.all([
    readLines(child, (line) => onLine?.(line, kill)),
    readAll(child.stderr),
    ended(child),
  ])
  const acknowledged = lines.map((line) => Number(/^ack (\d+)$/.exec(line)?.[1] ?? 0)).reduce((max, n) => Math.max(max, n), 0)
  return { lines, acknowledged, code, signal, errors }
}

/** Opens both stores as a restart would, and compares them with what was acknowledged. */
export async function lossesIn(folder: string, acknowledged: number, attempted: number): Promise<string[]> {
  await using documents = openSqliteDocuments(urlIn(folder))
  await using blobs = openFileBlobs(blobsIn(folder))
  return await findLosses({ documents, blobs }, acknowledged, attempted)
}

type Child = ChildProcessByStdio<null, Readable, Readable>

async function readLines({ stdout }: Child, onLine: (line: string) => void): Promise<string[]> {
  const lines: string[] = []
  for await (const line of createInterface({ input: stdout })) {
    lines.push(line)
    onLine(line)
  }
  return lines
}

async function readAll(stream: Readable): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

function ended(child: Child): Promise<{ code: number | null; signal: string | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
}
