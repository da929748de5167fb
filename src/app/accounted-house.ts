import { openLedger } from '../flows/audit-ledger.ts'
import type { Doing } from '../flows/audit-note.ts'
import { newEventIds } from '../flows/events.ts'
import { sealAudit } from '../flows/seal-audit.ts'
import { packageVersion } from './about.ts'
import { hmacOf } from './audit-parts.ts'
import { clock, newId } from './chance.ts'
import type { Config } from './config.ts'
import { type House, openHouse } from './house.ts'
import { openDocuments, storesOf } from './stores.ts'

/** What a command is about to do. */
export type CommandDoing = Pick<Doing, 'action' | 'userId'>

/**
 * A house for one command of whoever is at the machine, accounted for in the audit log: what only reads before it reads anything, what
 * changes something in the batch of its first change. What waits is sealed at its end where no other process is there to do it.
 */
export async function openAccounted(config: Config, command: string, { action, userId }: CommandDoing): Promise<House> {
  const house = await openHouse(config, command)
  const ledger = openLedger(house, house.documents, doingOf(command, { action, userId }))
  const settle = () => ledger.settle({ outcome: 'allow' })
  if (action === 'R' || action === 'export') await settleOrLeave(house, settle)
  return {
    ...house,
    documents: ledger.over(house.documents),
    async [Symbol.asyncDispose]() {
      await using _ = house
      await settle()
      if (house.isAlone) await sealAudit(house, command, 'now')
    },
  }
}

async function settleOrLeave(house: House, settle: () => Promise<void>): Promise<void> {
  try {
    await settle()
  } catch (error) {
    await house[Symbol.asyncDispose]()
    throw error
  }
}

/** Says in the log what a command is about to do that works beside whoever holds the store. */
export async function accountBeside(config: Config, command: string, action: CommandDoing['action']): Promise<void> {
  await using documents = await openDocuments(storesOf(config).documents)
  const parts = { hmacOf, nextNoteId: newEventIds({ clock, newId }), policyVersion: packageVersion }
  // It is about nobody in particular.
  const deps = { documents, clock, ...parts, auditKeyOf: async () => undefined }
  await openLedger(deps, documents, doingOf(command, { action })).settle({ outcome: 'allow' })
}

function doingOf(command: string, { action, userId }: CommandDoing): Doing {
  return { doer: { type: 'command', name: command }, action, resource: { type: command }, userId }
}
