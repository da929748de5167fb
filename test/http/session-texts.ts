import fc from 'fast-check'

const odd = <T>(usual: fc.Arbitrary<T>, ...others: fc.Arbitrary<T>[]) =>
  fc.oneof({ weight: 60, arbitrary: usual }, ...others.map((arbitrary) => ({ weight: 1, arbitrary })))
const two = (most: number) => fc.integer({ min: 0, max: most }).map((n) => String(n).padStart(2, '0'))

const anyInstant = fc
  .tuple(
    odd(fc.constantFrom('2024', '1999', '2023'), fc.constantFrom('1970', '1969', '9999', '0000', '+12024')),
    odd(two(12)),
    odd(two(31)),
    odd(two(23), fc.constant('24')),
    odd(two(59), two(99)),
    odd(two(59), fc.constantFrom('60', '99')),
    odd(fc.constantFrom('', '', '.5', '.123', '.123456', '.1234'), fc.constantFrom('.', '.1234567', '.000000001')),
    odd(fc.constantFrom('Z', '+02:00', '-05:30'), fc.constantFrom('', 'z', '+25:00', '+2:00', '+0200')),
  )
  .map(([y, mo, d, h, mi, s, f, z]) => JSON.stringify(`${y}-${mo}-${d}T${h}:${mi}:${s}${f}${z}`))
/** Mostly of one hour, as samples of a session are. */
const instant = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(odd(two(59), two(99), fc.constantFrom(':5', '5:')), odd(two(59), two(99), fc.constantFrom('5/', '5:')))
      .map(([minute, second]) => `"2024-01-20T14:${minute}:${second}Z"`),
  },
  { weight: 1, arbitrary: anyInstant },
)
const number = odd(
  fc.oneof(
    fc.integer({ min: 20, max: 230 }).map(String),
    fc.double({ min: 0, max: 300, noNaN: true }).map((n) => n.toFixed(2)),
  ),
  fc.constantFrom(
    '-0',
    '-0.0',
    '0',
    '1e2',
    '1E400',
    '01',
    '.5',
    '5.',
    '-',
    '+1',
    '"72"',
    'true',
    'null',
    '123456789012345',
    '1234567890123456',
    '9007199254740993',
    '0.1234567890123456789',
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => JSON.stringify(n)),
)
const confidence = odd(
  fc.double({ min: 0, max: 1, noNaN: true }).map((n) => n.toFixed(2)),
  fc.constantFrom('0', '1', '1.01', '-0.1', 'null', '"1"', '-0'),
)
const context = odd(
  fc.constantFrom('"resting"', '"active"', '""'),
  fc.constantFrom('"caf\u00e9"', '"a\\nb"', '"\\u0041"', '"\\ud800"', '"tab\there"', 'null', '7', JSON.stringify('x'.repeat(201))),
  fc.string({ unit: 'binary', maxLength: 10 }).map((text) => JSON.stringify(text)),
)
const space = odd(fc.constant(''), fc.constantFrom(' ', '\n\t', '\r\n'))

/** The text of an object whose members mostly come as they are named, sometimes in another order, twice, absent or beside an unknown one. */
function object(members: Readonly<Record<string, fc.Arbitrary<string>>>, optional: readonly string[] = []): fc.Arbitrary<string> {
  const names = Object.keys(members)
  const present = fc.tuple(...names.map((name) => odd(optional.includes(name) ? fc.boolean() : fc.constant(true), fc.constant(false))))
  const order = odd(
    fc.constant(names),
    fc.shuffledSubarray(names, { minLength: names.length }),
    fc.constantFrom(...names).map((name): string[] => [...names, name]),
    fc.constant<string[]>([...names, 'mood']),
    fc.constant<string[]>([...names, '__proto__']),
  )
  return fc
    .tuple(present, order, space, fc.tuple(...names.map((name) => members[name] as fc.Arbitrary<string>)))
    .map(([has, sorted, gap, values]) => {
      const said = sorted.filter((name) => has[names.indexOf(name)] ?? true)
      return `{${said.map((name) => `${gap}"${name}"${gap}:${gap}${values[names.indexOf(name)] ?? '{"a":[1]}'}`).join(`${gap},`)}${gap}}`
    })
}

const list = (of: fc.Arbitrary<string>) =>
  fc
    .tuple(odd(fc.constant(','), fc.constantFrom(' , ', ',,', '')), fc.array(of, { maxLength: 5 }))
    .map(([comma, each]) => `[${each.join(comma)}]`)
const ordered = fc.constantFrom('"2024-01-20T14:30:00Z"')
const rates = list(object({ timestamp: instant, value: number, confidence, context }, ['confidence', 'context']))
const readings = list(object({ startTime: instant, endTime: instant, value: number, confidence }, ['endTime', 'confidence']))
const info = object({
  sessionId: odd(fc.constant('"s1"'), fc.constant('"a/b"')),
  startTime: odd(ordered, instant),
  endTime: odd(fc.constant('"2024-01-20T15:30:00Z"'), instant),
  dataSource: odd(fc.constantFrom('"watch"', '"say \\"samples\\":["'), context),
})

/** Bodies of sessions as texts: most of them usual, many with something unusual somewhere, some cut or changed at a byte. */
export const sessionTexts: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    object(
      {
        sessionInfo: info,
        heartRate: object({ samples: odd(rates, fc.constantFrom('null', '{}', '7')) }),
        series: object({ steps: object({ unit: fc.constant('"{steps}"'), samples: readings }) }),
      },
      ['heartRate', 'series'],
    ),
    fc.nat(),
    fc.nat(255),
    fc.nat(40),
  )
  .map(([text, at, byte, change]) => {
    const bytes = Buffer.from(text)
    if (change === 0) return bytes.subarray(0, at % bytes.length)
    if (change === 1) bytes[at % bytes.length] = byte
    return bytes
  })
