import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { openTarget } from './fuzz-target.ts'
import { malformed } from './malformed.ts'

const target = await openTarget()
afterAll(() => target[Symbol.asyncDispose]())

const SENT = 10_000
const each = Math.ceil(SENT / target.names.length)

test('A3: there are endpoints that take bodies', () => {
  expect(target.names.length).toBeGreaterThan(10)
})

test.each(target.names)(
  `A3: of ${each} malformed bodies none makes %s fail, say what is not in the list, or touch a prototype`,
  async (name) => {
    await fc.assert(
      fc.asyncProperty(malformed(target.good(name)), async (body) => {
        expect(await target.fault(name, body)).toBeUndefined()
      }),
      { numRuns: each },
    )
  },
)
