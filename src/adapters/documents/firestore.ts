import type { QueryDocumentSnapshot } from '@google-cloud/firestore'
import { placeOf } from '../../model/collections.ts'
import type { ClaimQuery, Documents, ListQuery, Page, Stored, Write } from '../../ports/documents.ts'
import { beginClaim, type Claim } from './claims.ts'
import { decodeDocument } from './firestore-body.ts'
import { foundIn } from './firestore-change.ts'
import { type FirestoreLine, type FirestoreOptions, openFirestore } from './firestore-client.ts'
import { pageOfDocuments, planQuery } from './firestore-query.ts'
import { commitWrites, replaceFound } from './firestore-write.ts'
import { eachOf, planWrites, type WritePlan } from './writes.ts'

/**
 * Documents in Firestore (native mode): `firestore://PROJECT[/DATABASE]`, each at its own path with its body's fields as its
 * own. The database must have the indexes of `firestore.indexes.json`. Any number of processes may share it.
 */
export async function openFirestoreDocuments(url: string, options: FirestoreOptions = {}): Promise<Documents & AsyncDisposable> {
  const line = await openFirestore(url, options)
  const { client, run, close } = line

  async function get<T>(path: string): Promise<Stored<T> | undefined> {
    placeOf(path)
    const data = (await run(() => client.doc(path).get())).data()
    return data === undefined ? undefined : decodeDocument(path, data)
  }

  async function batch(writes: readonly Write[]): Promise<void> {
    const plans = planWrites(writes)
    if (plans.length > 0) await run(() => commitWrites(line, plans.flatMap(eachOf)))
  }

  async function claim<T extends object>(query: ClaimQuery, change: (found: Stored<T>) => T | undefined): Promise<Stored<T>[]> {
    const begun = beginClaim(query, change)
    let cursor: string | undefined
    for (let next = begun.next(); next !== undefined; next = cursor === undefined ? undefined : begun.next(cursor)) {
      const snapshots = await read(line, next)
      const page = pageOfDocuments(next, snapshots)
      await takeFrom(line, begun, page, snapshots)
      cursor = page.nextCursor
    }
    return begun.taken as Stored<T>[]
  }

  return {
    get,
    list: async <T>(query: ListQuery): Promise<Page<T>> => pageOfDocuments(query, await read(line, query)),
    batch,
    claim,
    actingFor(this: Documents) {
      return this
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function read({ client, sdk, run }: FirestoreLine, query: ListQuery): Promise<readonly QueryDocumentSnapshot[]> {
  const planned = planQuery(client, sdk, query)
  return planned === undefined ? [] : (await run(() => planned.get())).docs
}

/** Until what is looked for is taken or the whole page was looked at; a document that somebody else took first is passed by. */
async function takeFrom(line: FirestoreLine, claim: Claim, { data }: Page, snapshots: readonly QueryDocumentSnapshot[]): Promise<void> {
  const byPath = new Map(snapshots.map((snapshot) => [snapshot.ref.path, snapshot]))
  for (;;) {
    const plans = data.map(claim.take).filter((plan) => plan !== undefined)
    if (plans.length === 0) return
    const lost = await line.run(() => lostOf(line, plans, byPath))
    claim.taken.splice(0, Number.POSITIVE_INFINITY, ...claim.taken.filter(({ path }) => !lost.has(path)))
  }
}

async function lostOf(
  line: FirestoreLine,
  plans: readonly WritePlan[],
  byPath: ReadonlyMap<string, QueryDocumentSnapshot>,
): Promise<ReadonlySet<string>> {
  const takes = plans.map(async (plan) => {
    const snapshot = byPath.get(plan.path)
    return snapshot !== undefined && (await replaceFound(line, plan, foundIn(snapshot))) ? [] : [plan.path]
  })
  // All have ended when the first that failed comes out.
  const ended = await Promise.allSettled(takes)
  const failed = ended.find((take) => take.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return new Set(ended.flatMap((take) => (take.status === 'fulfilled' ? take.value : [])))
}
