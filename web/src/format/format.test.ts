import { expect, test } from 'vitest'
import { type FormatOptions, formatsFor } from './format.ts'

const english: FormatOptions = { locale: 'en-GB', zone: 'America/New_York', units: 'metric' }
const german: FormatOptions = { ...english, locale: 'de-DE' }
/** Spaces that do not break are spaces to whoever reads this. */
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ')

test.each([
  [0, '0 min'],
  [59.4, '59 min'],
  [59.6, '1 h'],
  [485, '8 h 5 min'],
  [-12, '−12 min'],
  [-0.3, '0 min'],
])('%d minutes are read as %s', (minutes, text) => {
  expect(formatsFor(english).duration(minutes)).toBe(text)
})

test('numbers, shares and dates are those of the language', () => {
  const [en, de] = [formatsFor(english), formatsFor(german)]
  expect([en.number(11_889), de.number(11_889)]).toEqual(['11,889', '11.889'])
  expect([en.number(1.25, 1), de.number(1.25, 1)].map(plain)).toEqual(['1.3', '1,3'])
  expect([en.share(0.84), de.share(0.84)].map(plain)).toEqual(['84%', '84 %'])
  expect([en.share(0.001), en.share(0), en.share(0.005)]).toEqual(['< 1%', '0%', '1%'])
  expect([en.longDate('2026-11-14'), de.longDate('2026-11-14')]).toEqual(['Saturday, 14 November 2026', 'Samstag, 14. November 2026'])
  expect([en.shortDate('2026-11-14'), de.shortDate('2026-11-14')]).toEqual(['14 Nov', '14. Nov.'])
})

test('an instant is told by the clock of the person', () => {
  const ms = Date.parse('2026-11-14T03:36:00Z')
  expect(formatsFor(english).clock(ms)).toBe('22:36')
  expect(formatsFor({ ...english, zone: 'Asia/Tokyo' }).clock(ms)).toBe('12:36')
  expect(formatsFor(english).clock(Date.parse('2026-11-14T05:00:00Z'))).toBe('00:00')
})

test.each([
  [9_999, '10 kB'],
  [1_440_000, '1.4 MB'],
  [61_000_000, '61 MB'],
  [1_440_000_000, '1.44 GB'],
])('%d bytes are %s', (bytes, text) => {
  expect(plain(formatsFor(english).bytes(bytes))).toBe(text)
})

test('what is left is told in seconds, then in minutes', () => {
  const { wait } = formatsFor(english)
  expect([wait(3.2), wait(89), wait(90), wait(3000)].map(plain)).toEqual(['4 secs', '89 secs', '2 mins', '50 mins'])
})

test.each([
  // 26.2 miles are a marathon of 42.195 km; 100 kg are 220.5 lb; 37 °C are 98.6 °F.
  [42_195, 'm', '42.2 km', '26.2 mi'],
  [850, 'm', '850 m', '0.5 mi'],
  [100, 'kg', '100 kg', '220.5 lb'],
  [37, 'Cel', '37°C', '98.6°F'],
  [62, '/min', '62 bpm', '62 bpm'],
  [97, '%', '97%', '97%'],
  [11_889, '{steps}', '11,889', '11,889'],
  [23 * 60 + 40, '{clock}', '23:40', '23:40'],
  [24 * 60 + 15, '{clock}', '00:15', '00:15'],
  [-20, '{clock}', '23:40', '23:40'],
  [95, 'min', '1 h 35 min', '1 h 35 min'],
  [4.5, '{unknown}', '4.5 unknown', '4.5 unknown'],
])('%d %s is read as %s, or %s', (value, unit, metric, imperial) => {
  expect(plain(formatsFor(english).quantity(value, unit))).toBe(metric)
  expect(plain(formatsFor({ ...english, units: 'imperial' }).quantity(value, unit))).toBe(imperial)
})

test('a unit that is named like something every object has is a unit', () => {
  expect(formatsFor(english).quantity(1, 'constructor')).toBe('1 constructor')
})
