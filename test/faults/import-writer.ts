/**
 * Imports a file as `clarity import` does, and is killed at the Nth place where the stores can be stopped:
 * `node test/faults/import-writer.ts DATA FILE [N]`. Without N it says `hits N` of an import that nobody stops.
 */
import { basename } from 'node:path'
import { openFileSource } from '../../src/app/file-source.ts'
import { openHouse } from '../../src/app/house.ts'
import { analyseImported } from '../../src/flows/analyse-imported.ts'
import { importFile } from '../../src/flows/import-file.ts'

const [data = '', file = '', killAt = '0'] = process.argv.slice(2)
let hits = 0

function failpoint(): void {
  hits += 1
  if (hits === Number(killAt)) process.kill(process.pid, 'SIGKILL')
}

const house = await openHouse({ data, failpoint, stagedNights: 'none' })
await using source = await openFileSource(file)
await importFile(house, {
  userId: 'robin',
  fileName: basename(file),
  source,
  zone: 'America/New_York',
  analyse: (counting) => analyseImported(house, 'robin', counting, () => undefined),
})
await house[Symbol.asyncDispose]()
process.stdout.write(`hits ${hits}\n`)
