import { isDeepStrictEqual } from 'node:util'
import { every } from '../../src/flows/every.ts'
import { documentsOf, isGone, objectsOf, type Stores, streamsOf } from './steps.ts'

interface Range {
  /** The first step to be compared; of those before it the names alone are looked at. */
  readonly since?: number
  /** Names that someone else sent. */
  readonly isTheirs?: (name: string) => boolean
}

/**
 * Compares both stores with what was acknowledged: every step up to `acknowledged` is there, byte for byte, but for what
 * it erased; the step after it, which may have been under way, is there with documents only if its objects are too;
 * nothing else is there. Returns what is wrong, one line each.
 */
export async function findLosses(
  stores: Stores,
  acknowledged: number,
  attempted: number,
  { since = 1, isTheirs = () => false }: Range = {},
): Promise<string[]> {
  const found = await namesIn(stores)
  const wrong: string[] = []
  for (let n = 1; n < since; n += 1) forget(found, n)
  for (let n = since; n <= attempted; n += 1) wrong.push(...(await lossesOfStep(stores, found, n, acknowledged, attempted)))
  const strangers = [...found.keys, ...found.paths].filter((name) => !isTheirs(name))
  return [...wrong, ...strangers.map((name) => `${name} was never sent`)]
}

/** What is there and not yet accounted for. */
interface Found {
  readonly keys: Set<string>
  readonly paths: Set<string>
}

async function namesIn({ documents, blobs }: Stores): Promise<Found> {
  const keys = new Set<string>()
  for await (const { key } of blobs.list('')) keys.add(key)
  const paths = new Set<string>()
  for (const collection of ['healthSessions', 'days', 'jobs']) {
    for await (const { path } of every(documents, { collection })) paths.add(path)
  }
  return { keys, paths }
}

function forget({ keys, paths }: Found, n: number): void {
  for (const { path } of documentsOf(n)) paths.delete(path)
  for (const { key } of [...objectsOf(n), ...streamsOf(n)]) keys.delete(key)
}

async function lossesOfStep(
  { documents, blobs }: Stores,
  found: Found,
  n: number,
  acknowledged: number,
  attempted: number,
): Promise<string[]> {
  const wrong: string[] = []
  const puts = documentsOf(n)
  const objects = [...objectsOf(n), ...streamsOf(n)]
  const present = puts.filter(({ path }) => found.paths.delete(path))
  const kept = objects.filter(({ key }) => found.keys.delete(key))
  const mayBeGone = n > acknowledged || isGone(n, attempted)

  if (present.length !== 0 && present.length !== puts.length) wrong.push(`half of the batch ${n} is there`)
  if (present.length === 0 && !mayBeGone) wrong.push(`the documents of ${n} are lost`)
  if (kept.length !== objects.length && (present.length > 0 || !mayBeGone)) wrong.push(`objects of ${n} are lost`)
  if (isGone(n, acknowledged) && present.length + kept.length > 0) wrong.push(`${n} was erased and is there`)
  return [...wrong, ...(await differences({ documents, blobs }, present, kept))]
}

async function differences(
  { documents, blobs }: Stores,
  puts: ReturnType<typeof documentsOf>,
  objects: ReturnType<typeof objectsOf>,
): Promise<string[]> {
  const wrong: string[] = []
  for (const { path, body } of puts) {
    const stored = await documents.get(path)
    if (!isDeepStrictEqual(stored?.body, body)) wrong.push(`${path} differs`)
  }
  for (const { key, bytes } of objects) {
    if (!Buffer.from(await blobs.get(key)).equals(bytes)) wrong.push(`${key} differs`)
  }
  return wrong
}
