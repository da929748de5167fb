import { createWriteStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { entryPath } from '../flows/audit-chain.ts'
import { type AuditSigner, readCheckpoint, signCheckpoint, verifierKey } from '../flows/audit-checkpoint.ts'
import { type AuditPlaces, auditLines, findCheckpoints } from '../flows/audit-lines.ts'
import { sealAudit } from '../flows/seal-audit.ts'
import { type AuditEntry, auditId } from '../model/audit.ts'
import { Problem } from '../model/problem.ts'
import { digest } from './audit-parts.ts'
import { sealsOf } from './audit-seals.ts'
import { openAuditSigner } from './audit-signer.ts'
import { requireStore } from './backup-place.ts'
import type { Config } from './config.ts'
import { openHouse } from './house.ts'
import { openKeysHere } from './open-keys.ts'
import { checkpointsOf, openBlobs, openSnapshot, storesOf } from './stores.ts'

/** The log of a store at one moment, with its checkpoints. */
export interface AuditOfStore extends AsyncDisposable {
  readonly places: AuditPlaces
  readonly checkpoints: readonly string[]
  readonly signer: AuditSigner
  lines(to?: number): AsyncIterable<string>
  entryAt(seq: number): Promise<AuditEntry | undefined>
}

/** Sealed and signed to its end, unless another process holds the store: that one does it. */
export async function auditOfStore(config: Config, say: (text: string) => void): Promise<AuditOfStore> {
  requireStore(storesOf(config).documents)
  await sealNow(config, say)
  await using opened = new AsyncDisposableStack()
  const keys = opened.use(await openKeysHere(config))
  const outside = opened.use(await openBlobs(checkpointsOf(config)))
  // Before the entries are: what is signed meanwhile must not seem to be cut off.
  const checkpoints = await findCheckpoints(outside)
  const documents = opened.use(await openSnapshot(storesOf(config).documents))
  const held = opened.move()
  return {
    places: { documents, checkpoints: outside },
    checkpoints,
    signer: openAuditSigner(config, keys.storeId),
    lines: (to) => auditLines({ documents, checkpoints: outside }, to),
    entryAt: async (seq) => (await documents.get<AuditEntry>(entryPath(seq)))?.body,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

async function sealNow(config: Config, say: (text: string) => void): Promise<void> {
  try {
    await using house = await openHouse(config, 'clarity audit')
    await sealAudit(house, 'clarity audit')
    await signCheckpoint(await sealsOf(house, config)(), 'now')
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'store_in_use')) throw error
    say('A server holds the store, and seals and signs its log: this is what it has so far.\n')
  }
}

/** `entries.ndjson` up to the last checkpoint, `checkpoints/`, and the key that verifies them, `audit.vkey`. */
export async function writeAudit(log: AuditOfStore, folder: string): Promise<{ readonly entries: number; readonly checkpoints: number }> {
  const sizes = log.checkpoints.map((note) => readCheckpoint(note)?.size ?? 0)
  for (const [at, note] of log.checkpoints.entries()) writeFileSync(join(folder, 'checkpoints', auditId(sizes[at] ?? 0)), note)
  writeFileSync(join(folder, 'audit.vkey'), `${verifierKey(digest, log.signer)}\n`)
  let entries = 0
  const text = async function* () {
    for await (const line of log.lines(Math.max(0, ...sizes))) {
      entries += 1
      yield `${line}\n`
    }
  }
  await pipeline(Readable.from(text()), createWriteStream(join(folder, 'entries.ndjson'), { mode: 0o600 }))
  return { entries, checkpoints: sizes.length }
}
