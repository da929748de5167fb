import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { systemTimer } from '../../adapters/timer/system.ts'
import { api } from '../../api/api.ts'
import { makeClient } from '../../client/client.ts'
import { askForErasure, requireErasure } from '../../flows/erase-user.ts'
import { requireUser } from '../../flows/manage-user.ts'
import type { ErasureReceipt } from '../../model/erasure.ts'
import type { StoredJob } from '../../model/job.ts'
import { Problem } from '../../model/problem.ts'
import { openAccounted } from '../accounted-house.ts'
import type { Command, Run } from '../command.ts'
import { startWorker } from '../worker.ts'
import { requireUserId } from './user-flag.ts'

const POLL_MS = 100

export const erase: Command = {
  summary: 'Erase a person and all their data, for good, and get the signed receipt.',
  usage: '--user ID [--yes] [--receipt FILE]',
  flags: {
    user: { value: 'ID', help: 'who goes' },
    yes: { help: 'do not ask whether it is meant' },
    receipt: { value: 'FILE', help: 'keep the receipt there; clarity verify-receipt checks it' },
  },
  isRemote: true,
  async run(run) {
    const userId = requireUserId(run)
    const receipt = run.remote ? await eraseAt(run, userId) : await eraseHere(run, userId)
    const { receipt: file } = run.flags
    if (file !== undefined) writeFileSync(file, `${JSON.stringify(receipt, null, 2)}\n`, { mode: 0o600 })
    run.out(run.json ? `${JSON.stringify(receipt)}\n` : describe(receipt, file))
    return 0
  },
}

async function eraseHere(run: Run, userId: string): Promise<ErasureReceipt> {
  await using house = await openAccounted(run.config, 'clarity erase', { action: 'D', userId })
  const isUnderWay = await house.tombstones.isErased(userId)
  if (!isUnderWay) {
    await requireUser(house, userId)
    await confirm(run, userId)
  }
  const { erasureId, job } = await askForErasure(house, userId)
  const worker = startWorker(house, { only: 'erase', times: { graceMs: 0, leaseMs: 2000, heartbeatMs: 500 } })
  try {
    for (;;) {
      const erasure = await requireErasure(house, erasureId)
      if (erasure.status === 'erased') return erasure.receipt
      if (erasure.status === 'replayed') throw new Problem('erased', 'This account was erased before the store was restored.')
      await refuseFailed((await house.documents.get<StoredJob>(`jobs/${job.jobId}`))?.body)
      await systemTimer.wait(POLL_MS)
    }
  } finally {
    await worker.stop()
  }
}

function refuseFailed(job: StoredJob | undefined): void {
  if (job?.status !== 'failed' && job?.status !== 'cancelled') return
  throw new Problem('unavailable', `The job ${job.jobId} came to no end; clarity jobs retry ${job.jobId} goes on with it.`)
}

async function eraseAt(run: Run, userId: string): Promise<ErasureReceipt> {
  const { remote, flags, config } = run
  await confirm(run, userId)
  const { erasureId, receiptKey } = (await remote?.deleteUser({ params: { userId } }))?.body ?? { erasureId: '', receiptKey: '' }
  // With the key of a person who is erased nothing can be asked any more.
  const asker = makeClient(api, { url: flags.url ?? config.url ?? '', token: receiptKey })
  for (;;) {
    const { body } = await asker.getErasure({ params: { erasureId } })
    if (body.status === 'erased') return body.receipt
    await systemTimer.wait(POLL_MS)
  }
}

/** Throws `Problem('wrong_use' | 'cancelled')`. */
async function confirm({ flags, say }: Run, userId: string): Promise<void> {
  if (flags.yes !== undefined) return
  if (!process.stdin.isTTY) throw new Problem('wrong_use', 'This cannot be undone: say --yes where nobody can be asked.')
  say(`All data of ${userId} will be erased: sessions, originals, days, insights, keys. It cannot be undone.\n`)
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const said = await lines.question('Type the id to go on: ')
  lines.close()
  if (said.trim() !== userId) throw new Problem('cancelled', 'Nothing was erased.')
}

function describe({ erasureId, erasedAt, classes, keyFingerprints }: ErasureReceipt, file: string | undefined): string {
  const sums = Object.values(classes).reduce(
    (sum, { documents, objects }) => ({ documents: sum.documents + documents, objects: sum.objects + objects }),
    { documents: 0, objects: 0 },
  )
  const kept = file === undefined ? '  Say --receipt FILE another time to keep the receipt; it stays readable under its id.\n' : ''
  return `Erased at ${erasedAt}: ${sums.documents} documents, ${sums.objects} objects, ${keyFingerprints.length} keys. Receipt ${erasureId}\n${kept}`
}
