import { listKeys, makeKey, revokeKey } from '../../flows/keys.ts'
import type { ApiKey } from '../../model/api-key.ts'
import { principalKinds, scopes } from '../../model/principal.ts'
import { Problem } from '../../model/problem.ts'
import type { Command, Run } from '../command.ts'
import { type House, openHouse } from '../house.ts'

export const keys: Command = {
  summary: 'API keys: make one, see which there are, end one within a second.',
  takesWords: true,
  usage: '(create --scope SCOPE,… [--kind KIND] [--user ID] [--expires DAYS] | list | revoke KEY)',
  flags: {
    scope: { value: 'SCOPE,…', help: 'what it may do, or all that its kind may' },
    kind: { value: 'KIND', help: `${principalKinds.join(', ')}; person where a user is named, else service` },
    user: { value: 'ID', help: 'whose data, of a person or device' },
    expires: { value: 'DAYS', help: 'until then, such as 90; without it until it is revoked' },
  },
  async run(run) {
    const [verb, ...rest] = run.positionals
    const act = verb !== undefined && Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
    if (act === undefined) throw new Problem('wrong_use', 'Say keys create, keys list, or keys revoke KEY.')
    await using house = await openHouse(run.config, 'clarity keys')
    await act(house, run, rest)
    return 0
  },
}

const verbs: Readonly<Record<string, (house: House, run: Run, words: readonly string[]) => Promise<void>>> = { create, list, revoke }

async function create(house: House, run: Run): Promise<void> {
  const { kind, userId, lifeMs, wanted } = wantedOf(run)
  const { key, text } = await makeKey(house, { kind, userId, lifeMs, scopes: wanted })
  if (run.json) run.out(`${JSON.stringify({ ...shown(key), key: text })}\n`)
  else {
    run.out(`${text}\n`)
    run.say(`A ${kind} key for ${key.scopes.join(', ')}. It is not kept and cannot be shown again.\n`)
  }
}

function wantedOf({ flags }: Run) {
  const kind = oneOf(principalKinds, flags.kind ?? (flags.user === undefined ? 'service' : 'person'), 'kind')
  if (flags.scope === undefined) throw new Problem('wrong_use', `What may it do? Say --scope all, or some of ${scopes.join(', ')}.`)
  const wanted = flags.scope === 'all' ? undefined : flags.scope.split(',').map((scope) => oneOf(scopes, scope, 'scope'))
  const lifeMs = flags.expires === undefined ? undefined : daysOf(flags.expires) * 86_400_000
  return { kind, userId: flags.user, lifeMs, wanted }
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

async function list(house: House, run: Run): Promise<void> {
  let count = 0
  for await (const key of listKeys(house)) {
    if (key.scopes.includes('sign-in:use')) continue
    count += 1
    run.out(run.json ? `${JSON.stringify(shown(key))}\n` : `${lineOf(key, house.clock.nowMs())}\n`)
  }
  if (count === 0) run.say('No keys yet: clarity keys create makes one.\n')
}

function lineOf({ prefix, kind, userId, createdAt, expiresAt, revokedAt, lastUsedAt }: ApiKey, nowMs: number): string {
  const end = expiresAt === undefined ? '' : `, ${Date.parse(expiresAt) <= nowMs ? 'expired' : 'until'} ${expiresAt.slice(0, 10)}`
  const state = revokedAt === undefined ? end : `, revoked ${revokedAt.slice(0, 10)}`
  const of = userId === undefined ? '' : ` of ${userId}`
  return `${prefix}…  ${kind}${of}, made ${createdAt.slice(0, 10)}${state}, last used ${lastUsedAt?.slice(0, 13) ?? 'never'}`
}

/** Without the hash, which is nobody's business. */
function shown({ secretSha256: _, ...key }: ApiKey): Omit<ApiKey, 'secretSha256'> {
  return key
}

async function revoke(house: House, run: Run, [said, ...more]: readonly string[]): Promise<void> {
  if (said === undefined || more.length > 0) throw new Problem('wrong_use', 'Say which: keys revoke KEY.')
  const keyId = await revokeKey(house, said)
  run.out(run.json ? `${JSON.stringify({ keyId, revoked: true })}\n` : `Revoked ${keyId}.\n`)
}
