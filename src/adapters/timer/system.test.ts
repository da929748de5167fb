import { expect, test } from 'vitest'
import { systemTimer } from './system.ts'

test('a wait of nothing lets go on what can at this moment', async () => {
  let isHeard = false
  setImmediate(() => {
    isHeard = true
  })
  await systemTimer.wait(0)
  expect(isHeard).toBe(true)
})
