/**
 * Sends a million malformed bodies to every endpoint that takes one: `node tools/fuzz.ts [COUNT] [SEED]`. Fails at the first answer that is a fault
 * of the server, says a code that is not in the list, comes after more than 2 s or not at all, or leaves a prototype changed; and where memory
 * grows by more than 64 MiB after the first tenth. Then as many bodies of sessions, good and bad, are read by both readers, which must agree.
 */
import { setTimeout } from 'node:timers/promises'
import fc from 'fast-check'
import { openTarget } from '../test/http/fuzz-target.ts'
import { malformed } from '../test/http/malformed.ts'
import { sessionTexts } from '../test/http/session-texts.ts'
import { compareReaders } from '../test/http/two-readers.ts'

const [count = 1_000_000, seed = Date.now() & 0x7fffffff] = process.argv.slice(2).map(Number)
const HANG_MS = 2000
const TURN_MS = 100
const GROWTH_BYTES = 64 * 1024 * 1024
const AT_ONCE = 2000

await using target = await openTarget()
let baseline: number | undefined
console.log(`${count} bodies to ${target.names.length} endpoints, seed ${seed}`)

for (let sent = 0, round = 0; sent < count; round += 1) {
  const name = target.names[round % target.names.length] ?? ''
  for (const body of fc.sample(malformed(target.good(name)), { numRuns: Math.min(AT_ONCE, count - sent), seed: seed + round })) {
    const fault = await within(target.fault(name, body))
    if (fault !== undefined) fail(`${fault}\n${Buffer.from(body).toString('base64')}`)
    sent += 1
  }
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  if (sent >= count / 10) baseline ??= heapUsed + external
  if (baseline !== undefined && heapUsed + external > baseline + GROWTH_BYTES)
    fail(`Memory grew by ${heapUsed + external - baseline} bytes`)
  if (round % 25 === 0) console.log(`${sent}: ${Math.round((heapUsed + external) / 1e6)} MB`)
}
console.log('No fault')

for (let read = 0, good = 0, round = 0; read < count; round += 1) {
  for (const body of fc.sample(sessionTexts, { numRuns: Math.min(AT_ONCE, count - read), seed: seed + round })) {
    const { isGood, difference } = compareReaders(body)
    if (difference !== undefined) fail(difference)
    if (isGood) good += 1
    read += 1
  }
  if (read === count || round % 25 === 0) console.log(`${read} sessions, ${good} of them good: the readers agree`)
}

/** Time in which this process could run: on a busy machine it may wait longer for its turn than an answer may take. */
async function within(answer: Promise<string | undefined>): Promise<string | undefined> {
  const before = process.cpuUsage()
  let isAnswered = false
  const hang = (async () => {
    for (let turn = 0; turn < HANG_MS / TURN_MS && !isAnswered; turn++) await setTimeout(TURN_MS, undefined, { ref: false })
    return `No answer within ${HANG_MS} ms`
  })()
  const fault = await Promise.race([answer, hang])
  isAnswered = true
  const { user, system } = process.cpuUsage(before)
  return fault ?? (user + system > HANG_MS * 1000 ? `An answer after ${HANG_MS} ms of work` : undefined)
}

function fail(reason: string): never {
  console.error(reason)
  process.exit(1)
}
