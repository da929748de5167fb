import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { encodeCursor } from './cursor.ts'
import { type PagePlan, planPage } from './page.ts'
import { sqliteDialect } from './sqlite-dialect.ts'
import { migrate } from './sqlite-tables.ts'
import { tables } from './tables.ts'

const db = new DatabaseSync(':memory:')
migrate(db, {})

const declared = [...tables.values()].flatMap((table) =>
  [...table.indexes].map(([index, { columns, sqlName }]) => ({ collection: table.name, index, columns, sqlName })),
)

test.each(declared)(
  '$collection by $index is read in order from its index, for every number of equal fields',
  ({ collection, index, columns, sqlName }) => {
    for (let count = 0; count <= columns.length; count += 1) {
      const plan = planPage(sqliteDialect, { collection, index, equals: Array.from({ length: count }, () => 'x'), limit: 10 })
      const steps = stepsOf(plan)
      expect(steps).toHaveLength(1)
      expect(steps[0]).toContain(`USING INDEX ${sqlName}`)
      if (count > 0) expect(steps[0]).toMatch(/^SEARCH/)
    }
  },
)

test('below a parent that its id leads, an index is searched and not sorted', () => {
  const plan = planPage(sqliteDialect, {
    collection: 'healthSessions',
    parent: 'users/u1',
    index: 'userStart',
    equals: ['u1'],
    from: '2024',
    limit: 10,
  })
  const steps = stepsOf(plan)
  expect(steps).toEqual([
    expect.stringMatching(
      /^SEARCH healthSessions USING INDEX healthSessions\.userStart\.\w+ \(\$\.userId=\? AND \$\.sessionInfo\.startTime>\?\)$/,
    ),
  ])
})

test('below another parent only that parent is searched', () => {
  const plan = planPage(sqliteDialect, { collection: 'jobLogs', parent: 'jobs/j1', index: 'at', limit: 10 })
  expect(stepsOf(plan)[0]).toBe('SEARCH jobLogs USING INDEX sqlite_autoindex_jobLogs_1 (parent=?)')
})

test('a second page starts at its cursor and not at the head of the index', () => {
  const query = { collection: 'jobs', index: 'queue', equals: ['pending'], limit: 10 }
  const plan = planPage(sqliteDialect, { ...query, cursor: encodeCursor(query, [1, '2024', 'j1']) })
  expect(stepsOf(plan)).toEqual([expect.stringMatching(/\(\$\.status=\? AND \$\.priority>\? AND \$\.priority<\?\)$/)])
})

test('migrating twice changes nothing', () => {
  const before = db.prepare('PRAGMA schema_version').get()
  migrate(db, {})
  expect(db.prepare('PRAGMA schema_version').get()).toEqual(before)
})

function stepsOf({ sql, values }: PagePlan): string[] {
  return db
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...values)
    .map((row) => String(row.detail))
}
