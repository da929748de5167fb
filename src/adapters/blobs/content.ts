import { createHash, hash } from 'node:crypto'
import { Problem } from '../../model/problem.ts'
import type { Expected } from '../../ports/blobs.ts'

export interface Measured {
  readonly length: number
  readonly sha256?: string
}

export interface Gauge {
  add(chunk: Uint8Array): void
  /** Once, at the end. */
  read(): Measured
}

/** Counts what goes by, and hashes it where somebody will look. */
export function openGauge(isHashed: boolean): Gauge {
  const digest = isHashed ? createHash('sha256') : undefined
  let length = 0
  return {
    add(chunk) {
      length += chunk.byteLength
      digest?.update(chunk)
    },
    read: () => (digest === undefined ? { length } : { length, sha256: digest.digest('hex') }),
  }
}

/** Throws `Problem('storage_corrupt')` unless the content is what was expected. */
export function checkContent(key: string, found: Measured, expected: Expected = {}): void {
  if (expected.length !== undefined && expected.length !== found.length) {
    throw new Problem('storage_corrupt', `${key} has ${found.length} bytes and should have ${expected.length}`)
  }
  if (expected.sha256 !== undefined && expected.sha256 !== found.sha256) {
    throw new Problem('storage_corrupt', `${key} does not match its SHA-256`)
  }
}

export function checkBytes(key: string, bytes: Uint8Array, expected: Expected): void {
  const sha256 = expected.sha256 === undefined ? {} : { sha256: hash('sha256', bytes, 'hex') }
  checkContent(key, { length: bytes.byteLength, ...sha256 }, expected)
}
