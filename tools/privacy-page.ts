import { type Collection, collectionNames, collections } from '../src/model/collections.ts'
import { type RetentionPolicy, retentionPolicies } from '../src/model/retention.ts'

/** What a document of each collection is, in a few words. */
const meanings: Readonly<Record<string, string>> = {
  users: 'profile, health profile, preferences, where they were',
  addresses: 'whose an e-mail address is, by its hash',
  healthSessions: 'what a device recorded: statistics, sleep, and where its samples are',
  sessionRevisions: 'what a session said before it was replaced',
  insights: 'daily insights',
  days: 'merged days and nights',
  archives: 'manifests of what is archived of a month, and the ids that are in it',
  lifecycles: 'how far old data of theirs were archived and destroyed',
  legalHolds: 'whose data may not be destroyed, and why',
  dirtyDays: 'days to be made again',
  looseMonths: 'months whose samples are to be packed',
  dayRevisions: 'what a day said before',
  insightRevisions: 'what an insight said before',
  changes: 'changes of level that were noticed',
  outbox: 'rows on their way to the analytics tables',
  events: 'that something changed, without what it says; 7 days',
  permissions: 'what a person lets others see',
  consents: 'receipts of consents',
  keys: 'API keys: a digest of each secret',
  imports: 'files that were imported, and their reports',
  jobs: 'work done and to be done',
  requests: 'answers kept for repeated calls; 24 hours',
  webhooks: 'addresses that are told of changes',
  webhookDeliveries: 'what they were told; 30 days',
  jobLogs: 'lines of jobs: ids, no values',
}

