import { openHouse } from '../../src/app/house.ts'
import { analyseDirtyDays } from '../../src/flows/analyse-days.ts'
import { daysBetween } from '../../src/flows/days-between.ts'
import { importFile } from '../../src/flows/import-file.ts'
import { synthesise } from '../../src/synthetic/synthesise.ts'

// make FOLDER DAYS: a synthetic person of so many days in a store. again FOLDER: every day and insight of it computed once more, by a process
// that has computed nothing and then by the same again; prints a JSON value.
const [what, folder = '', count = '3650'] = process.argv.slice(2)
await using house = await openHouse({ data: folder, stagedNights: 'none' })

if (what === 'make') {
  const { chunks } = synthesise({ seed: 1, lastDate: '2024-06-30', days: Number(count) })
  const bytes = Buffer.concat([...chunks].map((chunk) => Buffer.from(chunk)))
  const source = { length: bytes.length, read: async (from: number, to: number) => bytes.subarray(from, to) }
  const { report } = await importFile(house, { userId: 'robin', fileName: 'export.xml', source, zone: 'America/New_York' })
  await analyseDirtyDays(house, 'robin')
  console.log(JSON.stringify({ samples: report.accepted }))
} else {
  const dates = (await daysBetween(house, 'robin', '0001-01-01', '9999-12-30')).map(({ body }) => body.date)
  const times = []
  for (const _ of ['cold', 'warm']) {
    const before = process.cpuUsage()
    const began = performance.now()
    await analyseDirtyDays(house, 'robin', undefined, dates)
    const { user, system } = process.cpuUsage(before)
    times.push({ cpuS: (user + system) / 1e6, wallS: (performance.now() - began) / 1000 })
  }
  const [cold, warm] = times
  console.log(JSON.stringify({ dates: dates.length, cold, warm }))
}
