import { describe, expect, test } from 'vitest'
import { isSignedBy } from '../../src/app/audit-signer.ts'
import { canonical } from '../../src/flows/audit-chain.ts'
import { type AuditVerdict, verifyAudit } from '../../src/flows/verify-audit.ts'
import type { AuditEntry, AuditNote } from '../../src/model/audit.ts'
import { verifyLog } from '../../tools/verify-audit.mjs'
import { seeded } from '../faults/dice.ts'
import { digest, type Log, logOf, noteOf, signerOf } from './log.ts'

const signer = signerOf(1)
const notes = Array.from({ length: 12 }, (_, n) => noteOf(n))
const signedAt = [9, 12]
const log = logOf(notes, signedAt, signer)

async function* each(lines: readonly string[]) {
  yield* lines
}

const first = (tampered: Log): Promise<AuditVerdict> =>
  verifyAudit({ digest, isSignedBy }, each(tampered.lines), tampered.checkpoints, tampered.key)
const second = ({ lines, checkpoints, key }: Log) =>
  verifyLog(
    lines,
    checkpoints.map((text, n) => [`${n}`, text]),
    key,
  )

test('a log that nobody touched is whole, to both verifiers', async () => {
  expect(await first(log)).toEqual({ verdict: 'ok', entries: 12, signed: 12 })
  expect(await second(log)).toEqual({ exit: 0, says: '12 entries, vouched for up to 12' })
})

test('keys in another order are no tampering', async () => {
  const turned = log.lines.map((line) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(line)).reverse())))
  expect(await first({ ...log, lines: turned })).toMatchObject({ verdict: 'ok' })
  expect(await second({ ...log, lines: turned })).toMatchObject({ exit: 0 })
})

test('entries that no checkpoint vouches for yet are told of, and so is a log without any', async () => {
  const unsigned = { ...log, checkpoints: log.checkpoints.slice(0, 1) }
  expect(await first(unsigned)).toEqual({ verdict: 'incomplete', entries: 12, signed: 9 })
  expect(await second(unsigned)).toEqual({ exit: 2, says: '12 entries, vouched for up to 9' })
  expect(await first({ ...log, lines: [], checkpoints: [] })).toMatchObject({ verdict: 'incomplete' })
})

const at = (n: number) => JSON.parse(log.lines[n - 1] ?? '') as AuditEntry
const put = (n: number, entry: object) => log.lines.with(n - 1, canonical(entry))

describe.each<[string, Partial<Log>, string, number]>([
  ['an edited entry', { lines: put(6, { ...at(6), outcome: 'deny' }) }, 'content', 6],
  ['an entry with another hash', { lines: put(6, { ...at(6), hash: at(7).hash }) }, 'content', 6],
  ['an entry that names another before it', { lines: put(6, { ...at(6), prevHash: at(7).hash }) }, 'link', 6],
  ['an entry that is gone', { lines: log.lines.toSpliced(5, 1) }, 'number', 6],
  ['an entry that stands twice', { lines: log.lines.toSpliced(5, 0, log.lines[5] ?? '') }, 'number', 7],
  ['a line that is none', { lines: log.lines.with(5, '{') }, 'unreadable', 6],
  ['a line that is no object', { lines: log.lines.with(5, '[]') }, 'unreadable', 6],
  ['a cut tail', { lines: log.lines.slice(0, 10) }, 'cut', 11],
  ['a log made anew', { lines: logOf([...notes.slice(0, 5), noteOf(99), ...notes.slice(6)], [], signer).lines }, 'checkpoint', 9],
  ['another key', { key: logOf(notes, [], signerOf(2)).key }, 'signature', 9],
])('%s', (_, tampered, kind, seq) => {
  test('is named, and where', async () => {
    expect(await first({ ...log, ...tampered })).toMatchObject({ verdict: 'tampered', kind, seq })
    expect(await second({ ...log, ...tampered })).toMatchObject({ exit: 1 })
  })
})

