import fc from 'fast-check'

/** Bodies that are not JSON, by hand: what parsers of others have taken. */
const notJson: readonly string[] = [
  ...[
    '',
    ' ',
    '[',
    ']',
    '{',
    '}',
    '[1,]',
    '[,1]',
    '[1,,2]',
    '[,]',
    '[1',
    '[1 true]',
    '[a]',
    '[1,\n1\n,1',
    '["a",',
    '[""',
    '[3[4]]',
    '["x"]]',
    '[1]x',
    '[][]',
    '[-]',
    '[1:2]',
    '[x',
  ],
  ...[
    '{"a"',
    '{"a":',
    '{"a" 1}',
    '{"a":1,}',
    '{"a":1,,}',
    '{a:1}',
    "{'a':1}",
    '{1:1}',
    '{"a":1 "b":2}',
    '{"a":1}}',
    '{"a":1}#',
    '{"a":1}//',
    '{"a":/*x*/1}',
    '{,}',
    '{"a":"b"}{}',
    '{:1}',
    '{"a"::1}',
    '{null:1}',
    '{"a":b}',
    '{[:"x"}',
  ],
  ...[
    '[01]',
    '[-01]',
    '[1.]',
    '[.1]',
    '[-.1]',
    '[1e]',
    '[1e+]',
    '[1.e1]',
    '[0x1]',
    '[1_0]',
    '[+1]',
    '[++1]',
    '[NaN]',
    '[-NaN]',
    '[Infinity]',
    '[-Infinity]',
    '[1a]',
    '[- 1]',
    '[1 000]',
    '[0e]',
    '[0E+]',
    '[2.e3]',
    '[１]',
    '[1.2a-3]',
    '[1eE2]',
    '[-2.]',
  ],
  ...[
    '["\\x"]',
    '["\\u"]',
    '["\\u12"]',
    '["\\uD834\\u"]',
    '["\\\ud83d"]',
    '["\\a"]',
    '["\t"]',
    '["\n"]',
    '["\0"]',
    '["',
    '"',
    '["\\"]',
    "['a']",
    '["a\u0000b"]',
    '\\u0022a"',
    '["\\ "]',
    '["\\u{1}"]',
    '"\\',
  ],
  ...[
    'true false',
    'tru',
    'TRUE',
    'nul',
    'fals',
    'None',
    'undefined',
    '<a>',
    '*',
    '[⁠]',
    '\u00a0[]',
    '[\u000c]',
    '[\u000b1]',
    '\ufeff',
    '()',
    '#',
    '[1]\u2028x',
    'å',
    '[True]',
    '[nulx]',
    '\u2060[]',
  ],
  ...['[', '{"a":', '[[[', '[{"a":['].map((text) => text.repeat(50_000)),
  `[${'['.repeat(100)}${']'.repeat(100)}]`,
]

const utf8 = new TextEncoder()

/** A body made from a good one: cut, filled, doubled or stained somewhere. */
function stained(good: readonly string[]): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(
      fc.constantFrom(...good),
      fc.nat(),
      fc.nat(300),
      fc.constantFrom('cut', 'drop', 'put', 'double', 'flip'),
      fc.uint8Array({ minLength: 1, maxLength: 4 }),
    )
    .map(([text, place, length, how, bytes]) => {
      const body = utf8.encode(text)
      const at = place % (body.length + 1)
      const end = Math.min(body.length, at + (how === 'put' || how === 'flip' ? 0 : 1 + (length % 20)))
      if (how === 'cut') return body.slice(0, at)
      if (how === 'flip') return body.map((byte, index) => (index === at ? byte ^ (1 << (length % 8)) : byte))
      const between =
        how === 'drop' ? new Uint8Array() : how === 'double' ? Buffer.concat([body.slice(at, end), body.slice(at, end)]) : bytes
      return Buffer.concat([body.slice(0, at), between, body.slice(end)])
    })
}

/** Bodies as broken clients and attackers send them; now and then one is good JSON of the wrong shape. */
export function malformed(good: readonly string[]): fc.Arbitrary<Uint8Array> {
  return fc.oneof(
    { weight: 6, arbitrary: stained(good) },
    { weight: 2, arbitrary: fc.constantFrom(...notJson).map((text) => utf8.encode(text)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 100 }).map((text) => utf8.encode(text)) },
    { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 4 }).map((value) => utf8.encode(JSON.stringify(value))) },
  )
}
