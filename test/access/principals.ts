import type { Grantable } from '../../src/api/endpoint.ts'
import { giveConsent } from '../../src/flows/consents.ts'
import { makeGrant, revokeGrant, type WantedGrant } from '../../src/flows/grants.ts'
import { makeKey, revokeKey } from '../../src/flows/keys.ts'
import { makeSignInLink } from '../../src/flows/sign-in.ts'
import { principalKinds, type Scope, scopesOf } from '../../src/model/principal.ts'
import type { Issuer } from '../engines/issuer.ts'
import { type openWorld, seedUsers } from './world.ts'

type World = ReturnType<typeof openWorld>

/** Who gives the grants; who keeps theirs to herself; who was never there; who was erased. */
export const OWNER = 'olga'
export const CLOSED = 'carla'
export const ABSENT = 'nobody'
export const ERASED = 'gone'

export interface Asker {
  readonly name: string
  readonly authorization: string | undefined
  /** Why the door stays shut altogether. */
  readonly refused?: 'unauthorized' | 'token_expired'
  readonly scopes: readonly Scope[]
  /** Whose data are one's own; undefined for who has none. */
  readonly userId?: string
  /** Whether any person's address may be reached with the scope. */
  readonly everybody?: true
  /** What a grant of OWNER opens. */
  opens(what: Grantable): boolean
}

const nothing = () => false
const people = ['ada', 'token', 'device', 'all', 'writer', 'days', 'metric', 'revoked', 'over', 'narrow', OWNER, CLOSED, ERASED]

/** A grant of OWNER, and what it opens by the words of the specification. */
const delegates: Readonly<Record<string, { readonly grant: Partial<WantedGrant>; opens(what: Grantable): boolean }>> = {
  all: { grant: {}, opens: ({ access }) => access === 'read' },
  writer: { grant: { access: 'write' }, opens: () => true },
  days: { grant: { resources: ['days'] }, opens: ({ resource, access }) => resource === 'days' && access === 'read' },
  metric: { grant: { metrics: ['steps'] }, opens: ({ resource, access }) => access === 'read' && ['days', 'sessions'].includes(resource) },
  revoked: { grant: {}, opens: nothing },
  over: { grant: {}, opens: nothing },
}

/** Everybody who may come to the door, with keys, grants and consents in the store. Moves the clock past what is to be over. */
export async function seedAskers(world: World, issuer: Issuer): Promise<readonly Asker[]> {
  await seedUsers(world, ...people)
  for (const [n, userId] of [OWNER, CLOSED, ERASED].entries())
    await giveConsent(world, userId, `r${n}`, { purpose: 'dataSharing', given: true, textVersion: '1' })
  const grants = Object.entries(delegates).map(([granteeId, { grant }]) => ({ granteeId, access: 'read' as const, ...grant }))
  for (const grant of grants) {
    const until = grant.granteeId === 'over' ? { until: new Date(world.time.nowMs + 1000).toISOString() } : {}
    await makeGrant(world, OWNER, `g-${grant.granteeId}`, { ...grant, ...until })
    await makeGrant(world, ERASED, `e-${grant.granteeId}`, grant)
    await makeGrant(world, CLOSED, `c-${grant.granteeId}`, grant)
  }
  await revokeGrant(world, OWNER, 'g-revoked')
  await giveConsent(world, CLOSED, 'withdrawn', { purpose: 'dataSharing', given: false, textVersion: '1' })
  const askers = [...(await shutOut(world)), ...(await kinds(world)), ...(await granted(world)), ...(await signedIn(world, issuer))]
  await world.documents.batch([{ op: 'delete', path: `users/${ERASED}` }])
  world.time.nowMs += 2000
  return askers
}

