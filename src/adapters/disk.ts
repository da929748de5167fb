import { closeSync, fsync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { Problem, type ProblemCode } from '../model/problem.ts'

const fsyncFile = promisify(fsync)

const failures: Readonly<Record<string, readonly [ProblemCode, string]>> = {
  ENOSPC: ['storage_full', 'No space is left on the disk'],
  EDQUOT: ['storage_full', 'The disk quota is used up'],
  EFBIG: ['storage_full', 'A file would grow beyond the limit set for it'],
  EIO: ['unavailable', 'The disk reported an error'],
  EROFS: ['unavailable', 'The data folder can only be read'],
  EACCES: ['unavailable', 'No permission for the data folder'],
  EPERM: ['unavailable', 'No permission for the data folder'],
  EMFILE: ['unavailable', 'Too many open files'],
  ENFILE: ['unavailable', 'Too many open files'],
}

export function errorCodeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** What the operating system said, as a `Problem`; any other error as it is. */
export function asDiskProblem(error: unknown): unknown {
  const failure = failures[errorCodeOf(error)]
  return failure === undefined ? error : new Problem(failure[0], failure[1], { cause: error })
}

/**
 * A folder for one owner's eyes, its name durable with those above it. Also those that were there already: the process
 * that made them may have died before its sync.
 */
export function createFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (cause) {
    if (!['EEXIST', 'ENOTDIR'].includes(errorCodeOf(cause))) throw cause
    throw new Problem('unavailable', `${folder} should be a folder and is a file`, { cause })
  }
  let parent = dirname(folder)
  while (syncIfOurs(parent) && parent !== dirname(parent)) parent = dirname(parent)
}

/** False where we may not open the folder: then it was not we who made what is in it. */
function syncIfOurs(folder: string): boolean {
  try {
    const descriptor = openFolder(folder)
    if (descriptor === undefined) return false
    try {
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    return true
  } catch (error) {
    if (['EACCES', 'EPERM', 'EINVAL'].includes(errorCodeOf(error))) return false
    throw error
  }
}

/** Makes the names in a folder durable. A folder that is gone by now has nothing left to keep. */
export async function syncFolder(folder: string): Promise<void> {
  const descriptor = openFolder(folder)
  if (descriptor === undefined) return
  try {
    await fsyncFile(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function openFolder(folder: string): number | undefined {
  // Windows opens no folder as a file; NTFS journals names by itself.
  if (process.platform === 'win32') return undefined
  try {
    return openSync(folder, 'r')
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return undefined
    throw error
  }
}
