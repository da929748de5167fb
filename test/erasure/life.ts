import type { House } from '../../src/app/house.ts'
import { analyseDirtyDays } from '../../src/flows/analyse-days.ts'
import { giveConsent } from '../../src/flows/consents.ts'
import { every } from '../../src/flows/every.ts'
import { ingestSession } from '../../src/flows/ingest-session.ts'
import { makeKey } from '../../src/flows/keys.ts'
import { openAccount } from '../../src/flows/open-account.ts'
import { runLifecycle } from '../../src/flows/run-lifecycle.ts'
import { tellWebhooks } from '../../src/flows/tell-webhooks.ts'
import { drainOutbox } from '../../src/flows/warehouse-outbox.ts'
import { ConsentReceipt } from '../../src/model/access.ts'
import { collectionNames } from '../../src/model/collections.ts'
import { readHanded } from '../../src/model/handed-session.ts'
import { User } from '../../src/model/user.ts'
import { everyDate } from '../../src/model/user-analytics.ts'
import { TrendType } from '../../src/model/user-trend.ts'
import type { Write } from '../../src/ports/documents.ts'
import { imported, synthetic } from '../golden/people.ts'

/** Values and words that stand nowhere by chance. */
export const canaries = ['robin_kanarienvogel', 'Kanarienvogel of robin', 'zeisig-of-robin', '173.4519', '471.1081'] as const
const [address, displayName, note, rate, energy] = canaries
const ofFriend = { address: 'sam_amsel', displayName: 'Amsel of sam', note: 'drossel-of-sam', rate: '61.25', energy: '99.5' }

export const person = 'robin'
export const friend = 'sam'

/** Of each session another hour. */
export function sessionOf(sessionId: string, hour: number, userId: string = person): unknown {
  const said = userId === person ? { note, rate, energy } : ofFriend
  const at = (second: number) => new Date(Date.UTC(2024, 10, 10, hour % 24, 0, second)).toISOString()
  return {
    sessionInfo: { sessionId, startTime: at(0), endTime: at(59), dataSource: said.note, dataTypes: ['heart_rate'] },
    heartRate: { samples: [{ timestamp: at(1), value: Number(said.rate) }] },
    series: { active_energy: { unit: 'kcal', samples: [{ startTime: at(2), endTime: at(9), value: Number(said.energy) }] } },
    note: said.note,
  }
}

/** Something of one person in every place where there may be something, in the archive too where they are `isOld`, beside a friend who stays. */
export async function live(house: House, { isOld = true } = {}): Promise<void> {
  for (const userId of [person, friend]) await openPerson(house, userId)
  const { source } = synthetic({ seed: 3, lastDate: '2024-11-15', days: 8, zone: 'Europe/Berlin' } as Parameters<typeof synthetic>[0])
  await imported(house, source, 'Europe/Berlin')
  for (const userId of [person, friend])
    for (const n of [0, 1])
      await ingestSession(house, { userId, session: readHanded(sessionOf(`handed_${n}`, n, userId)), handling: undefined })
  if (isOld) await archive(house)
  for (const purpose of ConsentReceipt.shape.purpose.options)
    for (const userId of [person, friend]) await giveConsent(house, userId, `c_${purpose}`, { purpose, given: true, textVersion: '1' })
  await makeKey(house, { kind: 'person', userId: person })
  await house.documents.batch(others(house.clock.nowMs()))
  // As where there are webhooks of everybody: then what is told waits for them.
  await tellWebhooks(house)
  await drainOutbox(house)
}

/** What was handed in long before has its place in the archive by the end of 2025; all else is younger. */
async function archive(house: House): Promise<void> {
  const session = JSON.parse(JSON.stringify(sessionOf('handed_old', 2)).replaceAll('2024-11-10', '2023-06-10'))
  await ingestSession(house, { userId: person, session: readHanded(session), handling: undefined })
  await analyseDirtyDays(house, person)
  await runLifecycle(house, { atMs: Date.parse('2025-11-01T00:00:00Z'), isSure: true })
}

