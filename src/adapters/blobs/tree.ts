import { existsSync, linkSync, mkdirSync, renameSync, statSync, unlinkSync } from 'node:fs'
import { readdir, rmdir, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Problem } from '../../model/problem.ts'
import type { BlobHead } from '../../ports/blobs.ts'
import { errorCodeOf, syncFolder } from '../disk.ts'
import { folderOfPrefix } from './key.ts'

/** Names below `root`, one folder for each `/` of a key. */
export interface Tree {
  /** Moves `temp` to where `key` stands, over what was there. Not durable before `sync`. */
  place(temp: string, key: string): void
  /** The same where nothing stands; else `Problem('conflict')`. */
  placeIfAbsent(temp: string, key: string): void
  /** Makes the names of these keys durable: their folders, and each folder above that is not known to be. */
  sync(keys: readonly string[]): Promise<void>
  /** Takes the keys away with the folders that become empty, durably. */
  remove(keys: readonly string[], unlinked?: () => void): Promise<void>
  walk(prefix: string): AsyncIterable<BlobHead>
}

const absent = new Set(['ENOENT', 'ENOTDIR'])
const blocked = new Set(['ENOTDIR', 'EEXIST', 'EISDIR', 'ENOTEMPTY'])
const knownFoldersMax = 10_000
const placeAttempts = 4
// Others wait for the same threads.
const UNLINKED_AT_ONCE = 16

export function openTree(root: string): Tree {
  // Folders whose own name was synced by this process. One that merely exists may have been made by another put that is
  // still under way, or just before a crash.
  const durable = new Set<string>()

  function makeFolder(folder: string): void {
    const first = mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (first === undefined) return
    const above = dirname(first)
    for (let made = folder; made !== above; made = dirname(made)) durable.delete(made)
  }

  function settle(path: string, put: () => void, attempts = placeAttempts): void {
    try {
      // The folder is nearly always there: making sure each time costs as much as the renaming.
      if (attempts < placeAttempts) makeFolder(dirname(path))
      put()
    } catch (error) {
      if (blocked.has(errorCodeOf(error))) throw new Problem('invalid_id', 'A key cannot be a folder of another key', { cause: error })
      // There is no folder yet, or another process has taken the empty one away between the two steps.
      if (errorCodeOf(error) !== 'ENOENT' || attempts === 1) throw error
      settle(path, put, attempts - 1)
    }
  }

  function place(temp: string, key: string): void {
    const path = join(root, key)
    settle(path, () => renameSync(temp, path))
  }

  function placeIfAbsent(temp: string, key: string): void {
    const path = join(root, key)
    settle(path, () => linkIfAbsent(temp, path))
    unlinkSync(temp)
  }

  async function sync(keys: readonly string[]): Promise<void> {
    const folders = new Set(keys.map((key) => dirname(join(root, key))))
    const proven: string[] = []
    for (const folder of [...folders]) {
      for (let at = folder; at !== root && !durable.has(at); at = dirname(at)) {
        folders.add(dirname(at))
        proven.push(at)
      }
    }
    await allOf([...folders].map((folder) => syncFolder(folder)))
    if (durable.size > knownFoldersMax) durable.clear()
    for (const folder of proven) durable.add(folder)
  }

  async function remove(keys: readonly string[], unlinked?: () => void): Promise<void> {
    const paths = keys.map((key) => join(root, key))
    for (let from = 0; from < paths.length; from += UNLINKED_AT_ONCE)
      await allOf(paths.slice(from, from + UNLINKED_AT_ONCE).map((path) => unlinkIfThere(path).then(unlinked)))
    const touched = await Promise.all([...new Set(paths.map(dirname))].map(removeEmpty))
    // One that went after all needs no sync: that of a folder above says so.
    await Promise.all([...new Set(touched)].filter((folder) => existsSync(folder)).map((folder) => syncFolder(folder)))
  }

  /** Gives the first folder that stays. */
  async function removeEmpty(folder: string): Promise<string> {
    let at = folder
    while (at !== root && (await removeIfEmpty(at))) {
      durable.delete(at)
      at = dirname(at)
    }
    return at
  }

  return { place, placeIfAbsent, sync, remove, walk: (prefix) => walkFolder(root, folderOfPrefix(prefix), prefix) }
}

/** As `Promise.all`, but nothing is under way any more when one of them throws. */
async function allOf(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work)
  const failed = results.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

function linkIfAbsent(temp: string, path: string): void {
  try {
    linkSync(temp, path)
  } catch (cause) {
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
    if (errorCodeOf(cause) !== 'EEXIST' || isFolder) throw cause
    throw new Problem('conflict', 'An object stands under this key already', { cause })
  }
}

async function* walkFolder(root: string, folder: string, prefix: string): AsyncGenerator<BlobHead> {
  for (const { name, isFolder } of await readNames(join(root, folder))) {
    const key = folder === '' ? name : `${folder}/${name}`
    if (!isFolder) yield* headsOf(root, key, prefix)
    else if (`${key}/`.startsWith(prefix) || prefix.startsWith(`${key}/`)) yield* walkFolder(root, key, prefix)
  }
}

/** None when it was deleted meanwhile. */
function headsOf(root: string, key: string, prefix: string): BlobHead[] {
  const found = key.startsWith(prefix) ? statSync(join(root, key), { throwIfNoEntry: false }) : undefined
  return found === undefined ? [] : [{ key, length: found.size }]
}

/** In the thread pool: to free a file's blocks takes as long as to write it. */
async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path)
  } catch (error) {
    const code = errorCodeOf(error)
    const isFolder = () => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
    // Linux says EISDIR, macOS and Windows EPERM.
    if (!absent.has(code) && !isFolder()) throw error
  }
}

async function removeIfEmpty(folder: string): Promise<boolean> {
  try {
    await rmdir(folder)
    return true
  } catch (error) {
    if (absent.has(errorCodeOf(error))) return true
    if (errorCodeOf(error) === 'ENOTEMPTY' || errorCodeOf(error) === 'EEXIST') return false
    throw error
  }
}

/** In the order of whole keys: a folder counts with its slash, so `a-1` comes before what is in `a`. */
async function readNames(folder: string): Promise<{ name: string; isFolder: boolean }[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries
      .filter(({ name }) => !name.startsWith('.'))
      .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory(), key: entry.isDirectory() ? `${entry.name}/` : entry.name }))
      .sort((one, other) => (one.key < other.key ? -1 : 1))
  } catch (error) {
    if (absent.has(errorCodeOf(error))) return []
    throw error
  }
}
