// A second verifier of the audit log, which shares nothing with the first: node tools/verify-audit.mjs FOLDER [KEY]
// FOLDER is what `clarity audit export` wrote: entries.ndjson, checkpoints/, audit.vkey. KEY is the verifier key itself, from elsewhere.
// Exits 0 whole, 1 tampered with (from which entry on, and how), 2 nobody vouches for the last entries.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { createReadStream, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const jcs = (value) => {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(jcs)}]`
  const names = Object.keys(value).sort((a, b) => (a < b ? -1 : 1))
  return `{${names.map((name) => `${JSON.stringify(name)}:${jcs(value[name])}`)}}`
}

/** Size → root of each checkpoint that the key has signed; a string says which is not. */
function readCheckpoints(notes, vkey) {
  const [, name, id, code = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey.trim()) ?? []
  const raw = Buffer.from(code, 'base64')
  const keyId = sha256(`${name}\n`, raw).subarray(0, 4)
  if (raw.length !== 33 || keyId.toString('hex') !== id) return 'audit.vkey'
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.subarray(1).toString('base64url') }, format: 'jwk' })
  const roots = new Map()
  for (const [file, note] of notes) {
    const end = note.lastIndexOf('\n\n') + 1
    const [origin, size, root] = note.slice(0, end).split('\n')
    const signatures = note
      .slice(end + 1)
      .split('\n')
      .map((line) => /^— (\S+) (\S+)$/.exec(line))
    const isGood = signatures.some((signature) => {
      const bytes = Buffer.from(signature?.[2] ?? '', 'base64')
      if (signature?.[1] !== name || bytes.toString('base64') !== signature[2] || !bytes.subarray(0, 4).equals(keyId)) return false
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
  const signed = Math.max(0, ...roots.keys())
  let [last, count, subtrees] = ['0'.repeat(64), 0, []]
  for await (const line of lines) {
    const bad = (kind) => ({ exit: 1, says: `entry ${count + 1}: ${kind}` })
    let entry
    try {
      entry = JSON.parse(line)
    } catch {
      return bad('unreadable')
    }
    const { hash, prevHash, ...said } = Object(entry)
    if (said.seq !== count + 1) return bad('number')
    if (prevHash !== last) return bad('link')
    const leaf = sha256(Buffer.of(0), Buffer.from(prevHash, 'hex'), jcs(said))
    if (leaf.toString('hex') !== hash) return bad('content')
    last = hash
    count += 1
    subtrees.push([1, leaf])
    while (subtrees.at(-2)?.[0] === subtrees.at(-1)[0]) {
      const [[size, left], [, right]] = subtrees.splice(-2)
      subtrees.push([2 * size, sha256(Buffer.of(1), left, right)])
    }
    const root = roots.get(count)
    const top = root && subtrees.map(([, each]) => each).reduceRight((right, left) => sha256(Buffer.of(1), left, right))
    if (root && top.toString('base64') !== root) return { exit: 1, says: `entry ${count}: checkpoint` }
  }
  if (signed > count) return { exit: 1, says: `entry ${count + 1}: cut` }
  return { exit: count > 0 && signed === count ? 0 : 2, says: `${count} entries, vouched for up to ${signed}` }
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === import.meta.filename) {
  const [, , folder = '.', key] = process.argv
  const notes = readdirSync(join(folder, 'checkpoints')).map((file) => [file, readFileSync(join(folder, 'checkpoints', file), 'utf8')])
  const lines = createInterface({ input: createReadStream(join(folder, 'entries.ndjson')), crlfDelay: Number.POSITIVE_INFINITY })
  const { exit, says } = await verifyLog(lines, notes, key ?? readFileSync(join(folder, 'audit.vkey'), 'utf8'))
  console.log(says)
  process.exitCode = exit
}
