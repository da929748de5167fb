/** What a timed program says when it is done: its results for the check, and what it cost by its own account. */
export function report(result: object): void {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  console.log(
    JSON.stringify({ ...result, cpuS: (userCPUTime + systemCPUTime) / 1e6, wallS: performance.now() / 1000, peakMB: maxRSS / 1024 }),
  )
}
