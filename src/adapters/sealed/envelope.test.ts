import { createSecretKey } from 'node:crypto'
import { expect, test } from 'vitest'
import { openedBody, part, sealedBody, withoutBox, withoutEnvelope } from './envelope.ts'
import type { OwnerKeys } from './key-ring.ts'

const newest = { version: 3, documents: createSecretKey(new Uint8Array(32).fill(1)), objects: () => new Uint8Array(32) }
const keys: OwnerKeys = { newest, version: () => newest, blinded: (text) => `blind ${text.length}` }

const body = {
  name: 'Ada',
  about: { city: 'Turin', born: 1815, deep: { a: 1, b: 2 } },
  list: [{ key: 'k1', sum: 1 }, { key: 'k2' }, { key: 'k3', sum: 3 }],
  none: [],
  odd: null,
}

const there = (sealed: readonly string[], said: object = body) => {
  const parted = part(said as Record<string, unknown>, { sealed, blind: ['name'] })
  const lying = sealedBody(parted, 'ada', 'users/ada', keys)
  const { _sealed } = lying as { _sealed?: { key: number; box: string } }
  return { lying: withoutEnvelope(lying), opened: _sealed === undefined ? lying : openedBody(lying, _sealed, 'ada', 'users/ada', keys) }
}

test.each<[readonly string[], object]>([
  [['about'], { name: 'Ada', list: body.list, none: [], odd: null }],
  [['about.deep.a', 'about.city'], { ...body, about: { born: 1815, deep: { b: 2 } } }],
  [['list.*.sum'], { ...body, list: [{ key: 'k1' }, { key: 'k2' }, { key: 'k3' }] }],
  [['name'], { ...body, name: 'blind 3' }],
  [['odd', 'none.*.sum', 'nowhere', 'name.first', 'list.0'], { ...body, odd: undefined }],
])('of %j nothing lies in the open, and all of it comes back', (sealed, left) => {
  const { lying, opened } = there(sealed)
  expect(lying).toEqual(left)
  expect(opened).toEqual(body)
})

test('a body without any of them stays as it is, and one that has a field of the envelope’s name keeps it', () => {
  expect(there(['nowhere'])).toEqual({ lying: body, opened: body })
  const odd = { name: 'Ada', _sealed: 'mine' }
  expect(there(['nowhere'], odd)).toEqual({ lying: { name: 'Ada' }, opened: odd })
})

test.each<[string, string]>([
  [
    '{"a":"\\"_sealed\\"","_sealed":{"key":1,"box":"QUFB","apart":"QQ=="}}',
    '{"a":"\\"_sealed\\"","_sealed":{"key":1,"box":"","apart":"QQ=="}}',
  ],
  ['{"_sealed": {"box": "QUFB", "key": 1, "apart": "QQ=="}, "z": 1}', '{"_sealed": {"box": "", "key": 1, "apart": "QQ=="}, "z": 1}'],
  ['{"box":"B","_sealed":{"key":1,"box":"QUFB","apart":""}}', '{"box":"B","_sealed":{"key":1,"box":"","apart":""}}'],
  ['{"_sealed":{"key":1,"box":"QUFB"}}', '{"_sealed":{"key":1,"box":"QUFB"}}'],
  ['{"apart":"a","box":"B"}', '{"apart":"a","box":"B"}'],
])('the box is taken out of %j where something is kept apart, in whatever order an engine writes it', (json, without) => {
  expect(withoutBox(json)).toBe(without)
})
