import { createHmac, hash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { openFolderLake } from '../../src/adapters/lake/folder.ts'
import type { House } from '../../src/app/house.ts'
import { analyseDirtyDays } from '../../src/flows/analyse-days.ts'
import { askCohort } from '../../src/flows/cohort.ts'
import { giveConsent, type Purpose } from '../../src/flows/consents.ts'
import { every } from '../../src/flows/every.ts'
import { exportLake } from '../../src/flows/export-lake.ts'
import { mayByGrant } from '../../src/flows/grants.ts'
import { importFile } from '../../src/flows/import-file.ts'
import { findPeers } from '../../src/flows/peers.ts'
import { tellWebhooks } from '../../src/flows/tell-webhooks.ts'
import { addWebhook } from '../../src/flows/webhooks.ts'
import type { Day } from '../../src/model/day.ts'
import { everyDate } from '../../src/model/user-analytics.ts'
import type { StoredDelivery } from '../../src/model/webhook.ts'
import type { Facts } from '../../src/ports/narrator.ts'
import { seedPeers } from '../fixtures/peers.ts'
import { exportText, steps } from '../golden/export-text.ts'
import { sourceOf, temporaryHouse } from '../golden/people.ts'

const purposes: readonly Purpose[] = ['dataSharing', 'researchParticipation', 'anonymousAnalytics']
const clock = { nowMs: () => Date.parse('2024-06-14T12:00:00Z') }
const peers = Array.from({ length: 12 }, (_, n) => `peer${n}`)

/** What somebody else gets to see in a house. */
interface Told {
  readonly [output: string]: unknown
}

async function person(house: House, userId: string, said: boolean): Promise<void> {
  const source = sourceOf(exportText([steps('phone', '2024-06-12', '08:00', '09:00', 4711)]))
  await importFile(house, { userId, fileName: 'x', source, zone: 'UTC' })
  for (const purpose of purposes) await giveConsent(house, userId, `r_${purpose}`, { purpose, given: said, textVersion: '1' })
}

/** `ada` is there with the same data as `bob`, who consents to everything; what she says to it is `says`. */
async function toldOf(says: 'nothing is there' | 'no' | 'yes'): Promise<Told> {
  await using opened = await temporaryHouse()
  const folder = mkdtempSync(join(tmpdir(), 'clarity-refusing-'))
  const facts: Facts[] = []
  const narrator = {
    name: 'elsewhere',
    isElsewhere: true,
    async summarise(said: Facts) {
      facts.push(said)
      return { because: 'unavailable' } as const
    },
  }
  const house = { ...opened, clock, narrator, hasWebhooks: async () => true }
  await seedPeers(house, [...peers, ...(says === 'nothing is there' ? [] : ['ada'])])
  const egress = { ...house.egress, check: async () => undefined }
  await addWebhook({ ...house, egress }, 'w1', undefined, { url: 'https://example.org/hook' })
  await person(house, 'bob', true)
  if (says !== 'nothing is there') await person(house, 'ada', says === 'yes')
  const analysed: string[] = []
  for (const userId of ['bob', ...(says === 'nothing is there' ? [] : ['ada'])]) {
    await analyseDirtyDays(house, userId)
    analysed.push(...facts.splice(0).map((each) => `${JSON.stringify(each)}`))
  }
  while ((await tellWebhooks(house)) > 0);
  const deliveries: string[] = []
  for await (const { body } of every<StoredDelivery>(house.documents, { collection: 'webhookDeliveries' }))
    deliveries.push(...body.changes.map(({ type, action, id }) => `${body.userId} ${type} ${action} ${type === 'import' ? '' : id}`))
  const question = { metric: 'total_steps', period: '2024-05', by: ['sex'], asker: 'a' } as const
  const below = (n: number) => Math.floor(n / 2)
  const pseudonym = (text: string) => createHmac('sha256', 'key').update(text).digest('hex')
  const lake = { ...house, lake: openFolderLake(folder), sha256: (bytes: Uint8Array) => hash('sha256', bytes, 'hex'), pseudonym }
  await exportLake(lake, { ...everyDate, shiftDates: false })
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(folder, name)).isFile())
  const grant = { grantId: 'g1', userId: 'ada', granteeId: 'bob', access: 'read', grantedAt: '2024-06-01T00:00:00Z' }
  if (says !== 'nothing is there') await house.documents.batch([{ op: 'put', path: 'users/ada/permissions/g1', body: grant }])
  const told = {
    'a cohort': await askCohort(house, { ...question, purpose: 'anonymousAnalytics' }),
    'a cohort with noise': await askCohort({ ...house, randomBelow: below }, { ...question, purpose: 'anonymousAnalytics', epsilon: 0.5 }),
    'a cohort for research': await askCohort(house, { ...question, purpose: 'researchParticipation' }),
    peers: await findPeers(house, 'peer3', { metric: 'total_steps', period: '2024-05' }),
    'the lake': files.sort().map((name) => [name, hash('sha256', readFileSync(join(folder, name)), 'hex')]),
    webhooks: deliveries.sort(),
    grants: await mayByGrant(house, 'ada', 'bob', { resource: 'days', access: 'read' }),
    'a language model elsewhere': analysed,
  }
  rmSync(folder, { recursive: true })
  return told
}

let absent: Told
let refusing: Told
let consenting: Told
beforeAll(async () => {
  absent = await toldOf('nothing is there')
  refusing = await toldOf('no')
  consenting = await toldOf('yes')
}, 60_000)

const outputs = [
  'a cohort',
  'a cohort with noise',
  'a cohort for research',
  'peers',
  'the lake',
  'webhooks',
  'grants',
  'a language model elsewhere',
] as const
test.each(outputs)('%s is with somebody who refuses what it is without them', (output) => {
  expect(refusing[output]).toEqual(absent[output])
})

// Of so few, noise lets nothing be seen, and of one who takes part in research nothing is told.
const telling = outputs.filter((output) => output !== 'a cohort for research' && output !== 'a cohort with noise')
test.each(telling)('%s is another with somebody who consents', (output) => {
  expect(consenting[output]).not.toEqual(absent[output])
})

test('what the narrator elsewhere says is not used once the person withdrew while it was asked', async () => {
  await using house = await temporaryHouse()
  await person(house, 'bob', true)
  const narrator = {
    name: 'elsewhere',
    isElsewhere: true,
    async summarise() {
      await giveConsent(house, 'bob', 'r_late', { purpose: 'dataSharing', given: false, textVersion: '1' })
      return 'You walked 4711 steps on this day.'
    },
  }
  await analyseDirtyDays({ ...house, clock, narrator }, 'bob')
  const [insight] = (await house.documents.list<{ metadata: object }>({ collection: 'insights', limit: 10 })).data
  expect(insight?.body.metadata).toMatchObject({ narrator: 'template' })
  expect((await house.documents.list<Day>({ collection: 'days', limit: 10 })).data[0]?.body.steps).toBe(4711)
})
