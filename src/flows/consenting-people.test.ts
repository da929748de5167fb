import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openSqliteDocuments } from '../adapters/documents/sqlite.ts'
import { StoredUser } from '../model/user.ts'
import type { Documents } from '../ports/documents.ts'
import { consentingPeople } from './consenting-people.ts'
import { giveConsent, mayUse, type Purpose } from './consents.ts'

const purposes: readonly Purpose[] = ['researchParticipation', 'anonymousAnalytics', 'dataSharing']
const people = ['a', 'b', 'c']

type Said = Exclude<typeof step extends fc.Arbitrary<infer T> ? T : never, undefined>

const step = fc.oneof(
  fc.record({
    kind: fc.constant('receipt' as const),
    who: fc.constantFrom(...people),
    purpose: fc.constantFrom(...purposes),
    given: fc.boolean(),
  }),
  // A profile that is written anew has its flags as it says, and no receipt with them.
  fc.record({
    kind: fc.constant('flag' as const),
    who: fc.constantFrom(...people),
    purpose: fc.constantFrom(...purposes),
    given: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('default' as const), consentDefaults: fc.constantFrom('none', 'document') }),
)

const metadata = { createdAt: '2024-01-01T00:00:00Z', updatedAt: '2024-01-01T00:00:00Z', dataVersion: '1.0.0' }

/** One thing that was said, the nth. */
async function say(documents: Documents, said: Said, n: number): Promise<void> {
  const put = (path: string, body: object) => documents.batch([{ op: 'put', path, body }])
  if (said.kind === 'default') return put('system/configuration', { consentDefaults: said.consentDefaults })
  const { who, purpose, given } = said
  if (said.kind === 'receipt') {
    // Ids in no order of time.
    await giveConsent({ documents, clock: { nowMs: () => 1000 * n } }, who, `r${99 - n}`, { purpose, given, textVersion: '1' })
    return
  }
  const user = (await documents.get<StoredUser>(`users/${who}`))?.body as StoredUser
  const privacySettings = { ...user.profile.privacySettings, [purpose]: given }
  await put(`users/${who}`, { ...user, profile: { ...user.profile, privacySettings } })
}

test('whoever is in it may be used, and nobody else, whatever was said before', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      await using documents = openSqliteDocuments('sqlite::memory:')
      await documents.batch(people.map((who) => ({ op: 'put', path: `users/${who}`, body: StoredUser.parse({ profile: {}, metadata }) })))
      for (const [n, said] of steps.entries()) await say(documents, said, n + 1)
      for (const purpose of purposes) {
        const found = await consentingPeople({ documents }, purpose)
        for (const who of people) expect([purpose, who, found.has(who)]).toEqual([purpose, who, await mayUse({ documents }, who, purpose)])
      }
    }),
    { numRuns: 60 },
  )
}, 30_000)
