import { drainOutbox, type OutboxDeps } from '../../flows/warehouse-outbox.ts'
import { Problem } from '../../model/problem.ts'

/** Rows that the warehouse does not take now wait in the outbox: days and insights are there all the same. */
export async function carryRows(house: OutboxDeps, say: (text: string) => void): Promise<void> {
  try {
    await drainOutbox(house)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    say(`Rows wait for the warehouse: ${error.detail}.\n`)
  }
}
