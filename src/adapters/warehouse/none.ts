import type { Warehouse } from '../../ports/warehouse.ts'

/** Where no SQL is wanted: keeps nothing, finds nothing. */
export function openNoWarehouse(): Warehouse & AsyncDisposable {
  const nothing = async () => undefined
  const none = async () => []
  return {
    putAnalytics: nothing,
    putTrends: nothing,
    analytics: none,
    trends: none,
    averages: none,
    delete: nothing,
    close: nothing,
    [Symbol.asyncDispose]: nothing,
  }
}
