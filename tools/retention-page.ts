import { collections } from '../src/model/collections.ts'
import { type RetentionPolicy, retentionPolicies } from '../src/model/retention.ts'
import { type Ageing, type RetentionKind, retentionKindNames, retentionKinds } from '../src/model/retention-kind.ts'

/** How long what is kept, of the tables of policies, kinds and collections. */
export function retentionPage(generated: string): string {
  return `# How long data are kept

${generated}

## The policies

As the specification has them. The archival period is the total age, not time added. An operator sets the years in \`dataRetentionPolicies\` of \`PUT /v1/system/configuration\`: 1 to 100 for data of people and for logs, for audit 7 or more, and for ever. A person's own \`dataRetention\` only shortens them; \`indefinite\` comes to the policy's total age, and \`GET /v1/users/{userId}/retention\` says what holds, and when the next of their data will be archived or destroyed.

${table(
  ['class', 'hot until', 'kept until', 'ended by', 'backup'],
  Object.entries(retentionPolicies).map(([name, policy]) => policyRow(name, policy)),
)}

## What grows old

Each kind by the wish of its name, from its own date on: a session from its start, a day or insight from the end of its date, an import and a job from when it was made. What a session said before, and what a job wrote down, goes with it. To which class every other collection belongs says [privacy](privacy.md).

${table(['kind', 'policy', 'documents', 'by'], retentionKindNames.flatMap(kindRows))}

Years and months go by the calendar, in UTC: what began on 29 February is a year old when 1 March comes.

## How it happens

- A worker sees to everybody once a day, \`clarity lifecycle run\` at once; in a new store the first run comes on its second day. \`clarity lifecycle run --dry-run\`, and \`POST /v1/system/lifecycle\` with \`dryRun\`, say what would happen to whom and when.
- **Archived**: a person's documents of a month become one Parquet file and their samples another, as they were, under \`archive/{userId}/\` among the objects, sealed with the person's keys as all objects are. They are read back and compared with what was to be kept: length, SHA-256, rows, each session's own samples. Then one batch writes the manifest (\`users/{userId}/archives/{kind}_{month}\`) and takes the hot documents away. With \`archiveClass=…\` in \`CLARITY_BLOBS\` these objects are of a storage class of their own.
- **Still there**: an archived session, day or insight is read at its own address; lists give them with \`?archived=true\`, and \`timeseries\` counts them with it. Exports hold them. Late data for an archived month, a change and a deletion bring the month back, and the next run archives it again.
- **Destroyed**: at the total age documents, objects and rows of the warehouse go. A day or insight whose raw data were destroyed stays as it is until its own time is over: it is not made again.
- **A legal hold** (\`PUT /v1/system/legal-holds/{personId}\`, \`clarity lifecycle hold\`) stops both for one person, from the next step on.
- A run does nothing where the clock does not follow from the last run's: an hour or more before it, or more than 32 days after it. Its time is believed once a run a day later follows from it, or with \`--after-gap\`.

## What this does not do

- Audit entries stay where they were written: nothing archives or destroys them.
- What is left of a deleted session (its id, its source and the time) stays until the account goes.
- A file that was sent is destroyed at the total age from when it was sent, however old what it tells of.
- Backups keep what they hold until they are themselves replaced.
`
}

function policyRow(name: string, { retentionYears, archivalYears, deletionTrigger, backupFrequency }: RetentionPolicy): string[] {
  const hot = retentionYears === null ? 'the account goes' : years(retentionYears)
  const ever = retentionYears === null ? 'the account goes' : 'for ever'
  const total = archivalYears === null ? ever : years(archivalYears)
  return [`\`${name}\``, hot, total, deletionTrigger.replaceAll('_', ' '), backupFrequency.replaceAll('_', ' ')]
}

function kindRows(kind: RetentionKind): string[][] {
  const documents: readonly Ageing[] = retentionKinds[kind].documents
  return documents.map(({ collection, at, staysHot }) => {
    const besides = staysHot ? ', with the file that was sent; never archived' : ''
    return [`\`${kind}\``, `\`${retentionKinds[kind].class}\``, `\`${collections[collection].path}\`${besides}`, `\`${at}\``]
  })
}

function years(count: number): string {
  return count === 1 ? '1 year' : `${count} years`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
