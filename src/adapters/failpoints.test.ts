import { expect, test } from 'vitest'
import { failpoints, failpointsOf } from './failpoints.ts'

const throwsAt = (setting: string, ...names: readonly (typeof failpoints)[number][]) => {
  const reach = failpointsOf(setting)
  return names.map((name) => {
    try {
      reach(name)
      return false
    } catch {
      return true
    }
  })
}

test('a failpoint acts where it is named and nowhere else', () => {
  expect(throwsAt('blobs:synced:throw', 'blobs:written', 'blobs:synced', 'blobs:synced')).toEqual([false, true, true])
})

test('with @N it acts the Nth time only', () => {
  expect(throwsAt('blobs:synced:throw@2', 'blobs:synced', 'blobs:synced', 'blobs:synced')).toEqual([false, true, false])
})

test('several are counted each for itself, and * counts all together', () => {
  expect(throwsAt('blobs:synced:throw@2, documents:begun:throw@1', 'documents:begun', 'blobs:synced', 'blobs:synced')).toEqual([
    true,
    false,
    true,
  ])
  expect(throwsAt('*:throw@3', 'documents:begun', 'blobs:synced', 'documents:begun')).toEqual([false, false, true])
})

test('a delay goes on afterwards', () => {
  expect(throwsAt('*:delay(1)', 'blobs:synced')).toEqual([false])
})

test.each(['', 'blobs:synced', 'blobs:synced:stop', 'blobs:synced:delay', 'blobs:synced:kill@0', 'blobs:synced:throw,'])(
  '%j is refused, and says what a failpoint is',
  (setting) => {
    expect(() => failpointsOf(setting)).toThrow(/A failpoint is NAME:kill/)
  },
)

test('a name that is none is refused, and says which there are', () => {
  expect(() => failpointsOf('blobs:sunk:kill')).toThrow(/There is no failpoint blobs:sunk. There are: .*blobs:synced/)
})

test('each name is there once', () => {
  expect(new Set(failpoints).size).toBe(failpoints.length)
})
