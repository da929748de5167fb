import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** The list of bad inputs to the server, by number: each is a test that begins with it, `142: …` or `A26: …`. Files that are imported have their own. */
const lists: readonly (readonly [first: number, words: string])[] = [
  [1, 'empty truncated suite trailing array bom utf16 overlong surrogate nul duplicate prototype depth keys unknown overflow integer'],
  [
    18,
    'minus-zero text-number boolean-number half required null no-samples many-samples body-limit bomb encoding media-type multipart patch',
  ],
  [32, 'read-only email long-email quoted international second-account name birth height weight gender consent notes units retention'],
  [47, 'bad-line last-line cut crlf nul-tail long-line array-lines many-errors two-people repeated-sample joined reversed'],
  [99, 'limit repeated brackets backwards wide sort cursor escapes other-user url-token operators unknown-parameter'],
  [111, 'anonymous two-tokens alg kid expiry audience erased revoked headers smuggling no-key key-reuse forwarded host crlf-header method'],
  [127, 'if-match offset calendar leap midnight epoch nanoseconds year zone gap dst-night long-day instant backwards-session split skew'],
  [143, 'shifted flight heart jump confidence statistics steps distance efficiency stages stage-words transitions too-much-sleep energy'],
  [157, 'resting naughty bidi combining log markup path-id plain-id uuid foreign-id object-key homoglyph'],
  [169, 'same other pending permutation overlap conflict collision tombstone twice deleted-meanwhile re-upload correction'],
  [181, 'foreign-job many-ids percentage priority model-version few-samples endpoint model-output narrative finished'],
]
const words = new Map(lists.flatMap(([first, text]) => text.split(' ').map((word, at) => [first + at, word] as const)))

const root = join(import.meta.dirname, '../..')
const rooms = '{test/{http,access,worker,live},src/{http,model,analysis,flows,adapters/egress}}/**/*.test.ts'

/** Of `147 to 151, 156` each. */
function numbersIn(head: string): number[] {
  return head.split(/, | and /).flatMap((part) => {
    const [from = 0, to = from] = part.split(' to ').map((each) => Number(each.replace(/\D/g, '')))
    return Array.from({ length: to - from + 1 }, (_, at) => from + at)
  })
}

function tested(): Set<number> {
  const one = '[A-L]?\\d{1,3}'
  const heads = new RegExp(`['\`](${one}(?:(?:, | to | and )${one})*): `, 'g')
  const rows = new RegExp(`^\\s*\\[\\s*['\`](${one})['\`],`, 'gm')
  const found = new Set<number>()
  for (const path of globSync(rooms, { cwd: root })) {
    const text = readFileSync(join(root, path), 'utf8')
    const all = [...text.matchAll(heads), ...(/['`]%s: /.test(text) ? text.matchAll(rows) : [])]
    for (const [, head = ''] of all) for (const each of numbersIn(head)) found.add(each)
  }
  return found
}

const found = tested()

test('the list has every line once', () => {
  const numbers = [...words.keys()]
  const expected = [...Array(58).keys(), ...Array.from({ length: 92 }, (_, at) => 98 + at)].map((each) => each + 1)
  expect(numbers).toEqual(expected)
  expect(new Set(words.values()).size).toBe(numbers.length)
})

test.each([...words])('the bad input %i (%s) has a test', (number) => {
  expect(found.has(number)).toBe(true)
})
