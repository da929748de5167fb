import { closeSync, mkdirSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Scratch } from '../../ports/scratch.ts'
import { asDiskProblem } from '../disk.ts'

/** Temporary files under a folder; each loses its name as soon as it is open, so that a killed process leaves nothing behind. */
export function openFileScratch(folder: string): Scratch {
  let opened = 0
  return {
    open() {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const path = join(folder, `scratch-${process.pid}-${++opened}`)
      const file = openSync(path, 'wx+', 0o600)
      unlinkSync(path)
      let length = 0
      return {
        append(bytes) {
          const at = length
          writeAt(file, bytes, at)
          length += bytes.length
          return at
        },
        read(at, into) {
          for (let done = 0; done < into.length; ) {
            const count = readSync(file, into, done, into.length - done, at + done)
            if (count === 0) throw new Error(`scratch file ends at ${at + done}, wanted ${at + into.length}`)
            done += count
          }
        },
        get length() {
          return length
        },
        close: () => closeSync(file),
      }
    },
  }
}

/** Throws `Problem('storage_full')`. */
function writeAt(file: number, bytes: Uint8Array, at: number): void {
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, at + done)
  } catch (error) {
    throw asDiskProblem(error)
  }
}
