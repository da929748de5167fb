/** One run of the lifecycle as of an instant, killed at the nth place of a name: `node test/lifecycle/run-process.ts DATA INSTANT NAME NTH`. */
import { openHouse } from '../../src/app/house.ts'
import { runLifecycle } from '../../src/flows/run-lifecycle.ts'

const [data = '', at = '', name = '', nth = '1'] = process.argv.slice(2)
let isRunning = false
let reached = 0
const house = await openHouse({
  data,
  failpoint: (place) => {
    if (isRunning && place === name && ++reached === Number(nth)) process.kill(process.pid, 'SIGKILL')
  },
})
isRunning = true
await runLifecycle(house, { atMs: Date.parse(at), isSure: true })
isRunning = false
await house[Symbol.asyncDispose]()
process.stdout.write(`${reached}`)
