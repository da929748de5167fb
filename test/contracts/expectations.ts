import { expect } from 'vitest'
import { Problem } from '../../src/model/problem.ts'
import type { Blobs } from '../../src/ports/blobs.ts'
import type { Write } from '../../src/ports/documents.ts'

export function put(path: string, body: object): Write & { readonly op: 'put' } {
  return { op: 'put', path, body }
}

/** Fails unless `work` is rejected with a `Problem` of this code that says something. */
export async function expectProblem(code: Problem['code'], work: Promise<unknown>): Promise<void> {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  )
  expect(error).toBeInstanceOf(Problem)
  expect(error).toMatchObject({ code, message: expect.stringMatching(/^[A-Z0-9a-z].{8,}/) })
}

export function text(content: string): Uint8Array {
  return new TextEncoder().encode(content)
}

export async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = []
  for await (const item of items) collected.push(item)
  return collected
}

export async function keysOf(blobs: Blobs, prefix: string): Promise<string[]> {
  return (await collect(blobs.list(prefix))).map(({ key }) => key)
}
