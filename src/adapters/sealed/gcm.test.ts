import { createDecipheriv } from 'node:crypto'
import { expect, test } from 'vitest'
import { openBytes, sealBytes } from './gcm.ts'

const key = new Uint8Array(32).fill(7)
const context = Buffer.from('here')
const word = Buffer.from('calm')

test('no nonce is used twice, and none is changed by what is sealed later', () => {
  const sealed = Array.from({ length: 2000 }, () => sealBytes(key, word, context))
  expect(new Set(sealed.map((each) => Buffer.from(each.subarray(0, 12)).toString('hex'))).size).toBe(2000)
  for (const each of sealed) expect(openBytes(key, each, context)).toEqual(word)
})

test('what is sealed is nonce, ciphertext and tag of AES-256-GCM', () => {
  const sealed = sealBytes(key, word, context)
  expect(sealed.length).toBe(12 + word.length + 16)
  const plain = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAAD(context).setAuthTag(sealed.subarray(-16))
  expect(Buffer.concat([plain.update(sealed.subarray(12, -16)), plain.final()])).toEqual(word)
})