async function openPerson(house: House, userId: string): Promise<void> {
  const said = userId === person ? { address, displayName, note } : ofFriend
  const email = `${said.address}@example.org`
  const profile = { email, displayName: said.displayName }
  const account = User.omit({ metadata: true }).parse({ profile, healthProfile: { medications: [said.note], weight: 71.3 } })
  await openAccount(house, { userId, callId: `call-${userId}`, account, addressKey: email })
}

/** What flows of their own would have left, document by document. */
function others(nowMs: number): Write[] {
  const at = new Date(nowMs).toISOString()
  const put = (path: string, body: object): Write => ({ op: 'put', path, body })
  const grant = { metrics: ['steps'], access: 'read', grantedAt: at }
  const change = { type: 'day', action: 'created', id: '2024-11-10' }
  return [
    put(`users/${person}/permissions/to_friend`, { grantId: 'to_friend', userId: person, granteeId: friend, ...grant }),
    put(`users/${friend}/permissions/to_person`, { grantId: 'to_person', userId: friend, granteeId: person, ...grant }),
    put(`users/${person}/healthSessions/handed_0/revisions/1`, {
      userId: person,
      sessionId: 'handed_0',
      replacedAt: at,
      revision: 1,
      session: {},
    }),
    put(`users/${person}/uploads/upload_1`, { uploadId: 'upload_1', userId: person, file: note, updatedAt: at, size: 9, received: 0 }),
    put(`users/${person}/looseMonths/2024-11`, { userId: person, month: '2024-11', due: '9999' }),
    put(`users/${person}/changes/shift_steps_20241110`, { userId: person, changeId: 'shift_steps_20241110', date: '2024-11-10' }),
    put(`users/${person}/dayRevisions/r1`, { userId: person, date: '2024-11-10', replacedAt: at }),
    put(`users/${person}/insightRevisions/r1`, { userId: person, date: '2024-11-10', type: 'daily', replacedAt: at }),
    put('requests/asked', { userId: person, status: 'answered', print: '', expiresAt: '9999', answer: { body: `"${address}"` } }),
    put('webhooks/own', { webhookId: 'own', audience: person, userId: person, url: `https://${note}.example`, createdAt: at }),
    put('webhooks/own/deliveries/d1', { deliveryId: 'd1', webhookId: 'own', userId: person, createdAt: at, changes: [change] }),
    put('webhooks/all', { webhookId: 'all', audience: '*', url: 'https://all.example', createdAt: at, status: 'active' }),
    put('webhooks/all/deliveries/d1', { deliveryId: 'd1', webhookId: 'all', userId: person, createdAt: at, changes: [change] }),
    put('jobs/worked', { jobId: 'worked', userId: person, type: 'trends', status: 'completed', priority: 1, createdAt: at, input: {} }),
    put('jobs/worked/logs/1', { n: 1, at, level: 'info', message: `a line of ${person}` }),
  ]
}

/** Everything that the house holds, told by where it lies: what is left of a person is found here by a look at the text. */
export async function everything(house: House): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const collection of collectionNames)
    for await (const { path, body } of every(house.documents, { collection })) found.set(path, JSON.stringify(body))
  for await (const { key } of house.blobs.list('')) found.set(key, Buffer.from(await house.blobs.get(key)).toString('latin1'))
  for (const userId of [person, friend]) {
    const range = { userId, ...everyDate }
    const rows = [...(await house.warehouse.analytics(range))]
    for (const trendType of TrendType.options)
      found.set(`${trendType}/${userId}`, JSON.stringify(await house.warehouse.trends({ ...range, trendType })))
    found.set(`rows/${userId}`, JSON.stringify(rows))
  }
  return found
}

/** What says anything of one person, by its place. */
export function about(userId: string, all: ReadonlyMap<string, string>): string[] {
  const name = new RegExp(`(?<![A-Za-z0-9])${userId}(?![A-Za-z0-9])`)
  const isOf = ([place, text]: [string, string]) =>
    (name.test(place) && text !== '[]') || name.test(text) || words(userId).some((word) => text.includes(word))
  return [...all].filter(isOf).map(([place]) => place)
}

function words(userId: string): readonly string[] {
  return userId === person ? canaries : Object.values(ofFriend)
}
