import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { isSignedBy } from '../../src/app/audit-signer.ts'
import { canonical } from '../../src/flows/audit-chain.ts'
import { readCheckpoint, readVerifierKey, verifierKey } from '../../src/flows/audit-checkpoint.ts'
import { consistencyOf, emptyTree, grown, inclusionOf, isGrownFrom, rootAlong, rootOf } from '../../src/flows/merkle-tree.ts'
import { digest, logOf, noteOf, signerOf } from './log.ts'

// The leaves and roots that Google's Certificate Transparency code has in its tests.
const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map((data) =>
  hash('sha256', Buffer.from(`00${data}`, 'hex'), 'buffer'),
)
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

test('the Merkle tree is that of RFC 6962, at every size', () => {
  let tree = emptyTree
  for (const [size, root] of roots.entries()) {
    expect(Buffer.from(rootOf(digest, tree)).toString('hex')).toBe(root)
    tree = grown(digest, tree, leaves[size] ?? Buffer.alloc(32))
  }
})

test('what leads from a leaf to the root leads from no other leaf there', () => {
  for (let size = 1; size <= leaves.length; size += 1)
    for (const [at, leaf] of leaves.slice(0, size).entries()) {
      const path = inclusionOf(digest, leaves.slice(0, size), at)
      expect(rootAlong(digest, leaf, at, size, path)?.toHex()).toBe(roots[size])
      for (const other of leaves.filter((each) => each !== leaf))
        expect(rootAlong(digest, other, at, size, path)?.toHex()).not.toBe(roots[size])
      for (const elsewhere of [at - 1, at + 1, size]) expect(rootAlong(digest, leaf, elsewhere, size, path)?.toHex()).not.toBe(roots[size])
    }
})

// The consistency proofs that the same code has in its tests.
const grownFrom: readonly (readonly [number, number, readonly string[]])[] = [
  [1, 1, []],
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
]

test('what shows that one tree grew into another is that of RFC 6962', () => {
  for (const [size, of, path] of grownFrom)
    expect(
      consistencyOf(digest, leaves.slice(0, of), size).map((hash) => hash.toHex()),
      `${size} of ${of}`,
    ).toEqual(path)
})

const rootAt = (size: number) => ({ size, root: Buffer.from(roots[size] ?? '', 'hex') })
const sizes = leaves.flatMap((_, last) => Array.from({ length: last + 1 }, (_, at) => [at + 1, last + 1] as const))

test.each(sizes)(
  'that a tree of %i grew into one of %i is shown of no other tree, and not with a step more, less or changed',
  (size, of) => {
    const path = consistencyOf(digest, leaves.slice(0, of), size)
    const shows = (said: readonly Uint8Array[], older = rootAt(size), newer = rootAt(of)) => isGrownFrom(digest, older, newer, said)
    expect(shows(path)).toBe(true)
    const others = [...roots.keys()].slice(1).map(rootAt)
    for (const { size: other, root } of others) {
      expect(shows(path, { size, root })).toBe(other === size)
      expect(shows(path, rootAt(size), { size: of, root })).toBe(other === of)
    }
    expect(shows([...path, Buffer.alloc(32)])).toBe(false)
    for (const at of path.keys()) {
      expect(shows(path.toSpliced(at, 1))).toBe(false)
      expect(shows(path.with(at, Buffer.alloc(32)))).toBe(false)
    }
  },
)

test('JSON is written as RFC 8785 writes its example', () => {
  const example = String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`
  const canonicalised = String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`
  expect(canonical(JSON.parse(example))).toBe(canonicalised)
})

test('a signed note and a key that Go publishes are read and hold', () => {
  const key = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
  const known = readVerifierKey(digest, key)
  expect(known && verifierKey(digest, known)).toBe(key)
  const text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
  const signature = Buffer.from('x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=', 'base64')
  expect(known?.keyId).toBe(signature.subarray(0, 4).toString('base64'))
  expect(isSignedBy(known?.publicKey ?? Buffer.alloc(32), text, signature.subarray(4))).toBe(true)
  expect(isSignedBy(known?.publicKey ?? Buffer.alloc(32), `${text} `, signature.subarray(4))).toBe(false)
})

test('a checkpoint says what its log was called, how long it was, and its root', () => {
  const { checkpoints } = logOf([noteOf(1)], [1], signerOf(1))
  const read = readCheckpoint(checkpoints[0] ?? '')
  expect(read).toMatchObject({ origin: 'example.org/audit', size: 1 })
  for (const bad of ['', '\n', 'a\n1\n', checkpoints[0]?.replace('\n1\n', '\n01\n') ?? '']) expect(readCheckpoint(bad)).toBeUndefined()
})
