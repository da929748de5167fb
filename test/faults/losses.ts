import { documentsOf, isGone, objectsOf, type Stores, streamsOf } from './ledger.ts'

/**
 * Compares both stores with what was acknowledged: every step up to `acknowledged` is there, byte for byte, but for what
 * it erased; the step after it, which may have been under way, is there with documents only if its objects are too;
 * nothing else is there. Returns what is wrong, one line each.
 */
export async function findLosses(stores: Stores, acknowledged: number, attempted: number): Promise<string[]> {
  const found = await namesIn(stores)
  const wrong: string[] = []
  for (let n = 1; n <= attempted; n += 1) wrong.push(...(await lossesOfStep(stores, found, n, acknowledged, attempted)))
  return [...wrong, ...[...found.keys, ...found.paths].map((name) => `${name} was never sent`)]
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
    for (const { path } of (await documents.list({ collection, limit: 10_000 })).data) paths.add(path)
  }
  return { keys, paths }
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
    if (JSON.stringify(stored?.body) !== JSON.stringify(body)) wrong.push(`${path} differs`)
  }
  for (const { key, bytes } of objects) {
    if (!Buffer.from(await blobs.get(key)).equals(bytes)) wrong.push(`${key} differs`)
  }
  return wrong
}
