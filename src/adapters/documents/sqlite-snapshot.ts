import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import type { Documents } from '../../ports/documents.ts'
import { createFolder, errorCodeOf } from '../disk.ts'
import { readOnly } from './read-only.ts'
import { openSqliteDocuments } from './sqlite.ts'
import { asStoreProblem } from './sqlite-file.ts'

/**
 * The documents of a SQLite store as they are at this moment, whoever has it open: a copy by SQLite's backup interface, private to this
 * process, gone when it is closed or the process dies. `folder` must have room for it, and is made when absent.
 */
export async function snapshotSqliteDocuments(path: string, folder: string): Promise<Documents & AsyncDisposable> {
  try {
    createFolder(resolve(folder))
    sweep(folder)
    const home = mkdtempSync(join(folder, `snapshot-${process.pid}-`))
    try {
      const copy = join(home, 'documents.db')
      await copyFile(path, copy)
      return readOnly(openSqliteDocuments(`sqlite:${copy}`))
    } finally {
      // Its names only: the open file stays until it is closed.
      rmSync(home, { recursive: true })
    }
  } catch (error) {
    throw asStoreProblem(error)
  }
}

/** What a process left that was killed while it copied. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = /^snapshot-(\d+)-/.exec(name)?.[1]
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(folder, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return errorCodeOf(error) === 'EPERM'
  }
}

// All pages in one step: a writer in another process would make several steps begin again and again.
const rate = 0x7fff_ffff

async function copyFile(path: string, copy: string): Promise<void> {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 1000 })
  try {
    await backup(db, copy, { rate })
  } finally {
    db.close()
  }
}
