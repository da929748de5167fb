import { hash, randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { Problem } from '../../model/problem.ts'
import { asDiskProblem, createFolder, errorCodeOf, syncFolder } from '../disk.ts'
import type { FailpointOptions } from '../failpoints.ts'
import { openBytes, sealBytes } from '../sealed/gcm.ts'
import type { RootKey } from './root-key.ts'

const KEY_BYTES = 32

/**
 * A root key in a file: 32 random bytes in base64, a line for each version, the newest first; or the 32 bytes as they are. Read again
 * where another process may have turned it. `readRootFile` says what of it is there.
 */
export function openRootFile(path: string): RootKey {
  let known = new Map<string, Uint8Array>()

  /** Of the file as it is now. */
  function newest(): { readonly id: string; readonly key: Uint8Array } {
    const keys = readRootFile(path)
    const [key] = keys ?? []
    if (keys === undefined || key === undefined) throw new Problem('wrong_root_key', `There is no root key at ${path}.`)
    known = new Map(keys.map((each) => [rootIdOf(each), each]))
    return { id: rootIdOf(key), key }
  }

  return {
    async wrap(bytes, context) {
      const { id, key } = newest()
      return { by: id, bytes: sealBytes(key, bytes, contextOf(id, context)) }
    },
    async unwrap({ by, bytes }, context) {
      if (!known.has(by)) newest()
      const key = known.get(by)
      if (key === undefined)
        throw new Problem('wrong_root_key', `The root key at ${path} is not the one that these keys were wrapped with.`)
      return openBytes(key, bytes, contextOf(by, context))
    },
  }
}

/** Tells a key without telling what it is. */
export function rootIdOf(key: Uint8Array): string {
  return hash('sha256', Buffer.concat([Buffer.from('clarity root key '), key]), 'hex').slice(0, 16)
}

/** The newest first; undefined where there is no file. Throws `Problem('wrong_root_key')` for a file that holds none. */
export function readRootFile(path: string): readonly Uint8Array[] | undefined {
  const bytes = contentOf(path)
  if (bytes === undefined) return undefined
  if (bytes.length === KEY_BYTES) return [bytes]
  const keys = bytes.toString('latin1').trim().split('\n').map(keyIn)
  if (keys.every((key) => key !== undefined)) return keys
  throw new Problem('wrong_root_key', `What lies at ${path} is no root key: that is 32 bytes in base64.`)
}

/** Makes a root key where there is no file, durable when it resolves. False where another process was quicker. */
export async function makeRootFile(path: string, options: FailpointOptions = {}): Promise<boolean> {
  const draft = draftOf(path, [newRootKey()])
  options.failpoint?.('keys:root-drafted')
  try {
    // A link, unlike a rename, never takes the place of a key that is there.
    linkSync(draft, path)
  } catch (error) {
    if (errorCodeOf(error) === 'EEXIST') return false
    throw asDiskProblem(error)
  } finally {
    rmSync(draft, { force: true })
  }
  await syncFolder(dirname(path))
  return true
}

/** In one step: whoever reads finds the keys before or these. Durable when it resolves. */
export async function replaceRootFile(path: string, keys: readonly Uint8Array[], options: FailpointOptions = {}): Promise<void> {
  const draft = draftOf(path, keys)
  options.failpoint?.('keys:root-drafted')
  try {
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw asDiskProblem(error)
  }
  await syncFolder(dirname(path))
  options.failpoint?.('keys:root-replaced')
}

export function newRootKey(): Uint8Array {
  return randomBytes(KEY_BYTES)
}

function draftOf(path: string, keys: readonly Uint8Array[]): string {
  const draft = `${path}.${process.pid}.draft`
  try {
    createFolder(dirname(path))
    rmSync(draft, { force: true })
    const descriptor = openSync(draft, 'wx', 0o600)
    try {
      writeSync(descriptor, keys.map((key) => `${Buffer.from(key).toString('base64')}\n`).join(''))
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    return draft
  } catch (error) {
    rmSync(draft, { force: true })
    throw asDiskProblem(error)
  }
}

function contentOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return undefined
    throw asDiskProblem(error)
  }
}

function keyIn(line: string): Uint8Array | undefined {
  const key = Buffer.from(line, 'base64')
  return key.length === KEY_BYTES && key.toString('base64') === line ? key : undefined
}

function contextOf(id: string, context: string): Uint8Array {
  return Buffer.from(JSON.stringify(['clarity-wrapped-1', id, context]))
}
