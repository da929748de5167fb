import type { z } from 'zod'
import { ShownKey } from '../../api/keys.ts'
import { keyIdOf, listKeys, makeKey, revokeKey } from '../../flows/keys.ts'
import { inOrder } from '../../model/in-order.ts'
import { principalKinds, scopes } from '../../model/principal.ts'
import { Problem } from '../../model/problem.ts'
import { openAccounted } from '../accounted-house.ts'
import type { Command, Run } from '../command.ts'
import type { House } from '../house.ts'
import { pages, type Remote } from '../remote.ts'
import { isSealingVerb, runSealing } from './sealing-keys.ts'

export const keys: Command = {
  summary: 'API keys: make one, see which there are, end one within a second. And the keys that seal the data: turn them, back them up.',
  takesWords: true,
  usage:
    '(create --scope SCOPE,… [--kind KIND] [--user ID] [--expires DAYS] | list | revoke KEY | rotate [--user ID] | rotate-root | backup --to DIR | restore --from DIR)',
  flags: {
    scope: { value: 'SCOPE,…', help: 'what it may do, or all that its kind may' },
    kind: { value: 'KIND', help: `${principalKinds.join(', ')}; person where a user is named, else service` },
    user: { value: 'ID', help: 'whose data, of a person or device; with rotate: of this person only' },
    expires: { value: 'DAYS', help: 'until then, such as 90; without it until it is revoked' },
    to: { value: 'DIR', help: 'with backup: where the wrapped keys are copied to; copies older than 7 days go' },
    from: { value: 'DIR', help: 'with restore: where the newest copy of the wrapped keys is taken from' },
  },
  isRemote: true,
  async run(run) {
    const [verb, ...rest] = run.positionals
    if (verb !== undefined && isSealingVerb(verb)) return runSealing(verb, run)
    const act = verb !== undefined && Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
    if (act === undefined) throw new Problem('wrong_use', 'Say keys create, list, revoke KEY, rotate, rotate-root, backup or restore.')
    await using opened = new AsyncDisposableStack()
    const ring = run.remote ? ringAt(run.remote) : ringIn(opened.use(await openAccounted(run.config, 'clarity keys', { action: 'admin' })))
    await act(ring, run, rest)
    return 0
  },
}

const verbs: Readonly<Record<string, (ring: KeyRing, run: Run, words: readonly string[]) => Promise<void>>> = { create, list, revoke }

interface KeyRing {
  create(wanted: Wanted): Promise<Shown & { readonly key: string }>
  list(): AsyncIterable<Shown>
  /** By what `list` shows of it, its id, or the key itself. Gives the id. */
  revoke(said: string): Promise<string>
}

type Shown = z.infer<typeof ShownKey>

function ringIn(house: House): KeyRing {
  return {
    async create({ kind, userId, days, wanted }) {
      const lifeMs = days === undefined ? undefined : days * 86_400_000
      const { key, text } = await makeKey(house, { kind, userId, lifeMs, scopes: wanted })
      return { ...inOrder(ShownKey, key), key: text }
    },
    async *list() {
      for await (const key of listKeys(house)) yield inOrder(ShownKey, key)
    },
    revoke: (said) => revokeKey(house, said),
  }
}

function ringAt(remote: Remote): KeyRing {
  const list = () => pages((query) => remote.listKeys({ query }))
  return {
    list,
    async create({ kind, userId, days, wanted }) {
      const scopes = wanted && { scopes: [...wanted] }
      const body = { kind, ...(userId !== undefined && { userId }), ...scopes, ...(days !== undefined && { expiresInDays: days }) }
      return (await remote.createKey({ body })).body
    },
    async revoke(said) {
      const keyId = await keyIdOf(list, said)
      await remote.revokeKey({ params: { keyId } })
      return keyId
    },
  }
}

async function create(ring: KeyRing, run: Run): Promise<void> {
  const wanted = wantedOf(run)
  const made = await ring.create(wanted)
  if (run.json) run.out(`${JSON.stringify(made)}\n`)
  else {
    run.out(`${made.key}\n`)
    run.say(`A ${wanted.kind} key for ${made.scopes.join(', ')}. It is not kept and cannot be shown again.\n`)
  }
}

type Wanted = ReturnType<typeof wantedOf>

function wantedOf({ flags }: Run) {
  const kind = oneOf(principalKinds, flags.kind ?? (flags.user === undefined ? 'service' : 'person'), 'kind')
  if (flags.scope === undefined) throw new Problem('wrong_use', `What may it do? Say --scope all, or some of ${scopes.join(', ')}.`)
  const wanted = flags.scope === 'all' ? undefined : flags.scope.split(',').map((scope) => oneOf(scopes, scope, 'scope'))
  return { kind, userId: flags.user, days: flags.expires === undefined ? undefined : daysOf(flags.expires), wanted }
}

function oneOf<T extends string>(known: readonly T[], said: string, what: string): T {
  const found = known.find((word) => word === said)
  if (found === undefined)
    throw new Problem('wrong_use', `There is no ${what} ${JSON.stringify(said.slice(0, 60))}. There are: ${known.join(', ')}.`)
  return found
}

function daysOf(text: string): number {
  const days = /^([1-9]\d{0,3})d?$/.exec(text)?.[1]
  if (days === undefined) throw new Problem('wrong_use', '--expires takes whole days, such as 90.')
  return Number(days)
}

async function list(ring: KeyRing, run: Run): Promise<void> {
  let count = 0
  for await (const key of ring.list()) {
    if (key.scopes.includes('sign-in:use')) continue
    count += 1
    run.out(run.json ? `${JSON.stringify(key)}\n` : `${lineOf(key, Date.now())}\n`)
  }
  if (count === 0) run.say('No keys yet: clarity keys create makes one.\n')
}

function lineOf({ prefix, kind, userId, createdAt, expiresAt, revokedAt, lastUsedAt }: Shown, nowMs: number): string {
  const end = expiresAt === undefined ? '' : `, ${Date.parse(expiresAt) <= nowMs ? 'expired' : 'until'} ${expiresAt.slice(0, 10)}`
  const state = revokedAt === undefined ? end : `, revoked ${revokedAt.slice(0, 10)}`
  const of = userId === undefined ? '' : ` of ${userId}`
  return `${prefix}…  ${kind}${of}, made ${createdAt.slice(0, 10)}${state}, last used ${lastUsedAt?.slice(0, 13) ?? 'never'}`
}

async function revoke(ring: KeyRing, run: Run, [said, ...more]: readonly string[]): Promise<void> {
  if (said === undefined || more.length > 0) throw new Problem('wrong_use', 'Say which: keys revoke KEY.')
  const keyId = await ring.revoke(said)
  run.out(run.json ? `${JSON.stringify({ keyId, revoked: true })}\n` : `Revoked ${keyId}.\n`)
}
