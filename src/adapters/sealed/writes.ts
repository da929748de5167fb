import { type Collection, collections, isCollectionName, placeOf } from '../../model/collections.ts'
import type { Write } from '../../ports/documents.ts'
import { type Body, ownerOf, type Parted, part, sealedBody } from './envelope.ts'
import type { KeyRing, OwnerKeys } from './key-ring.ts'

interface Plan {
  readonly write: Write
  /** Absent where there is nothing to be sealed. */
  readonly sealing?: { readonly parted: Parted; readonly owner: string }
}

/** A body is taken as it is when the call is made, also where keys have to be waited for. */
export function sealedWrites(ring: KeyRing, writes: readonly Write[]): readonly Write[] | Promise<readonly Write[]> {
  const plans = writes.map(planOf)
  const all = plans.flatMap(({ sealing }) => sealing?.owner ?? [])
  // Of very few: a Set would have V8 make a name of each.
  const owners = all.filter((owner, at) => all.indexOf(owner) === at)
  if (owners.length === 0) return writes
  const known = owners.map((owner) => [owner, ring.knownToSeal(owner)] as const)
  if (known.every(([, keys]) => keys !== undefined)) return sealed(plans, new Map(known))
  const taken = plans.map(asItIsNow)
  const asked = owners.map(async (owner) => [owner, await ring.sealing(owner)] as const)
  return Promise.all(asked).then((keys) => sealed(taken, new Map(keys)))
}

export function planOf(write: Write): Plan {
  const row = write.op === 'put' ? rowOf(placeOf(write.path).collection) : undefined
  if (write.op !== 'put' || row?.sealed === undefined) return { write }
  const parted = part(write.body as Body, row)
  if (parted.secret === undefined) return { write }
  return { write, sealing: { parted, owner: ownerOf(write.path, parted.open) } }
}

function asItIsNow({ write, sealing }: Plan): Plan {
  if (write.op === 'delete') return { write }
  if (sealing === undefined) return { write: { ...write, body: JSON.parse(JSON.stringify(write.body)) } }
  const { parted, owner } = sealing
  return { write, sealing: { owner, parted: { ...parted, open: JSON.parse(JSON.stringify(parted.open)) } } }
}

function sealed(plans: readonly Plan[], keys: ReadonlyMap<string, OwnerKeys | undefined>): readonly Write[] {
  return plans.map(({ write, sealing }) => {
    const own = sealing && keys.get(sealing.owner)
    return write.op === 'put' && sealing && own ? { ...write, body: sealedBody(sealing.parted, sealing.owner, write.path, own) } : write
  })
}

export function rowOf(collection: string): Collection | undefined {
  return isCollectionName(collection) ? collections[collection] : undefined
}
