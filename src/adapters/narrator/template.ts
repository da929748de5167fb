import type { Facts, Narrator } from '../../ports/narrator.ts'

/** The most important statements, word for word: deterministic, and nothing in it that the analysis did not say. */
export const templateNarrator = {
  name: 'template',
  summarise: ({ statements }: Facts) => Promise.resolve(summaryOf(statements)),
} satisfies Narrator

const mostStatements = 6
const mostCharacters = 1000
const nothing = 'There is nothing to say about this day.'

/** Whole statements only: one that does not fit is left out, and a shorter one after it may still come. */
function summaryOf(statements: Facts['statements']): string {
  let summary = ''
  let count = 0
  for (const { text } of statements) {
    const longer = summary === '' ? text : `${summary} ${text}`
    if (count === mostStatements || longer.length > mostCharacters) continue
    summary = longer
    count++
  }
  return summary.length < 10 ? nothing : summary
}
