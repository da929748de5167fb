import type { BackupManifest } from '../model/backup.ts'
import { Problem } from '../model/problem.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Documents } from '../ports/documents.ts'
import type { Keys } from '../ports/keys.ts'
import { documentsIn } from './backup-files.ts'

/** Says which store of keys these data are sealed with. */
export const keysMarkPath = 'system/keys'

interface Deps {
  readonly documents: Documents
  readonly keys: Pick<Keys, 'storeId'>
}

/**
 * Throws `Problem('wrong_root_key')` where the data were sealed with the keys of another store: as on a second machine that has its own, or
 * where the keys were not brought back with the data.
 */
export async function refuseOtherKeys({ documents, keys }: Deps): Promise<void> {
  const mark = await documents.get<KeysMark>(keysMarkPath)
  if (mark !== undefined) refuseUnlike(mark.body.storeId, keys.storeId)
}

/** The same of a backup, before anything of it is restored; `keys` are only asked for where it is sealed. */
export async function refuseOtherKeysThan(
  backup: Blobs,
  { collections }: BackupManifest,
  keys: () => Promise<Pick<Keys, 'storeId'>>,
): Promise<void> {
  if (collections.system === undefined) return
  for await (const { path, body } of documentsIn(backup, 'system', collections.system.file))
    if (path === keysMarkPath) refuseUnlike((body as KeysMark).storeId, (await keys()).storeId)
}

interface KeysMark {
  readonly storeId: string
}

function refuseUnlike(storeId: string, here: string): void {
  if (storeId === here) return
  const [theirs, ours] = [storeId, here].map((id) => id.slice(0, 8))
  throw new Problem('wrong_root_key', `These data are sealed with the keys of the store ${theirs}, and CLARITY_KEYS leads to ${ours}.`)
}

/** For whoever seals the first thing. Throws as `refuseOtherKeys` does. */
export async function markKeys({ documents, keys }: Deps): Promise<void> {
  const { storeId } = keys
  if ((await documents.get(keysMarkPath)) === undefined) {
    try {
      await documents.batch([{ op: 'put', path: keysMarkPath, body: { storeId }, ifAbsent: true }])
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'conflict')) throw error
    }
  }
  await refuseOtherKeys({ documents, keys })
}
