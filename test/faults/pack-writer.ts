/** Packs a month of robin's and is killed at the first place of that name: `node test/faults/pack-writer.ts DATA FAILPOINT`. */
import { openHouse } from '../../src/app/house.ts'
import { packMonth } from '../../src/flows/pack-month.ts'

const [data = '', failpoint = ''] = process.argv.slice(2)
let isPacking = false
const house = await openHouse({
  data,
  failpoint: (reached) => {
    if (isPacking && reached === failpoint) process.kill(process.pid, 'SIGKILL')
  },
})
isPacking = true
await packMonth(house, 'robin', '2024-01')
await house[Symbol.asyncDispose]()
