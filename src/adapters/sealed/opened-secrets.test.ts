import { createSecretKey, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { SealingKey } from './key-ring.ts'
import { openedOnce } from './opened-secrets.ts'

const newKey = (): SealingKey => ({ version: 1, documents: createSecretKey(randomBytes(32)), objects: () => new Uint8Array(32) })

function counted() {
  let times = 0
  const open = () => {
    times += 1
    return { profile: { name: `secret ${times}` } }
  }
  return { open, times: () => times }
}

test('the box that a key opened last is opened once', () => {
  const [key, { open, times }] = [newKey(), counted()]
  expect(openedOnce(key, 'users/u1', 'box', open)).toBe(openedOnce(key, 'users/u1', 'box', open))
  expect(times()).toBe(1)
})

test('another box, another place, another key: each is opened by itself', () => {
  const [key, { open, times }] = [newKey(), counted()]
  openedOnce(key, 'users/u1', 'box', open)
  openedOnce(key, 'users/u1', 'a newer box', open)
  openedOnce(key, 'users/u2', 'a newer box', open)
  openedOnce(newKey(), 'users/u2', 'a newer box', open)
  expect(times()).toBe(4)
})

test('what is given again can be changed by nobody, at any depth', () => {
  const [key, { open }] = [newKey(), counted()]
  const secret = openedOnce(key, 'users/u1', 'box', open) as { profile: { name: string } }
  expect(() => {
    secret.profile.name = 'another'
  }).toThrow(TypeError)
})

test('what cannot be opened is not remembered, nor is what is long', () => {
  const [key, { open, times }] = [newKey(), counted()]
  const refuse = () => {
    throw new Error('not sealed here')
  }
  expect(() => openedOnce(key, 'users/u1', 'box', refuse)).toThrow('not sealed here')
  openedOnce(key, 'users/u1', 'box', open)
  const long = 'x'.repeat(3000)
  openedOnce(key, 'users/u1', long, open)
  openedOnce(key, 'users/u1', long, open)
  expect(times()).toBe(3)
})
