/** The part of Vitest's JSON report that is counted here. */
export interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

export interface Tally {
  readonly passed: number
  /** Failed tests, and files that failed before their first test. */
  readonly failed: number
  /** Full names of the tests that did not run. */
  readonly skipped: readonly string[]
}

/** What a test run came to. A file that cannot even be loaded has no tests to count and is one failure. */
export function tallyOf(report: Report): Tally {
  const tests = report.testResults.flatMap((file) => file.assertionResults)
  const having = (status: string) => tests.filter((test) => test.status === status)
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  )
  const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed')
  return {
    passed: having('passed').length,
    failed: having('failed').length + broken.length,
    skipped: skipped.map(({ fullName }) => fullName),
  }
}
