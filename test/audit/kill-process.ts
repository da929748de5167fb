/** Answers one call of robin's and is killed at a place on the way: `node test/audit/kill-process.ts DATA get|put FAILPOINT`. */
import { openHouse } from '../../src/app/house.ts'
import { askOnce } from './kill-calls.ts'

const [data = '', what = '', failpoint] = process.argv.slice(2)
let isCalled = false
const house = await openHouse({
  data,
  failpoint: (reached) => {
    if (isCalled && reached === failpoint) process.kill(process.pid, 'SIGKILL')
  },
})
isCalled = true
const { status } = await askOnce(house, what === 'get' ? 'get' : 'put')
// Never said of a call that was killed on its way.
process.stdout.write(`answered ${status}`)
await house[Symbol.asyncDispose]()
