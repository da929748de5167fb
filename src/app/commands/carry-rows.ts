import { computeTrends, type TrendDeps } from '../../flows/compute-trends.ts'
import { drainOutbox } from '../../flows/warehouse-outbox.ts'
import { Problem } from '../../model/problem.ts'

/**
 * Rows to the warehouse, and the trends that they change. What the warehouse does not take now waits in the outbox: days and insights are
 * there all the same.
 */
export async function carryRows(house: TrendDeps, userId: string, say: (text: string) => void): Promise<void> {
  try {
    const carried = await drainOutbox(house)
    if (carried > 0) await computeTrends(house, userId)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    say(`Rows wait for the warehouse: ${error.detail}.\n`)
  }
}
