/** Answers one call of a kind and is killed at the Nth place of that name on the way: `node test/http/kill-process.ts DATA KIND FAILPOINT N`. */
import { openHouse } from '../../src/app/house.ts'
import { type CallKind, killable } from './killable.ts'

const [data = '', kind = '', failpoint, nth] = process.argv.slice(2)
let isCalled = false
let hits = 0
const house = await openHouse({
  data,
  failpoint: (reached) => {
    if (!isCalled || reached !== failpoint) return
    hits += 1
    if (hits === Number(nth)) process.kill(process.pid, 'SIGKILL')
  },
})
isCalled = true
await killable(house)(kind as CallKind)
await house[Symbol.asyncDispose]()
