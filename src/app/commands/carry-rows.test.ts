import { expect, test } from 'vitest'
import { aDay } from '../../../test/fixtures/days.ts'
import { openSqliteDocuments } from '../../adapters/documents/sqlite.ts'
import { openNoWarehouse } from '../../adapters/warehouse/none.ts'
import { toOutbox } from '../../flows/warehouse-outbox.ts'
import { Problem } from '../../model/problem.ts'
import type { Warehouse } from '../../ports/warehouse.ts'
import { carryRows } from './carry-rows.ts'

async function said(failure: Error): Promise<string> {
  await using documents = openSqliteDocuments('sqlite::memory:')
  await documents.batch([...toOutbox(aDay('2024-01-20'), 0)])
  const warehouse: Warehouse = { ...openNoWarehouse(), putAnalytics: () => Promise.reject(failure) }
  let words = ''
  await carryRows({ documents, warehouse, clock: { nowMs: () => 0 } }, 'u1', (text) => {
    words += text
  })
  expect((await documents.list({ collection: 'outbox', limit: 1 })).data).toHaveLength(1)
  return words
}

test('a warehouse that does not answer stops no command: its rows wait, and that is said', async () => {
  expect(await said(new Problem('unavailable', 'PostgreSQL does not answer'))).toBe(
    'Rows wait for the warehouse: PostgreSQL does not answer.\n',
  )
})

test('a bug comes out', async () => {
  await expect(said(new TypeError('a bug'))).rejects.toThrow('a bug')
})
