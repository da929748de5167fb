import { type Collection, type CollectionName, collectionNames, collections, placeOf } from '../model/collections.ts'
import { Problem } from '../model/problem.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Documents, ListQuery, Stored } from '../ports/documents.ts'
import { HOUSE, type Keys } from '../ports/keys.ts'
import type { Sealing } from '../ports/sealing.ts'
import type { Timer } from '../ports/timer.ts'
import { every } from './every.ts'
import type { Stores } from './fill-store.ts'
import { namesObjects, objectsOf } from './named-objects.ts'

export interface ResealDeps {
  readonly documents: Documents
  readonly blobs: Blobs
  readonly lying: Stores
  readonly keys: Keys
  readonly sealing: Sealing
  readonly timer: Timer
}

export interface Resealed {
  readonly people: number
  readonly documents: number
  readonly objects: number
}

/** Within this every process has found out that there is a newer key. */
const SETTLE_MS = 1000
const AT_ONCE = 16

/**
 * Gives a person, or everybody, a newer data key, and seals with it all that lies sealed otherwise: with an older one, or not at all. Beside
 * whoever reads and writes: what changes meanwhile is sealed anew by who changes it. Killed anywhere it can be called again.
 */
export async function rotateKeys(deps: ResealDeps, userId?: string, onPerson?: (done: number, total: number) => void): Promise<Resealed> {
  const people = userId === undefined ? [...(await everybody(deps)), HOUSE] : [userId]
  const alive: string[] = []
  for (const person of people) if (await isRotated(deps.keys, person)) alive.push(person)
  await deps.timer.wait(SETTLE_MS)
  let [documents, objects] = [0, 0]
  for (const [at, person] of alive.entries()) {
    const named = new Map<string, string[]>()
    documents += await resealDocuments(deps, person, named)
    // After the documents: one that lies in the open says what its object holds as it lies.
    objects += await resealObjects(deps, named)
    onPerson?.(at + 1, alive.length)
  }
  return { people: alive.filter((person) => person !== HOUSE).length, documents, objects }
}

async function everybody({ lying }: ResealDeps): Promise<string[]> {
  const ids: string[] = []
  for await (const { path } of every(lying.documents, { collection: 'users' })) ids.push(placeOf(path).id)
  return ids
}

/** False for one whose keys were destroyed. */
async function isRotated(keys: Keys, person: string): Promise<boolean> {
  try {
    await keys.rotate(person)
    return true
  } catch (error) {
    if (error instanceof Problem && error.code === 'erased') return false
    throw error
  }
}

/** `named` is told which document names which object. */
async function resealDocuments(deps: ResealDeps, person: string, named: Map<string, string[]>): Promise<number> {
  let count = 0
  for (const collection of collectionNames) {
    const row: Collection = collections[collection]
    if (row.sealed === undefined) continue
    await inLanes(lyingOf(deps.lying.documents, collection, person), async (lying) => {
      const resealed = (await deps.sealing.isStale(lying)) ? await resealDocument(deps, lying.path) : 0
      count += resealed
      if (!namesObjects(collection)) return
      for (const { key } of objectsOf(collection, lying.body)) named.set(key, [...(named.get(key) ?? []), lying.path])
    })
  }
  return count
}

async function* lyingOf(documents: Documents, collection: CollectionName, person: string): AsyncGenerator<Stored<object>> {
  const query = queryOf(collection, person)
  if (query === undefined) {
    const found = await documents.get<object>(`users/${person}`)
    if (found !== undefined) yield found
    return
  }
  for await (const found of every<object>(documents, query)) if (isOf(found, person)) yield found
}

/** Undefined for the document of the person itself. */
function queryOf(collection: CollectionName, person: string): Omit<ListQuery, 'limit'> | undefined {
  const { path, indexes }: Collection = collections[collection]
  if (person === HOUSE) return { collection }
  if (path === 'users/{userId}') return undefined
  if (path.split('/').length === 4 && path.startsWith('users/{userId}/')) return { collection, parent: `users/${person}` }
  const index = Object.keys(indexes).find((name) => indexes[name]?.[0] === 'userId')
  return index === undefined ? { collection } : { collection, index, equals: [person] }
}

function isOf({ path, body }: Stored<object>, person: string): boolean {
  const owner = placeOf(path).ids.userId ?? (body as { readonly userId?: string }).userId ?? HOUSE
  return owner === person
}

async function resealDocument({ documents }: ResealDeps, path: string): Promise<number> {
  const now = await documents.get<object>(path)
  if (now === undefined) return 0
  try {
    await documents.batch([{ op: 'put', path, body: now.body, ifVersion: now.version }])
    return 1
  } catch (error) {
    // Whoever was quicker sealed it.
    if (error instanceof Problem && error.code === 'conflict') return 0
    throw error
  }
}

async function resealObjects(deps: ResealDeps, named: ReadonlyMap<string, readonly string[]>): Promise<number> {
  let count = 0
  for (const [key, paths] of named) {
    try {
      if (!(await deps.sealing.isStaleObject(key))) continue
      await deps.blobs.putStream(key, deps.blobs.read(key))
      count++
    } catch (error) {
      // Lost before, or left by its documents meanwhile.
      if (!(error instanceof Problem && error.code === 'not_found')) throw error
    }
    if (!(await isNamed(deps, key, paths))) await deps.blobs.delete(key)
  }
  return count
}

/** It may have been left and deleted between being read and being put. */
async function isNamed({ lying }: ResealDeps, key: string, paths: readonly string[]): Promise<boolean> {
  for (const path of paths) {
    const { collection } = placeOf(path)
    const found = namesObjects(collection) ? await lying.documents.get<object>(path) : undefined
    if (found !== undefined && namesObjects(collection) && objectsOf(collection, found.body).some((each) => each.key === key)) return true
  }
  return false
}

async function inLanes<T>(items: AsyncIterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  let lanes: Promise<void>[] = []
  for await (const item of items) {
    lanes.push(work(item))
    if (lanes.length < AT_ONCE) continue
    await Promise.all(lanes)
    lanes = []
  }
  await Promise.all(lanes)
}
