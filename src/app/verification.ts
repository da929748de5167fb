import { checkKeys } from '../adapters/keys/check-keys.ts'
import type { KeysPlace } from '../adapters/keys/open-keys.ts'
import { findUnfinished, type Stores } from '../flows/fill-store.ts'
import { type CollectionComparison, compareWithBackup, inspectBackup } from '../flows/verify-backup.ts'
import { countDocuments, type ObjectReport, verifyObjects } from '../flows/verify-store.ts'
import { accountCollections } from '../model/audit.ts'
import { Problem } from '../model/problem.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Finding } from './finding.ts'
import { findWall } from './stores.ts'

/** A store that a restore or a copy has begun and not ended. */
export async function unfinishedFinding(stores: Pick<Stores, 'documents'>): Promise<Finding[]> {
  const from = await findUnfinished(stores)
  if (from === undefined) return []
  const advice = 'Run the same restore or copy again: it goes on where it ended.'
  return [{ check: 'store', ok: false, says: `half filled from ${from}`, advice }]
}

/** Whether the wall around each person stands, where the engine has one. */
export async function wallFinding(documents: string): Promise<Finding[]> {
  const wall = await findWall(documents)
  if (wall === undefined) return []
  const check = 'second wall'
  if (wall.fault === undefined) return [{ check, ok: true, says: 'row-level security holds calls for one person to that person' }]
  return [{ check, ok: false, says: 'none: only the first, in the server, is left', advice: `${wall.fault}.` }]
}

/** Whether the root key opens everybody's keys. */
export async function keysFinding(place: KeysPlace): Promise<Finding> {
  const { people, destroyed, lost } = await checkKeys(place)
  const says = `the root key opens those of ${people}; ${destroyed} were destroyed`
  if (lost.length === 0) return { check: 'keys', ok: true, says }
  const advice = `Bring them back from a copy with clarity keys restore: ${lost.slice(0, 3).join(', ')}.`
  return { check: 'keys', ok: false, says: `${says}; ${lost.length} do not open`, advice }
}

/** What documents there are, and every object read. */
export async function storeFindings(stores: Stores): Promise<Finding[]> {
  const counts = Object.entries(await countDocuments(stores)).map(([name, count]) => `${name} ${count}`)
  return [
    { check: 'documents', ok: true, says: counts.length > 0 ? counts.join(', ') : 'none' },
    objectsFinding('objects', await verifyObjects(stores), 'Restore them from a backup, or import the originals again.'),
  ]
}

/** The backup against its manifest, and the store against the backup. */
export async function backupFindings(stores: Stores, backup: Blobs): Promise<Finding[]> {
  try {
    const { manifest, files, objects } = await inspectBackup(backup)
    const advice = 'clarity backup --verify takes anew what is damaged.'
    if (files.length > 0) return [{ check: 'backup', ok: false, says: `damaged: ${files.join(', ')}`, advice }]
    const lost = manifest.lost.length
    return [
      {
        check: 'backup',
        ok: lost === 0,
        says: `of ${manifest.createdAt}${lost > 0 ? `, made without ${lost} objects that were lost before` : ''}`,
        ...(lost > 0 && { advice: 'Import the originals again; the next backup has them.' }),
      },
      objectsFinding('backup objects', objects, advice),
      ...(await compareWithBackup(stores, backup, manifest)).map(comparisonFinding),
    ]
  } catch (error) {
    if (!(error instanceof Problem && ['storage_corrupt', 'not_found'].includes(error.code))) throw error
    return [{ check: 'backup', ok: false, says: error.detail, advice: 'clarity backup takes everything anew.' }]
  }
}

function objectsFinding(check: string, { checked, missing, damaged }: ObjectReport, advice: string): Finding {
  const bad = [...missing, ...damaged]
  const says = `${checked} read and compared by SHA-256; ${missing.length} missing, ${damaged.length} damaged`
  if (bad.length === 0) return { check, ok: true, says }
  return { check, ok: false, says, advice: `${bad.slice(0, 3).join(', ')}. ${advice}` }
}

function comparisonFinding({ name, here, inBackup, different }: CollectionComparison): Finding {
  const says = `${here} here, ${inBackup} in the backup, ${different} differ`
  if (different === 0 || accountCollections.includes(name)) return { check: name, ok: true, says }
  return { check: name, ok: false, says, advice: 'What was written since the backup differs from it; a new backup brings them together.' }
}
