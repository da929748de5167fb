import { Problem } from '../model/problem.ts'
import type { Blobs, Expected, StoredBlob } from '../ports/blobs.ts'
import type { NamedObject } from './named-objects.ts'

/** Where objects lie under `folder` and the keys that documents name. */
export interface Shelf {
  readonly blobs: Blobs
  /** Ends with a slash, or is empty. */
  readonly folder: string
}

/** An object to be copied, whole. */
export interface WantedObject {
  readonly key: string
  readonly length: number
  /** What documents say of the whole, where they do. */
  readonly expect: Expected
}

export interface ObjectPlan {
  /** Each key that a document names. */
  readonly named: ReadonlySet<string>
  readonly wanted: readonly WantedObject[]
  readonly bytes: number
  /** Named, and neither here nor there. */
  readonly gone: readonly string[]
  /**
   * Better copied before the moment whose documents are kept: so few objects can go away after it, and no store need hold a moment for as
   * long as much takes to copy.
   */
  readonly isMuch: boolean
}

const LITTLE = { objects: 200, bytes: 32 << 20 }

const GROUP = 64
const GROUP_BYTES = 16 << 20
/** Larger ones are streamed, one at a time. */
const IN_MEMORY = 1 << 20

/** What of `named` must be copied, each once however many documents name it. */
export async function planObjects(
  named: AsyncIterable<NamedObject>,
  { blobs, folder }: Shelf,
  isThere: (key: string, expect: Expected) => Promise<boolean>,
): Promise<ObjectPlan> {
  const keys = new Set<string>()
  const wanted: WantedObject[] = []
  const gone: string[] = []
  for await (const group of inGroups(wholes(named, keys))) {
    const looked = await Promise.all(
      group.map(async ({ key, expect }) =>
        (await isThere(key, expect)) ? undefined : { key, expect, head: await blobs.head(`${folder}${key}`) },
      ),
    )
    for (const each of looked.filter((one) => one !== undefined)) {
      if (each.head === undefined) gone.push(each.key)
      else wanted.push({ key: each.key, expect: each.expect, length: each.head.length })
    }
  }
  const bytes = wanted.reduce((sum, { length }) => sum + length, 0)
  return { named: keys, wanted, gone, bytes, isMuch: wanted.length > LITTLE.objects || bytes > LITTLE.bytes }
}

/** Each key once. What is said of a range says nothing of the whole. */
async function* wholes(named: AsyncIterable<NamedObject>, seen: Set<string>): AsyncGenerator<{ key: string; expect: Expected }> {
  for await (const { key, range, ...expect } of named) {
    if (seen.has(key)) continue
    seen.add(key)
    yield { key, expect: range === undefined ? expect : {} }
  }
}

async function* inGroups<T>(items: AsyncIterable<T>): AsyncGenerator<T[]> {
  let group: T[] = []
  for await (const item of items) {
    group.push(item)
    if (group.length < GROUP) continue
    yield group
    group = []
  }
  if (group.length > 0) yield group
}

export interface Copying {
  /** Durable by now; under the key that documents name. */
  readonly onCopied?: (stored: readonly StoredBlob[]) => Promise<void>
  readonly onProgress?: (done: number) => void
}

/** Copies what is wanted, checked on its way. Returns the keys that are gone by now, or are not what documents say. */
export async function copyObjects(
  wanted: readonly WantedObject[],
  from: Shelf,
  to: Shelf,
  { onCopied, onProgress }: Copying = {},
): Promise<string[]> {
  const lost: string[] = []
  let bytes = 0
  for (const group of groupsOf(wanted)) {
    const copied = group.length === 1 ? await streamed(group, from, to) : await carried(group, from, to)
    const stored = copied.map((blob) => ({ ...blob, key: blob.key.slice(to.folder.length) }))
    if (stored.length < group.length) {
      const arrived = new Set(stored.map(({ key }) => key))
      lost.push(...group.map(({ key }) => key).filter((key) => !arrived.has(key)))
    }
    await onCopied?.(stored)
    bytes += group.reduce((sum, { length }) => sum + length, 0)
    onProgress?.(bytes)
  }
  return lost
}

/** Small ones together, for one durable step; a large one by itself. */
function* groupsOf(wanted: readonly WantedObject[]): Generator<readonly WantedObject[]> {
  let group: WantedObject[] = []
  let bytes = 0
  for (const object of wanted) {
    if (object.length > IN_MEMORY) {
      yield [object]
      continue
    }
    group.push(object)
    bytes += object.length
    if (group.length < GROUP && bytes < GROUP_BYTES) continue
    yield group
    group = []
    bytes = 0
  }
  if (group.length > 0) yield group
}

async function carried(group: readonly WantedObject[], from: Shelf, to: Shelf): Promise<readonly StoredBlob[]> {
  const read = await Promise.all(
    group.map(({ key, expect }) =>
      orUndefined(from.blobs.get(`${from.folder}${key}`, expect).then((bytes) => ({ key: `${to.folder}${key}`, bytes }))),
    ),
  )
  const objects = read.filter((object) => object !== undefined)
  return objects.length === 0 ? [] : to.blobs.putAll(objects)
}

async function streamed([object]: readonly WantedObject[], from: Shelf, to: Shelf): Promise<readonly StoredBlob[]> {
  if (object === undefined) return []
  const { key, expect } = object
  const content = from.blobs.read(`${from.folder}${key}`, expect)
  const stored = await orUndefined(to.blobs.putStream(`${to.folder}${key}`, content, { expect }))
  return stored === undefined ? [] : [stored]
}

/** One lost object must not keep the others from being copied; the caller is told which it is. */
function orUndefined<T>(copying: Promise<T>): Promise<T | undefined> {
  return copying.catch((error) => {
    if (error instanceof Problem && (error.code === 'not_found' || error.code === 'storage_corrupt')) return undefined
    throw error
  })
}

/** Whether an object, or the range of it, is what the document says. */
export async function checkObject(
  { blobs, folder }: Shelf,
  { key, range, ...expect }: NamedObject,
): Promise<'whole' | 'missing' | 'damaged'> {
  try {
    if (range === undefined) for await (const _ of blobs.read(`${folder}${key}`, expect));
    else await blobs.get(`${folder}${key}`, { range, ...expect })
    return 'whole'
  } catch (error) {
    // A damaged list may name what is no key at all.
    if (error instanceof Problem && ['not_found', 'invalid_id'].includes(error.code)) return 'missing'
    if (error instanceof Problem && error.code === 'storage_corrupt') return 'damaged'
    throw error
  }
}
