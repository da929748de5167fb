import { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Problem } from '../model/problem.ts'
import { asDiskProblem, createFolder, errorCodeOf } from './disk.ts'
import { asStoreProblem } from './documents/sqlite-file.ts'

/** Who holds a store, as the next one is told. */
export interface Holder {
  /** As `clarity serve`. */
  readonly command: string
  /** Where it answers, if it does. */
  readonly url?: string
}

export interface StoreLock extends AsyncDisposable {
  /** What the next process is told from now on. */
  tell(holder: Holder): void
}

/**
 * Holds the store in `folder`, made when absent, for this process alone until disposed. The operating system frees the
 * lock when the process is gone, however it went. Throws `Problem('store_in_use')`, at once, naming who holds it.
 *
 * Hazard: on POSIX a process that opens and closes `lock.db` by any other way than SQLite drops its own lock.
 */
export async function lockStore(folder: string, holder: Holder): Promise<StoreLock> {
  const home = resolve(folder)
  const lock = takeLock(home)
  const note = join(home, 'lock.json')
  try {
    writeNote(note, { pid: process.pid, ...holder })
  } catch (error) {
    lock.close()
    throw asDiskProblem(error)
  }
  return {
    tell: (now) => writeNote(note, { pid: process.pid, ...now }),
    async [Symbol.asyncDispose]() {
      if (!lock.isOpen) return
      // Before the lock goes: afterwards the note may be the next holder's.
      rmSync(note, { force: true })
      lock.close()
    },
  }
}

const SQLITE_BUSY = 5

function takeLock(home: string): DatabaseSync {
  const path = join(home, 'lock.db')
  let lock: DatabaseSync | undefined
  try {
    createFolder(home)
    makeFile(path)
    lock = new DatabaseSync(path, { timeout: 0 })
    // Nothing is ever written: a full disk can be locked too.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock?.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) throw inUse(home, error)
    throw asStoreProblem(error)
  }
}

/** Makes the file for one owner's eyes. One that is there is not opened: see the hazard above. */
function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if (errorCodeOf(error) !== 'EEXIST') throw error
  }
}

interface Note extends Holder {
  readonly pid: number
}

function writeNote(path: string, note: Note): void {
  const draft = `${path}.${note.pid}`
  try {
    writeFileSync(draft, JSON.stringify(note), { mode: 0o600 })
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    // The lock holds without it, and a full disk must not keep anybody from reading.
    if (!['ENOSPC', 'EDQUOT'].includes(errorCodeOf(error))) throw error
  }
}

function inUse(home: string, cause: unknown): Problem {
  const note = readNote(join(home, 'lock.json'))
  // Where there is none yet, or one that a killed process left, its holder has only just come.
  const who = note === undefined ? 'another process' : `${note.command} (process ${note.pid})`
  const how = note?.url === undefined ? 'it is free when that ends' : `reach it with --url ${note.url}`
  return new Problem('store_in_use', `The store in ${home} is held by ${who}; ${how}.`, { cause })
}

function readNote(path: string): Note | undefined {
  try {
    const note: Note = JSON.parse(readFileSync(path, 'utf8'))
    return isAlive(note.pid) ? note : undefined
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT' || error instanceof SyntaxError) return undefined
    throw asDiskProblem(error)
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // It is there and another user's.
    return errorCodeOf(error) === 'EPERM'
  }
}
