import { openHouse } from '../../src/app/house.ts'
import { daysBetween } from '../../src/flows/days-between.ts'
import { findWork } from '../../src/flows/dirty-work.ts'
import { insightsBetween } from '../../src/flows/find-insights.ts'
import { findStrays } from '../../src/flows/find-strays.ts'
import type { StoredSession } from '../../src/model/session.ts'

const [from, to] = ['0001-01-01', '9999-12-30']

/** All that an import makes, but for when it was made and how its objects are named; and what of it is lost. */
export async function stateOf(data: string) {
  await using house = await openHouse({ data })
  const days = (await daysBetween(house, 'robin', from, to)).map(({ body: { madeAt: _, ...day } }) => day)
  const insights = (await insightsBetween(house, 'robin', from, to)).map(({ metadata, ...insight }) => {
    const { generatedAt: _, processingTime: __, ...rest } = metadata
    return { ...insight, metadata: rest }
  })
  const page = await house.documents.list<StoredSession>({ collection: 'healthSessions', parent: 'users/robin', limit: 10_000 })
  const sessions = page.data.map(({ path, version, body: { samples, ...body } }) => {
    const { key: _, offset: __, ...content } = samples ?? {}
    return { path, version, body, content }
  })
  const { missing, damaged } = await findStrays(house, false)
  const { marks, jobs } = await findWork(house, 'robin')
  return { days, insights, sessions, missing, damaged, waiting: marks.length + jobs.length }
}
