/** What a credential may ask for. Each endpoint names one; a key has those of its kind, or fewer. */
export const scopes = [
  'profile:read',
  'profile:write',
  'sessions:read',
  'sessions:write',
  'insights:read',
  'insights:write',
  'events:read',
  'exports:write',
  'jobs:read',
  'jobs:write',
  'webhooks:write',
  'models:read',
  'models:write',
  'users:list',
  'users:create',
  'research:read',
  'system:read',
  'system:write',
  'audit:read',
  /** Receipts of erasures: all of them, or with the key that one was asked for with, that one. */
  'receipts:read',
  /** Only of a sign-in link, for its one exchange. */
  'sign-in:use',
] as const
export type Scope = (typeof scopes)[number]

export const principalKinds = ['person', 'device', 'service', 'researcher', 'operator', 'auditor'] as const
export type PrincipalKind = (typeof principalKinds)[number]

const ofPerson = [
  'profile:read',
  'profile:write',
  'sessions:read',
  'sessions:write',
  'insights:read',
  'insights:write',
  'events:read',
  'exports:write',
  'jobs:read',
  'jobs:write',
  'webhooks:write',
  'models:read',
] as const satisfies readonly Scope[]

/** What each kind of principal may have at most. */
export const scopesOf = {
  /** One's own data, and those of others by their grants. */
  person: ofPerson,
  /** A watch or phone that hands in: nothing can be read with a stolen one. */
  device: ['sessions:write'],
  /** The backend of an app, for all its people. */
  service: [...ofPerson, 'users:create', 'users:list', 'receipts:read'],
  /** Aggregates over consenting people. */
  researcher: ['research:read', 'models:read'],
  /** Runs the system and sees nobody's data, but aggregates. */
  operator: [
    'users:list',
    'jobs:read',
    'jobs:write',
    'models:read',
    'models:write',
    'system:read',
    'system:write',
    'research:read',
    'receipts:read',
  ],
  auditor: ['audit:read', 'system:read', 'receipts:read'],
} as const satisfies Record<PrincipalKind, readonly Scope[]>

/** Bound to one person: only that person's data, and by grant others'. */
export const personalKinds = ['person', 'device'] as const satisfies readonly PrincipalKind[]

/** Who asks. */
export type Principal =
  | {
      readonly kind: (typeof personalKinds)[number]
      readonly userId: string
      readonly scopes: readonly Scope[]
      readonly credential: string
    }
  | {
      readonly kind: Exclude<PrincipalKind, (typeof personalKinds)[number]>
      readonly scopes: readonly Scope[]
      readonly credential: string
    }