async function shutOut(world: World): Promise<Asker[]> {
  const all = { scopes: [], opens: nothing }
  const expired = await makeKey(world, { kind: 'service', lifeMs: 1000 })
  const revoked = await makeKey(world, { kind: 'service' })
  await revokeKey(world, revoked.text)
  const erased = await makeKey(world, { kind: 'person', userId: ERASED })
  return [
    { name: 'nobody', authorization: undefined, refused: 'unauthorized', ...all },
    { name: 'a stranger', authorization: `Bearer clk_${'0'.repeat(32)}_${'A'.repeat(43)}`, refused: 'unauthorized', ...all },
    { name: 'an expired key', authorization: `Bearer ${expired.text}`, refused: 'token_expired', ...all },
    { name: 'a revoked key', authorization: `Bearer ${revoked.text}`, refused: 'unauthorized', ...all },
    { name: 'a key of an erased person', authorization: `Bearer ${erased.text}`, refused: 'unauthorized', ...all },
  ]
}

async function kinds(world: World): Promise<Asker[]> {
  const askers: Asker[] = []
  for (const kind of principalKinds) {
    const userId = { person: 'ada', device: 'device' }[kind as string]
    const { text } = await makeKey(world, { kind, userId })
    askers.push({
      name: `a ${kind}`,
      authorization: `Bearer ${text}`,
      scopes: scopesOf[kind],
      opens: nothing,
      ...(userId !== undefined && { userId }),
      ...(kind === 'service' && { everybody: true }),
    })
  }
  const narrow = await makeKey(world, { kind: 'person', userId: 'narrow', scopes: ['insights:read'] })
  const device = await makeKey(world, { kind: 'device', userId: 'writer' })
  const link = await makeSignInLink(world)
  return [
    ...askers,
    { name: 'a key of one scope', authorization: `Bearer ${narrow.text}`, scopes: ['insights:read'], userId: 'narrow', opens: nothing },
    { name: 'a device of a delegate', authorization: `Bearer ${device.text}`, scopes: scopesOf.device, userId: 'writer', opens: nothing },
    { name: 'a link to sign in', authorization: `Bearer ${link.text}`, scopes: ['sign-in:use'], everybody: true, opens: nothing },
  ]
}

async function granted(world: World): Promise<Asker[]> {
  const askers: Asker[] = []
  for (const [userId, { opens }] of Object.entries(delegates)) {
    const { text } = await makeKey(world, { kind: 'person', userId })
    askers.push({ name: `a delegate (${userId})`, authorization: `Bearer ${text}`, scopes: scopesOf.person, userId, opens })
  }
  return askers
}

/** Who comes with a token of an issuer: a person like any other, a delegate of OWNER, one whose token names a scope, and those who may not. */
async function signedIn(world: World, issuer: Issuer): Promise<Asker[]> {
  const nowS = Math.floor(world.time.nowMs / 1000)
  const bearer = async (claims: Record<string, unknown>) => `Bearer ${await issuer.sign({ iat: nowS, exp: nowS + 300, ...claims })}`
  const all = { scopes: scopesOf.person, opens: nothing }
  const { opens } = delegates.days ?? { opens: nothing }
  return [
    { name: 'a token', authorization: await bearer({ sub: 'token' }), userId: 'token', ...all },
    { name: 'a token of a delegate', authorization: await bearer({ sub: 'days' }), userId: 'days', ...all, opens },
    {
      name: 'a token of one scope',
      authorization: await bearer({ sub: 'token', scope: 'openid insights:read' }),
      userId: 'token',
      scopes: ['insights:read'],
      opens: nothing,
    },
    // A minute ago: more than clocks may be apart.
    { name: 'an expired token', authorization: await bearer({ sub: 'token', exp: nowS - 60 }), refused: 'token_expired', ...all },
    { name: 'a token for elsewhere', authorization: await bearer({ sub: 'token', aud: 'elsewhere' }), refused: 'unauthorized', ...all },
    { name: 'a token of an erased person', authorization: await bearer({ sub: ERASED }), refused: 'unauthorized', ...all },
    { name: 'a token of who was never there', authorization: await bearer({ sub: ABSENT }), refused: 'unauthorized', ...all },
  ]
}