/** Each of a kind; whoever does it may also have made every hash behind it anew. */
const tamperings: Readonly<Record<string, (roll: (n: number) => number) => Log>> = {
  edit(roll) {
    const n = roll(12)
    return resealed(roll, (all) => all.with(n, changed(all[n] ?? noteOf(n), roll)))
  },
  byte(roll) {
    const n = roll(12)
    const line = log.lines[n] ?? ''
    const where = roll(line.length)
    return { ...log, lines: log.lines.with(n, `${line.slice(0, where)}${String.fromCharCode(33 + roll(90))}${line.slice(where + 1)}`) }
  },
  delete: (roll) => resealed(roll, (all) => all.toSpliced(roll(11), 1)),
  swap(roll) {
    const [one, other] = [roll(12), roll(12)]
    const swap = <T>(all: readonly T[]) => all.with(one, all[other] as T).with(other, all[one] as T)
    return roll(2) === 0 ? { ...log, lines: swap(log.lines) } : { ...log, lines: logOf(swap(notes), [], signer).lines }
  },
  insert: (roll) => resealed(roll, (all) => all.toSpliced(roll(12), 0, noteOf(100 + roll(1000)))),
  cut: (roll) => ({ ...log, lines: log.lines.slice(0, roll(12)) }),
  key: (roll) => ({ ...log, checkpoints: log.checkpoints.with(roll(2), logOf(notes, signedAt, signerOf(2)).checkpoints[roll(2)] ?? '') }),
  checkpoint(roll) {
    const n = roll(2)
    const note = log.checkpoints[n] ?? ''
    const where = roll(note.length - 1)
    return {
      ...log,
      checkpoints: log.checkpoints.with(n, `${note.slice(0, where)}${String.fromCharCode(33 + roll(90))}${note.slice(where + 1)}`),
    }
  },
}

function resealed(roll: (n: number) => number, change: (all: readonly AuditNote[]) => readonly AuditNote[]): Log {
  const changedLog = logOf(change(notes), [], signer).lines
  if (roll(2) === 0) return { ...log, lines: changedLog }
  // By hand: the entries as they were, in their new places.
  const bare = (entry: AuditEntry) => canonical({ ...entry, seq: 0, hash: '', prevHash: '' })
  const known = new Map(log.lines.map((line) => [bare(JSON.parse(line)), line]))
  return { ...log, lines: changedLog.map((line) => known.get(bare(JSON.parse(line))) ?? line) }
}

function changed(note: AuditNote, roll: (n: number) => number): AuditNote {
  const changes: readonly AuditNote[] = [
    { ...note, outcome: 'deny' },
    { ...note, count: (note.count ?? 0) + 1 + roll(9) },
    { ...note, at: `${note.at.slice(0, -1)}1Z` },
    { ...note, subject: note.subject?.replace(/^./, (char) => (char === 'A' ? 'B' : 'A')) },
    { ...note, actor: { type: 'service' } },
    { ...note, code: 'invalid' },
  ]
  return changes[roll(changes.length)] ?? note
}

/** Whether two logs say something else: a letter that became itself, or `1.0` in place of `1`, is no tampering. */
function saysTheSame({ lines, checkpoints, key }: Log): boolean {
  return key === log.key && checkpoints.join() === log.checkpoints.join() && meant(lines) === meaning
}

const meant = (lines: readonly string[]) => lines.map((line) => (log.lines.includes(line) ? line : parsedOrLine(line))).join('\n')
const meaning = meant(log.lines)

function parsedOrLine(line: string): string {
  try {
    return canonical(JSON.parse(line))
  } catch {
    return line
  }
}

test('of 10,000 random tamperings the verifier finds every one, and the second every one of the 2,000 it is shown', {
  timeout: 60_000,
}, async () => {
  const random = seeded(20_261_126)
  const roll = (n: number) => Math.floor(random() * n)
  const kinds = Object.entries(tamperings)
  const missed: string[] = []
  let tried = 0
  while (tried < 10_000) {
    const [name, tamper] = kinds[roll(kinds.length)] ?? ['', () => log]
    const tampered = tamper(roll)
    if (saysTheSame(tampered)) continue
    tried += 1
    if ((await first(tampered)).verdict === 'ok') missed.push(`first: ${name}`)
    if (tried % 5 === 0 && (await second(tampered)).exit === 0) missed.push(`second: ${name}`)
  }
  expect(missed).toEqual([])
})
