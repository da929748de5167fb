import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { readCheckpoint, verifierKey } from '../../flows/audit-checkpoint.ts'
import { type AuditProof, type ConsistencyProof, isConsistent, isProven, proveConsistency, proveEntry } from '../../flows/prove-audit.ts'
import { type AuditVerdict, verifyAudit } from '../../flows/verify-audit.ts'
import { Problem } from '../../model/problem.ts'
import { accountBeside } from '../accounted-house.ts'
import { digest } from '../audit-parts.ts'
import { isSignedBy } from '../audit-signer.ts'
import { auditOfStore, writeAudit } from '../audit-store.ts'
import type { Command, Run } from '../command.ts'

export const audit: Command = {
  summary: 'The audit log: whether it is what was sealed, a copy of it, a proof for one entry or between two checkpoints.',
  takesWords: true,
  usage: '(verify [--from DIR | --proof FILE] [--key KEY] | export --to DIR | prove NUMBER | consistency A B)',
  flags: {
    from: { value: 'DIR', help: 'what audit export wrote, instead of the store' },
    proof: { value: 'FILE', help: 'what audit prove or consistency said, instead of the log' },
    key: { value: 'KEY', help: 'who must have signed, as audit.vkey says it; from elsewhere than the log' },
    to: { value: 'DIR', help: 'an empty folder' },
  },
  async run(run) {
    const [verb, ...words] = run.positionals
    const act = verb !== undefined && Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
    if (act === undefined || words.length !== act.numbers)
      throw new Problem('wrong_use', 'Say audit verify, audit export --to DIR, audit prove NUMBER, or audit consistency A B.')
    if (!words.every((word) => /^[1-9]\d{0,15}$/.test(word))) throw new Problem('wrong_use', 'Say the number of an entry.')
    return act.run(run, words.map(Number))
  },
}

interface Verb {
  /** Of entries, to be said with it. */
  readonly numbers: number
  run(run: Run, numbers: readonly number[]): Promise<number>
}

const verbs: Readonly<Record<string, Verb>> = {
  verify: { numbers: 0, run: verify },
  export: { numbers: 0, run: exportTo },
  prove: { numbers: 1, run: prove },
  consistency: { numbers: 2, run: consistency },
}

const deps = { digest, isSignedBy }

/** How long an entry may wait for its checkpoint while a server is at work, ms. */
const UNSIGNED_MS = 120_000

async function verify(run: Run): Promise<number> {
  const { from, proof } = run.flags
  if (proof !== undefined) return tellProof(run, proof)
  return tell(run, from === undefined ? await verdictOfStore(run) : await verdictOfFolder(run, from))
}

async function verdictOfFolder({ flags }: Run, folder: string): Promise<AuditVerdict> {
  const file = join(folder, 'entries.ndjson')
  if (!existsSync(file)) throw new Problem('not_found', `There is no log in ${folder}: it would hold entries.ndjson.`)
  const checkpoints = join(folder, 'checkpoints')
  const notes = existsSync(checkpoints) ? readdirSync(checkpoints).map((name) => readFileSync(join(checkpoints, name), 'utf8')) : []
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })
  return verifyAudit(deps, lines, notes, flags.key ?? readFileSync(join(folder, 'audit.vkey'), 'utf8'))
}

/** While a server is at work the last minute of its log is not signed yet. */
async function verdictOfStore({ config, flags, say }: Run): Promise<AuditVerdict> {
  await using log = await auditOfStore(config, say)
  const found = await verifyAudit(deps, log.lines(), log.checkpoints, flags.key ?? verifierKey(digest, log.signer))
  if (found.verdict !== 'incomplete' || found.entries === 0) return found
  const waiting = await log.entryAt(found.signed + 1)
  const isYoung = waiting !== undefined && Date.now() - Date.parse(waiting.at) < UNSIGNED_MS
  return isYoung ? { ...found, verdict: 'ok' } : found
}

const codes = { ok: 0, tampered: 1, incomplete: 2 } as const

function tell({ json, out }: Run, found: AuditVerdict): number {
  out(json ? `${JSON.stringify(found)}\n` : `${sentenceOf(found)}\n`)
  return codes[found.verdict]
}

function sentenceOf(found: AuditVerdict): string {
  const n = (value: number) => value.toLocaleString('en-US')
  switch (found.verdict) {
    case 'ok':
      return `${n(found.entries)} entries stand as they were sealed; a checkpoint vouches for ${n(found.signed)}.`
    case 'tampered':
      return `TAMPERED with at entry ${n(found.seq)}: ${found.kind}.`
    case 'incomplete':
      return `INCOMPLETE: ${n(found.entries)} entries stand as they were sealed, but a checkpoint vouches for ${n(found.signed)} only.`
  }
}

async function exportTo(run: Run): Promise<number> {
  const { to } = run.flags
  if (to === undefined) throw new Problem('wrong_use', 'Where to? Say --to DIR.')
  if (existsSync(to) && readdirSync(to).length > 0) throw new Problem('not_empty', `${to} holds something.`)
  await accountBeside(run.config, 'clarity audit export', 'export')
  mkdirSync(join(to, 'checkpoints'), { recursive: true, mode: 0o700 })
  await using log = await auditOfStore(run.config, run.say)
  const report = await writeAudit(log, to)
  run.out(
    run.json ? `${JSON.stringify(report)}\n` : `${report.entries.toLocaleString('en-US')} entries and ${report.checkpoints} checkpoints.\n`,
  )
  return 0
}

async function prove({ config, out, say }: Run, [seq = 0]: readonly number[]): Promise<number> {
  await using log = await auditOfStore(config, say)
  out(`${JSON.stringify(await proveEntry({ ...log.places, digest }, seq, log.checkpoints))}\n`)
  return 0
}

async function consistency({ config, out, say }: Run, [a = 0, b = 0]: readonly number[]): Promise<number> {
  await using log = await auditOfStore(config, say)
  out(`${JSON.stringify(await proveConsistency({ ...log.places, digest }, [a, b], log.checkpoints))}\n`)
  return 0
}

async function tellProof(run: Run, file: string): Promise<number> {
  const { key } = run.flags
  if (key === undefined) throw new Problem('wrong_use', 'Whose? Say --key KEY.')
  const proof = JSON.parse(readFileSync(file, 'utf8')) as AuditProof | ConsistencyProof
  const { holds, yes, no, ...said } = 'entry' in proof ? ofEntry(proof, key) : ofCheckpoints(proof, key)
  if (run.json) run.out(`${JSON.stringify({ verdict: holds ? 'ok' : 'tampered', ...said })}\n`)
  else run.out(`${holds ? yes : no}\n`)
  return holds ? 0 : 1
}

function ofEntry(proof: AuditProof, key: string) {
  const { seq } = proof.entry
  const yes = `Entry ${seq} is in the log that the checkpoint vouches for.`
  return { holds: isProven(deps, proof, key), seq, yes, no: `Entry ${seq} is NOT proven.` }
}

function ofCheckpoints(proof: ConsistencyProof, key: string) {
  const [older, newer] = [proof.older, proof.newer].map((note) => readCheckpoint(note)?.size ?? 0)
  const yes = `The log of ${newer} entries begins with that of ${older}.`
  return {
    holds: isConsistent(deps, proof, key),
    older,
    newer,
    yes,
    no: `That the log of ${newer} entries begins with that of ${older} is NOT proven.`,
  }
}
