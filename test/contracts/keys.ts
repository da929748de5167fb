import { hash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HOUSE, type Keys } from '../../src/ports/keys.ts'
import { expectProblem } from './expectations.ts'

export interface OpenedKeys {
  /** Empty. */
  readonly keys: Keys
  /** What another process opens on the same store with the same root key. */
  open(): Promise<Keys>
  /** The same with another root key. */
  openOtherwise(): Promise<Keys>
  remove(): Promise<void>
}

/** What `ports/keys.ts` promises, of any adapter. */
export function keysContract(name: string, open: () => Promise<OpenedKeys>): void {
  describe(`${name} keeps the promises of keys`, () => {
    let opened: OpenedKeys
    beforeEach(async () => {
      opened = await open()
    })
    afterEach(() => opened.remove())

    making(() => opened)
    destroying(() => opened)
  })
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const sha256 = (bytes: Uint8Array) => hash('sha256', bytes, 'hex')

function making(opened: () => OpenedKeys): void {
  test('nobody has keys until they are made, and everybody has their own', async () => {
    const { keys } = opened()
    expect(await keys.of('ada')).toBeUndefined()
    const [ada, bob, house] = [await keys.make('ada'), await keys.make('bob'), await keys.make(HOUSE)]
    const all = [ada, bob, house].flatMap(({ audit, data }) => [audit, ...data.map(({ bytes }) => bytes)])
    expect(all.map(({ length }) => length)).toEqual([32, 32, 32, 32, 32, 32])
    expect(new Set(all.map(hex)).size).toBe(6)
    expect(ada.data.map(({ version }) => version)).toEqual([1])
  })

  test('keys are the same whenever they are asked for, here and in another process', async () => {
    const { keys, open } = opened()
    const made = await keys.make('ada')
    await using other = await open()
    for (const again of [await keys.make('ada'), await keys.of('ada'), await other.of('ada'), await other.make('ada')])
      expect(again).toEqual(made)
    expect(other.storeId).toBe(keys.storeId)
  })

  test('of several who make keys for one person at once all get the same', async () => {
    const { keys, open } = opened()
    await using other = await open()
    const made = await Promise.all([keys, other, keys, other].map((each) => each.make('ada')))
    expect(new Set(made.map(({ audit }) => hex(audit))).size).toBe(1)
    expect(made.every(({ data }) => hex(data[0]?.bytes ?? new Uint8Array()) === hex(made[0]?.data[0]?.bytes ?? new Uint8Array()))).toBe(
      true,
    )
  })

  test('a newer data key comes first, and the older stay, in every process', async () => {
    const { keys, open } = opened()
    await using other = await open()
    const [first] = (await keys.make('ada')).data
    const { audit } = await keys.make('ada')
    await Promise.all([keys.rotate('ada'), other.rotate('ada')])
    const now = await keys.of('ada')
    expect(now?.data.map(({ version }) => version)).toEqual([3, 2, 1])
    expect(now?.data[2]).toEqual(first)
    expect(now?.audit).toEqual(audit)
    expect(await other.of('ada')).toEqual(now)
    expect((await keys.rotate('new')).data.map(({ version }) => version)).toEqual([1])
  })

  test('another root key than the one that wrapped opens nothing', async () => {
    const { keys, openOtherwise } = opened()
    await keys.make('ada')
    await expectProblem('wrong_root_key', openOtherwise())
  })
}

function destroying(opened: () => OpenedKeys): void {
  test('destroyed keys are gone in every process, also where they were known, and nobody makes others under that id', async () => {
    const { keys, open } = opened()
    await using other = await open()
    await keys.make('ada')
    const bob = await keys.make('bob')
    await other.of('ada')
    await keys.destroy('ada')
    for (const each of [keys, other]) {
      await expectProblem('erased', each.of('ada'))
      await expectProblem('erased', each.make('ada'))
      await expectProblem('erased', each.rotate('ada'))
      expect(await each.of('bob')).toEqual(bob)
    }
  })

  test('what was destroyed is told by fingerprints, and told again', async () => {
    const { keys, open } = opened()
    await keys.make('ada')
    const { audit, data } = await keys.rotate('ada')
    const said = await keys.destroy('ada')
    expect(said?.fingerprints).toEqual([...data.map(({ bytes }) => sha256(bytes)), sha256(audit)])
    await using other = await open()
    expect(await other.destroy('ada')).toEqual(said)
    expect(await keys.destroy('nobody')).toBeUndefined()
  })

  test('keys that are destroyed while they are rotated are destroyed with the newest', async () => {
    const { keys, open } = opened()
    await using other = await open()
    await keys.make('ada')
    const [rotated, destroyed] = await Promise.allSettled([other.rotate('ada'), keys.destroy('ada')])
    await expectProblem('erased', other.of('ada'))
    if (rotated.status === 'rejected') expect(rotated.reason).toMatchObject({ code: 'erased' })
    else if (destroyed.status === 'fulfilled') expect(destroyed.value?.fingerprints).toHaveLength(rotated.value.data.length + 1)
  })
}
