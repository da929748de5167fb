import { firestoreIndexes } from '../src/adapters/documents/firestore-indexes.ts'
import { firestoreRules } from '../src/adapters/documents/firestore-rules.ts'
import { rules } from '../src/analysis/rules.ts'
import { algorithms } from '../src/model/algorithms.ts'
import type { MetricRow } from '../src/model/metric-row.ts'
import { metricNames, metrics } from '../src/model/metrics.ts'
import { problemCodes, problems } from '../src/model/problem.ts'
import { apiPage } from './api-page.ts'
import { privacyPage } from './privacy-page.ts'
import { retentionPage } from './retention-page.ts'

const generated = '<!-- Made by `npm run docs` from the table named below; a test compares them. -->'

/** The pages that are made from tables of the model, by their path from the root. */
export const pages: Readonly<Record<string, () => string>> = {
  'docs/problems.md': problemsPage,
  'docs/metrics.md': metricsPage,
  'docs/algorithms.md': algorithmsPage,
  'docs/insight-rules.md': rulesPage,
  'docs/api.md': () => apiPage(generated),
  'docs/retention.md': () => retentionPage(generated),
  'docs/privacy.md': () => privacyPage(generated),
  'firestore.indexes.json': () => `${JSON.stringify(firestoreIndexes(), null, 2)}\n`,
  'firestore.rules': firestoreRules,
}

function problemsPage(): string {
  const rows = problemCodes.map((code) => [`\`${code}\``, problems[code].title, problems[code].advice])
  return `# Problems

${generated}

Every refusal and every finding carries one of these codes, from the table in \`src/model/problem.ts\`. The list is closed: a program may branch on the code; the sentences may change.

${table(['code', 'what is wrong', 'what to do'], rows)}`
}

function algorithmsPage(): string {
  const rows = algorithms.map(({ name, version, definition, source, checkedWith, functions }) => [
    `\`${name}\``,
    version,
    definition,
    source,
    checkedWith,
    functions.map((each) => `\`${each}\``).join(', '),
  ])
  return `# Algorithms

${generated}

How every figure is made, from the tables in \`src/model/algorithms*.ts\`; \`GET /v1/algorithms\` says the same. A day names the algorithm and version behind each of its figures in \`methods\`, an insight behind those that it adds. A version changes when the same data would give another figure. None of them is a diagnosis, and none was checked for one.

Published answers come from [actigraph.sleepr](https://github.com/dipetkov/actigraph.sleepr), [hrv-analysis](https://github.com/Aura-healthcare/hrv-analysis), [rhenanbartels/hrv](https://github.com/rhenanbartels/hrv), [GGIR](https://github.com/wadpac/GGIR) and [pyActigraphy](https://github.com/ghammad/pyActigraphy): their numbers, none of their code. The synthetic person is [ours](synthetic-person.md).

${table(['name', 'version', 'definition', 'source', 'checked with', 'code'], rows)}`
}

function rulesPage(): string {
  const rows = rules.map(({ name, section, kind, topic, condition, usefulChange, source }) => [
    `\`${name}\``,
    `${section}, ${kind}`,
    condition,
    usefulChange,
    topic,
    source,
  ])
  return `# Rules of insights

${generated}

The ${rules.length} kinds of sentence that a [daily insight](insights.md) may hold, from the table in \`src/analysis/rules.ts\`. What is said carries its evidence; the polarity (good, bad or neutral news) is that of the rule, for \`usual_…\` that of the side on which the figure lies. A rule without a useful change compares nothing.

${table(['rule', 'section, kind', 'said when', 'smallest useful change', 'topic', 'source'], rows)}`
}

function metricsPage(): string {
  return `# Metrics

${generated}

From the table in \`src/model/metrics.ts\`. Units are UCUM. A cumulative value is an amount over its interval and adds up; a discrete one is a reading; a category is an episode. A sample outside the plausible range is set aside (quarantined) with its code, kept, and left out of every figure. An empty cell: that vocabulary has no code for it in the sources that we trust.

${table(['metric', 'unit', 'kind', 'plausible', 'LOINC', 'HealthKit', 'Health Connect', 'Open mHealth, IEEE'], metricNames.map(metricCells))}`
}

function metricCells(name: (typeof metricNames)[number]): string[] {
  const row: MetricRow = metrics[name]
  const [min, max] = row.plausible
  return [`\`${name}\``, row.unit, kindOf(row), `${min} to ${max}`, loincOf(row), healthKitOf(row), row.healthConnect ?? '', row.omh ?? '']
}

function kindOf({ kind, daily, derived }: MetricRow): string {
  return [kind, ...(daily ? ['daily'] : []), ...(derived ? ['derived'] : [])].join(', ')
}

function loincOf({ loinc, loincDaily, loincPanel, loincAlso = [] }: MetricRow): string {
  return [
    ...(loinc === null ? [] : [loinc]),
    ...loincAlso,
    ...(loincDaily ? [`${loincDaily} (day)`] : []),
    ...(loincPanel ? [`${loincPanel} (panel)`] : []),
  ].join(', ')
}

function healthKitOf({ healthKit, healthKitValue }: MetricRow): string {
  const name = (healthKit ?? '').replace(/^HK(Quantity|Category)TypeIdentifier/, '')
  return healthKitValue ? `${name} = ${healthKitValue}` : name
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('')
}
