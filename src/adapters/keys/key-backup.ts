import { randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../../model/problem.ts'
import type { Clock } from '../../ports/clock.ts'
import { asDiskProblem, createFolder, syncFolder } from '../disk.ts'
import { everyRow, isDestroyed, type KeyRow, type StoreRow } from './key-rows.ts'
import { beginStore, contextOf, prove } from './keys-over.ts'
import { type KeysPlace, openKeyRows } from './open-keys.ts'
import { openRootFile } from './root-file.ts'
import type { RootKey, Wrapped } from './root-key.ts'

/** Longer kept, a copy would bring back what was destroyed. */
export const KEY_BACKUP_MS = 7 * 86_400_000

const namePattern = /^keys-(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ)\.ndjson$/

export interface KeyBackup {
  readonly file: string
  readonly people: number
  /** Older copies that were removed. */
  readonly removed: number
}

/**
 * Writes all keys, wrapped as they are, into a file of a folder, durable when it resolves, and removes copies there that are older than seven
 * days. The root key is not in it.
 */
export async function backUpKeys({ keys }: KeysPlace, folder: string, clock: Clock): Promise<KeyBackup> {
  await using rows = await openKeyRows(keys)
  const store = await rows.store()
  if (store === undefined) throw new Problem('not_found', 'There are no keys yet.')
  const lines: Line[] = [lineOfStore(store)]
  for await (const row of everyRow(rows)) lines.push(lineOfRow(row))
  const nowMs = clock.nowMs()
  const file = join(folder, `keys-${stamp(nowMs)}.ndjson`)
  await writeWhole(folder, file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const old = readdirSync(folder).filter((name) => stampOf(name) !== undefined && (stampOf(name) ?? '') < stamp(nowMs - KEY_BACKUP_MS))
  for (const name of old) rmSync(join(folder, name), { force: true })
  return { file, people: lines.length - 1, removed: old.length }
}

/**
 * Brings back the keys of the newest copy in a folder: into no store, or into one of the same data, where what is there stays, above all what
 * was destroyed. Gives how many people's were brought. Throws `Problem('wrong_root_key')` unless the root key opens every one of them.
 */
export async function restoreKeys({ keys, rootKey }: KeysPlace, folder: string): Promise<number> {
  const { store, people } = readCopy(folder)
  const root = openRootFile(rootKey)
  await prove(root, store)
  const anew: KeyRow[] = []
  for (const row of people) anew.push(isDestroyed(row) ? row : { ...row, wrapped: await wrapAnew(root, store.id, row.userId, row.wrapped) })
  await using rows = await openKeyRows(keys)
  await beginStore(rows, root, store.id)
  if ((await rows.store())?.id !== store.id) throw new Problem('not_empty', 'The store of keys is one of other data.')
  let count = 0
  for (const row of anew) if (await rows.bring(row)) count++
  return count
}

async function wrapAnew(root: RootKey, storeId: string, userId: string, wrapped: Wrapped): Promise<Wrapped> {
  const context = contextOf(storeId, userId)
  return root.wrap(await root.unwrap(wrapped, context), context)
}

type Line = ReturnType<typeof lineOfStore> | ReturnType<typeof lineOfRow>

function lineOfStore({ id, proof }: StoreRow) {
  return { format: 'clarity-keys-1', id, by: proof.by, bytes: Buffer.from(proof.bytes).toString('base64') }
}

function lineOfRow(row: KeyRow) {
  const { person, revision } = row
  if (isDestroyed(row)) return { person, revision, fingerprints: row.fingerprints }
  return { person, userId: row.userId, revision, by: row.wrapped.by, bytes: Buffer.from(row.wrapped.bytes).toString('base64') }
}

function readCopy(folder: string): { readonly store: StoreRow; readonly people: readonly KeyRow[] } {
  const [newest] = namesIn(folder).sort().reverse()
  if (newest === undefined) throw new Problem('not_found', `There is no copy of keys in ${folder}.`)
  try {
    const [first, ...rest] = readFileSync(join(folder, newest), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line): Line => JSON.parse(line))
    if (first === undefined || !('format' in first) || first.format !== 'clarity-keys-1')
      throw new SyntaxError('It does not begin as a copy of keys')
    return { store: { id: first.id, proof: wrappedIn(first) }, people: rest.map(rowIn) }
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw asDiskProblem(cause)
    throw new Problem('storage_corrupt', `${newest} is not a copy of keys, or a damaged one.`, { cause })
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => stampOf(name) !== undefined)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw asDiskProblem(error)
  }
}

function rowIn(line: Line): KeyRow {
  if (!('person' in line)) throw new SyntaxError('A line of nobody')
  const { person, revision } = line
  return line.fingerprints === undefined
    ? { person, userId: line.userId, revision, wrapped: wrappedIn(line) }
    : { person, revision, fingerprints: line.fingerprints }
}

function wrappedIn({ by, bytes }: { readonly by: string; readonly bytes: string }): Wrapped {
  return { by, bytes: new Uint8Array(Buffer.from(bytes, 'base64')) }
}

/** Of a file that nobody has open while it is half written. */
async function writeWhole(folder: string, file: string, text: string): Promise<void> {
  const draft = join(folder, `.${randomUUID()}`)
  try {
    createFolder(folder)
    const descriptor = openSync(draft, 'wx', 0o600)
    try {
      writeSync(descriptor, text)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(draft, file)
  } catch (error) {
    rmSync(draft, { force: true })
    throw asDiskProblem(error)
  }
  await syncFolder(folder)
}

function stamp(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-')
}

function stampOf(name: string): string | undefined {
  return namePattern.exec(name)?.[1]
}
