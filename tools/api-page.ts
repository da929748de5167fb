import { api } from '../src/api/api.ts'
import { openApiOf } from '../src/api/openapi.ts'
import { type Entry, entriesOf } from '../src/api/reference.ts'
import { statusOf } from '../src/http/status.ts'

/** docs/api.md: every endpoint of the table. */
export function apiPage(generated: string): string {
  const groups = [...entriesOf(openApiOf(api, { version: '1', statusOf }))]
  const often = commonCodes(groups.flatMap(([, entries]) => entries))
  return `# HTTP API

${generated}

From the table in \`src/api/\`. A running server has the same as \`/docs\` and, for programs, as OpenAPI 3.1 at \`/v1/openapi.json\`. Beside it: \`/healthz\`, \`/readyz\`, \`/metrics\` ([operations](operations.md#the-server)).

- \`Authorization: Bearer\` with an API key or an access token that has the scope of the endpoint. What belongs to somebody else answers as if it were not there.
- Refusals are \`application/problem+json\` (RFC 9457) with a \`code\` of a closed list: [problems](problems.md). Any endpoint may answer ${often.map((code) => `\`${code}\``).join(', ')}; the others are named with it.
- Every POST carries an \`Idempotency-Key\`: repeated with the same key it has one effect and the same answer. Other methods may be repeated as they are, and take none (\`bad_header\`).
- Lists take \`limit\` (1 to 1,000) and \`cursor\` and answer \`{ data, nextCursor }\`.
- \`ETag\` is the version of a document: \`If-None-Match\` saves the answer, \`If-Match\` makes a change only where nothing changed meanwhile.
- \`Prefer: handling=strict\` refuses what would otherwise be normalised, flagged or set aside. Bodies may be packed with gzip or zstd.

${groups.map(([tag, entries]) => `## ${tag}\n\n${entries.map((entry) => section(entry, often)).join('\n')}`).join('\n')}`
}

/** Codes that every endpoint may answer with are said once. */
function commonCodes(entries: readonly Entry[]): string[] {
  const [first = [], ...rest] = entries.map(({ problems }) => problems.flatMap(({ codes }) => codes))
  return first.filter((code) => rest.every((codes) => codes.includes(code)))
}

function section(entry: Entry, often: readonly string[]): string {
  const own = entry.problems.flatMap(({ codes }) => codes).filter((code) => !often.includes(code))
  const parameters = entry.parameters.map(
    ({ name, where, required, says }) =>
      `\`${name}\` (${where}${required ? ', required' : ''}): ${where === 'query' ? `\`${says}\`` : says}`,
  )
  const lines = [
    `scope \`${entry.scope}\``,
    ...parameters,
    ...(entry.body === undefined ? [] : [`takes \`${entry.body}\``]),
    `answers \`${entry.reply}\``,
    ...(own.length === 0 ? [] : [`refuses with ${own.map((code) => `\`${code}\``).join(', ')}`]),
  ]
  return `### \`${entry.method} ${entry.path}\`\n\n${entry.summary}\n\n${lines.map((line) => `- ${line}\n`).join('')}`
}
