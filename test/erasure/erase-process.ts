/** Erases a person as the worker's task does, without its waits: `node test/erasure/erase-process.ts USER`; failpoints by the settings. */
import { readConfig } from '../../src/app/config.ts'
import { openHouse } from '../../src/app/house.ts'
import { erasePerson } from '../../src/flows/erase-person.ts'
import { askForErasure, requireErasure } from '../../src/flows/erase-user.ts'

const [userId = ''] = process.argv.slice(2)
await using house = await openHouse(readConfig())
const { erasureId } = await askForErasure(house, userId)
const timer = { ...house.timer, wait: async () => undefined }
const writes = await erasePerson({ ...house, timer, ...house.lying }, erasureId)
await house.documents.batch(writes)
const erasure = await requireErasure(house, erasureId)
console.log(JSON.stringify(erasure.status === 'erased' ? erasure.receipt : null))
