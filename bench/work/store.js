import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
// As the command itself starts.
import '../../src/app/module-loading.js'

const { openFileSource } = await import('../../src/app/file-source.ts')
const { openHouse } = await import('../../src/app/house.ts')
const { report } = await import('./report.ts')
const { importFile } = await import('../../src/flows/import-file.ts')

// The store stays where it is: on ext4 a file made soon after thousands were deleted takes twenty times as long.
// Zip to durable, deduplicated store with everything kept; days and insights are another step. Twice with `again`: the second adds nothing.
const [path = '', folder = '', again] = process.argv.slice(2)
const data = mkdtempSync(join(folder, 'store-'))
await using house = await openHouse({ data })
await using source = await openFileSource(path)
const run = () => importFile(house, { userId: 'bench', fileName: 'export.zip', source, zone: 'America/Los_Angeles' })
const { report: first } = await run()
const second = again === undefined ? undefined : (await run()).report
const { received, accepted, duplicate, quarantined, rejected, sessions } = first
report({
  received,
  accepted,
  duplicate,
  quarantined,
  rejected,
  sessions,
  ...(second && { secondAccepted: second.accepted, secondDuplicate: second.duplicate }),
})
