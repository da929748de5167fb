// A second verifier of the audit log, which shares nothing with the first: node tools/verify-audit.mjs FOLDER [KEY]. FOLDER is what
// `clarity audit export` wrote: entries.ndjson, checkpoints/, audit.vkey. KEY is the verifier key itself, from elsewhere than FOLDER.
// Exits 0 whole, 1 tampered with (from which entry on, and how), 2 nobody vouches for the last entries.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { createReadStream, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const above = (left, right) => sha256(Buffer.of(1), left, right)
const jcs = (value) => {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(jcs)}]`
  const names = Object.keys(value).sort((a, b) => (a < b ? -1 : 1))
  return `{${names.map((name) => `${JSON.stringify(name)}:${jcs(value[name])}`)}}`
}
/** Size → root of each checkpoint that the key has signed; a string says which is not. */
function readCheckpoints(notes, vkey) {
  const [, name, id, public64 = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey.trim()) ?? []
  const raw = Buffer.from(public64, 'base64')
  const keyId = sha256(`${name}\n`, raw).subarray(0, 4)
  if (raw.length !== 33 || keyId.toString('hex') !== id) return 'audit.vkey'
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.subarray(1).toString('base64url') }, format: 'jwk' })
  const roots = new Map()
  for (const [file, note] of notes) {
    const end = note.lastIndexOf('\n\n') + 1
    const [origin, size, root] = note.slice(0, end).split('\n')
    const signatures = [...note.slice(end).matchAll(/^— (\S+) (\S+)$/gm)]
    const isGood = signatures.some(([, signer, code]) => {
      const bytes = Buffer.from(code, 'base64')
      if (signer !== name || bytes.toString('base64') !== code || !bytes.subarray(0, 4).equals(keyId)) return false
      return verify(null, Buffer.from(note.slice(0, end)), key, bytes.subarray(4))
    })
    if (!isGood || origin !== name || !/^\d+$/.test(size) || (roots.get(Number(size)) ?? root) !== root) return file
    roots.set(Number(size), root)
  }
  return roots
}
/** `{ exit, says }` of a log: its lines, its checkpoints as [file, text], and the verifier key. */
export async function verifyLog(lines, notes, vkey) {
  const roots = readCheckpoints(notes, vkey)
  if (typeof roots === 'string') return { exit: 1, says: `${roots}: not signed by this key` }
  const log = { last: '0'.repeat(64), count: 0, subtrees: [] }
  for await (const line of lines) {
    const wrong = step(log, line)
    if (wrong !== undefined) return { exit: 1, says: `entry ${log.count + 1}: ${wrong}` }
    const root = roots.get(log.count)
    const top = root && log.subtrees.map(([, each]) => each).reduceRight((right, left) => above(left, right))
    if (root && top.toString('base64') !== root) return { exit: 1, says: `entry ${log.count}: checkpoint` }
  }
  const signed = Math.max(0, ...roots.keys())
  if (signed > log.count) return { exit: 1, says: `entry ${log.count + 1}: cut` }
  return { exit: log.count > 0 && signed === log.count ? 0 : 2, says: `${log.count} entries, vouched for up to ${signed}` }
}
/** Takes the next entry in; says what is wrong with it. */
function step(log, line) {
  let entry
  try {
    entry = Object(JSON.parse(line))
  } catch {
    return 'unreadable'
  }
  const { hash, prevHash, ...said } = entry
  if (said.seq !== log.count + 1) return 'number'
  if (prevHash !== log.last) return 'link'
  const leaf = sha256(Buffer.of(0), Buffer.from(prevHash, 'hex'), jcs(said))
  if (leaf.toString('hex') !== hash) return 'content'
  Object.assign(log, { last: hash, count: log.count + 1 })
  log.subtrees.push([1, leaf])
  while (log.subtrees.at(-2)?.[0] === log.subtrees.at(-1)[0]) {
    const [[size, left], [, right]] = log.subtrees.splice(-2)
    log.subtrees.push([2 * size, above(left, right)])
  }
}
if (process.argv[1] !== undefined && resolve(process.argv[1]) === import.meta.filename) {
  const [, , folder = '.', key] = process.argv
  const notes = readdirSync(join(folder, 'checkpoints')).map((file) => [file, readFileSync(join(folder, 'checkpoints', file), 'utf8')])
  const lines = createInterface({ input: createReadStream(join(folder, 'entries.ndjson')), crlfDelay: Number.POSITIVE_INFINITY })
  const { exit, says } = await verifyLog(lines, notes, key ?? readFileSync(join(folder, 'audit.vkey'), 'utf8'))
  console.log(says)
  process.exitCode = exit
}