/** `docs/privacy.md`: prose, and the table of what is kept of a person. */
export function privacyPage(generated: string): string {
  const rows = collectionNames
    .filter((name) => collections[name].personal)
    .map((name) => {
      const { path, retention }: Collection = collections[name]
      return `| \`${path}\` | ${meanings[name] ?? name} | ${retention} | ${retention === null ? '' : spanOf(retentionPolicies[retention])} |`
    })
  return `# Privacy

${generated}

What is kept of a person, where, for how long, and what they can do about it. How it is protected: [security](security.md).

## What is kept

Documents, by the table in \`src/model/collections.ts\`:

| path | what | class | kept |
| --- | --- | --- | --- |
${rows.join('\n')}

Objects: \`samples/{userId}/\` (columnar files of samples), \`archive/{userId}/\` (what is archived), \`uploads/{userId}/\` (files as they were sent), \`exports/{userId}/\` (exports that were asked for; 7 days). Analytics tables: a row a person and date, made of the days. A cache may hold documents for a minute. The log holds ids, codes and times: no health value, no name, no address. Ids of jobs do not say whose they are, to whoever does not know the person's id; of who comes with an issuer's token the log has a keyed hash.

A person's own \`dataRetention\` may shorten these times and not lengthen them.

## Consent

Nothing but a person's own sync, insights, export and erasure works without being asked for. \`dataSharing\` lets others whom the person names see, and webhooks be told; \`researchParticipation\` puts their data into \`clarity lake export\`; \`anonymousAnalytics\` into aggregates over at least eleven people. A flag counts once there is a receipt for it (\`POST /v1/users/{userId}/consents\`), unless the operator has set \`consentDefaults: document\`. It is asked at the request, at the start of a job and before a result is published; a withdrawal holds within a second.

## What a profile is for

Every field is kept, returned to whoever may read it, exported and erased. What else it does:

| field | does |
|---|---|
| \`email\` | no two people have the same |
| \`displayName\` | names the person in the dashboard and in FHIR |
| \`dateOfBirth\` | the ceiling of heart rate zones and of effort; bands of age in aggregates and among peers; FHIR |
| \`gender\` | groups of aggregates and peers; FHIR |
| \`timezone\` | where a day begins and ends, unless a sample says it itself |
| \`preferredUnits\` | units in sentences of insights and in the dashboard |
| \`privacySettings\` | [consent](#consent) |
| \`height\`, \`weight\` | flagged where they are improbable (\`unit_suspect\`); FHIR, as told by the person. No figure is estimated from them: distances, energies and weights are what devices measured |
| \`activityLevel\` | groups of aggregates |
| \`chronicConditions\`, \`medications\`, \`allergies\` | FHIR, in the person's words. No rule of insights reads them: nothing here is a diagnosis |
| \`notificationSettings\` | told to webhooks with each message, for apps that notify the person; nothing is withheld by it, since apps also keep in step by webhooks. This system itself notifies nobody |
| \`dataRetention\` | shortens the times [above](#what-is-kept) |

## Export

\`clarity export --user ID --to FILE\`, or \`POST /v1/users/{userId}/export\` and the link in its job, which is open to the person and the services of their app for 7 days. One zip: \`README.txt\`, \`profile.json\`, \`sessions/YYYY-MM.ndjson\` as the API tells them with their samples, also of what is archived, \`days.ndjson\`, \`insights.ndjson\` with their revisions, \`consents.ndjson\`, \`permissions.ndjson\`, \`access.ndjson\` (who read or changed what), \`originals/\` byte for byte, and \`manifest.json\` with the SHA-256 and length of each file. Under \`store/\` lie the same documents as they are kept, with the files of samples: from there \`clarity import\` brings them back, here or elsewhere, to an equal state. Consents and permissions are not taken over by an import: they were given to another house.

\`--format fhir\` is a FHIR R4 bundle, with what the profile says, and \`--format omh\` Open mHealth data points, of the days and of what was measured a few times a day; [metrics](metrics.md) names the codes.

## Erasure

\`clarity erase --user ID\`, or \`DELETE /v1/users/{userId}\`.

1. A tombstone, a salted hash of the id, is written. From then on every process answers \`410 erased\` about this person within a second, and nothing can be written of them: what races it is refused in its own transaction.
2. API keys, jobs and permissions end; then the person's own keys are destroyed, with which what was sealed cannot be read by anybody, in no copy.
3. Documents, objects, analytics rows and cached answers are removed, and looked for again until nothing is there.
4. A receipt is signed with Ed25519: the pseudonym, classes and counts, fingerprints of the destroyed keys, times. \`GET /v1/erasures/{erasureId}\` gives it to services, operators and auditors, and to whoever has the key that the answer to \`DELETE\` brought. \`clarity verify-receipt FILE --public-key KEY\` checks it anywhere; the key is \`signing.key\` beside the root key, and its public half stands in each receipt.

Killed at any moment it goes on. A backup or copy of before brings nobody back: \`restore\` and \`copy\` ask the store of keys who is gone and take them out before the store can be used ([decision](decisions/2026-11-26-erasure.md)).

What stays: the tombstone; digests of API keys without a name; that a friend had let somebody in, under a pseudonym; the audit log under a pseudonym whose key is gone.

## Limits

- A file in the hands of others stays there: an export, a lake, what a webhook or delegate has received.
- Backups hold what they held until they are made again or expire; what is sealed in them is unreadable once the keys, and the copies of the keys' store, are gone. Keep copies of that store for at most 7 days.
- PostgreSQL removes rows at once and their bytes with the next \`VACUUM\`, and its log until it is recycled; SQLite overwrites what is deleted, and its log is emptied within a second. A flash disk may keep old blocks. Buckets with versions, soft delete or a retention lock keep objects, and Firestore with point-in-time recovery documents for 7 days: turn these off.
- A salted hash hides an id from who does not know it. Who holds the store and guesses an id can see whether it was erased.
- Series of a single person are never anonymous, whatever is taken off them.
`
}

function spanOf({ retentionYears, archivalYears }: RetentionPolicy): string {
  if (retentionYears === null) return 'until the account goes'
  return archivalYears === null
    ? `${retentionYears} years, then archived for good`
    : `${retentionYears} years, then archived until ${archivalYears}`
}
