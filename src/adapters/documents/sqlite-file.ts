import { closeSync, openSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { Problem, type ProblemCode } from '../../model/problem.ts'
import { asDiskProblem, createFolder } from '../disk.ts'

/** What a file of ours holds, as it says itself. */
export interface FileKind {
  /** PRAGMA application_id: four letters. */
  readonly applicationId: number
  /** PRAGMA user_version: a file of a later one is refused. */
  readonly layoutVersion: number
}

// 'CLOO'
const documentFile: FileKind = { applicationId: 0x43_4c_4f_4f, layoutVersion: 1 }
const busyTimeoutMs = 1000

/** Opens the file, made when absent for one owner's eyes, set so that a commit is on the disk when it returns. */
export function openFile(path: string, kind: FileKind = documentFile): DatabaseSync {
  const db = new DatabaseSync(path === ':memory:' ? path : createFile(path), { timeout: busyTimeoutMs, enableForeignKeyConstraints: true })
  try {
    // fullfsync: on macOS an fsync alone leaves the bytes in the drive's cache.
    db.exec(
      'PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA secure_delete = ON; PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY',
    )
    claimFile(db, path, kind)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Moves what the log holds into the main file and empties the log; false while another process is in the way. */
export function emptyLog(db: DatabaseSync): boolean {
  db.exec('PRAGMA busy_timeout = 0')
  try {
    return db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy === 0
  } finally {
    db.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`)
  }
}

/** Moves what the log holds into the main file while others read and write; nothing where another process is at it. */
export function moveLog(db: DatabaseSync): void {
  db.exec('PRAGMA wal_checkpoint(PASSIVE)')
}

export type Prepare = (sql: string) => StatementSync

/** Each statement is compiled once. */
export function cachedStatements(db: DatabaseSync): Prepare {
  const statements = new Map<string, StatementSync>()
  return (sql) => {
    const known = statements.get(sql)
    if (known !== undefined) return known
    const statement = db.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
}

// Result codes of SQLite (sqlite.org/rescode.html), primary ones but for the last.
const failures: Readonly<Record<number, readonly [ProblemCode, string]>> = {
  5: ['unavailable', 'Another process holds the store locked; try again'],
  6: ['unavailable', 'The store is locked; try again'],
  8: ['unavailable', 'The store can only be read'],
  10: ['unavailable', 'The disk of the store reported an error'],
  11: ['storage_corrupt', 'The store is damaged'],
  13: ['storage_full', 'No space is left for the store'],
  14: ['unavailable', 'The store cannot be opened'],
  26: ['storage_corrupt', 'The store is not a SQLite file'],
  // SQLITE_CONSTRAINT_TRIGGER
  1811: ['unavailable', 'A rule of the store forbids it'],
}

/** What SQLite or the operating system said, as a `Problem`; any other error as it is. */
export function asStoreProblem(error: unknown): unknown {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0
  const failure = failures[code] ?? failures[code & 0xff]
  return failure === undefined ? asDiskProblem(error) : new Problem(failure[0], failure[1], { cause: error })
}

function createFile(path: string): string {
  const full = resolve(path)
  createFolder(dirname(full))
  // SQLite gives the log and its index the mode of the main file.
  closeSync(openSync(full, 'a', 0o600))
  return full
}

function claimFile(db: DatabaseSync, path: string, { applicationId, layoutVersion }: FileKind): void {
  const owner = pragma(db, 'application_id')
  const isEmpty = db.prepare('SELECT 1 FROM sqlite_schema').get() === undefined
  if (owner !== applicationId && !isEmpty) throw new Problem('unavailable', `${path} is the SQLite file of another program`)
  if (Number(pragma(db, 'user_version')) > layoutVersion) throw new Problem('unavailable', `${path} was written by a newer version`)
  if (owner !== applicationId)
    db.exec(`BEGIN IMMEDIATE; PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${layoutVersion}; COMMIT`)
  const mode = db.prepare('PRAGMA journal_mode = WAL').get()?.journal_mode
  if (mode !== 'wal' && path !== ':memory:')
    throw new Problem('unavailable', `${path} lies on a file system that cannot hold a store; use a local disk`)
}

function pragma(db: DatabaseSync, name: string): unknown {
  return db.prepare(`PRAGMA ${name}`).get()?.[name]
}
