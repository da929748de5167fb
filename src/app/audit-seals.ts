import type { CheckpointDeps } from '../flows/audit-checkpoint.ts'
import { openAuditSigner } from './audit-signer.ts'
import type { Config } from './config.ts'
import type { House } from './house.ts'
import { checkpointsOf, openBlobs } from './stores.ts'

/** What seals and signs the audit log. Opened when it is first needed, and tried again where that failed. */
export function sealsOf(house: House, config: Config): () => Promise<CheckpointDeps> {
  let opened: Promise<CheckpointDeps> | undefined
  return () => {
    opened ??= openSeals(house, config).catch((error) => {
      opened = undefined
      throw error
    })
    return opened
  }
}

async function openSeals({ documents, clock, digest, keys }: House, config: Config): Promise<CheckpointDeps> {
  const checkpoints = await openBlobs(checkpointsOf(config))
  return { documents, clock, digest, checkpoints, signer: openAuditSigner(config, keys.storeId) }
}
