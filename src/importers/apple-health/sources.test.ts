import { expect, test } from 'vitest'
import { sourceKind } from './sources.ts'

const device = (words: string) => `${words}, manufacturer:Apple Inc., software:10.1>`

test.each([
  ['Zoë’s Apple\u00a0Watch', device('name:Apple Watch, model:Watch, hardware:Watch7,1'), 'watch'],
  ['Zoë’s Apple\u00a0Watch', null, 'watch'],
  ['Anything at all', device('name:Apple Watch'), 'watch'],
  ['Zoë’s iPhone', device('name:iPhone, model:iPhone, hardware:iPhone15,2'), 'phone'],
  ['iPhone de Zoë', null, 'phone'],
  ['Zoë’s iPad', device('name:iPad'), 'phone'],
  ['An app on the phone', device('name:iPhone, model:iPhone'), 'phone'],
  ['Oura', null, 'ring'],
  ['RingConn Gen 2', null, 'ring'],
  ['WHOOP', null, 'strap'],
  ['Polar H10 1234', null, 'strap'],
  ['Withings Body+', null, 'scale'],
  ['RENPHO Health', null, 'scale'],
  ['Oura', 'name:Oura Ring Gen3>', 'ring'],
  ['Health', null, 'app'],
  ['Slumber Notes', null, 'app'],
  ['Springtime', null, 'app'],
  ['Watchful', null, 'app'],
] as const)('%s with the device %s is a %s', (name, words, kind) => {
  expect(sourceKind(name, words)).toBe(kind)
})
