/** One run of the lifecycle as of an instant, killed at the nth place of a name: `node test/lifecycle/run-process.ts DOCUMENTS BLOBS INSTANT NAME NTH`. */
import { runLifecycle } from '../../src/flows/run-lifecycle.ts'
import { openStores } from '../faults/stores.ts'
import { openWorld } from './world.ts'

const [documents = '', blobs = '', at = '', name = '', nth = '1'] = process.argv.slice(2)
let isRunning = false
let reached = 0
await using stores = await openStores(
  { documents, blobs },
  {
    failpoint: (place) => {
      if (isRunning && place === name && ++reached === Number(nth)) process.kill(process.pid, 'SIGKILL')
    },
  },
)
await using world = await openWorld({ documents, blobs }, stores)
isRunning = true
await runLifecycle(world, { atMs: Date.parse(at), isSure: true })
isRunning = false
process.stdout.write(`${reached}`)
