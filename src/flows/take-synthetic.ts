import type { ImportRecord } from '../model/import.ts'
import { Problem } from '../model/problem.ts'
import { importPath } from './import-record.ts'
import { findUser, newUser } from './manage-user.ts'
import { type TakeDeps, takeImport } from './take-import.ts'

export interface SyntheticDeps extends TakeDeps {
  /** The bytes of an export of a person who does not exist. */
  readonly synthetic: (options: {
    readonly seed: number
    readonly days: number
    readonly lastDate: string
    readonly zone: string
  }) => AsyncIterable<Uint8Array>
}

/** Where the synthetic person lives. */
const ZONE = 'America/New_York'

/** Makes a person who does not exist and queues the import of their export. Throws `Problem('conflict')` for an id that somebody has. */
export async function takeSynthetic(
  deps: SyntheticDeps,
  { userId, callId, seed, days }: { readonly userId: string; readonly callId: string; readonly seed: number; readonly days: number },
): Promise<ImportRecord> {
  const before = await deps.documents.get<ImportRecord>(importPath({ userId, importId: `import_${callId}` }))
  if (before !== undefined) return before.body
  if ((await findUser(deps, userId)) !== undefined) throw new Problem('conflict', 'There is somebody of this userId.')
  const today = Temporal.Instant.fromEpochMilliseconds(deps.clock.nowMs()).toZonedDateTimeISO(ZONE).toPlainDate()
  const lastDate = today.subtract({ days: 1 }).toString()
  const person = newUser(deps, ZONE)
  return takeImport(deps, {
    ...{ userId, callId, file: 'synthetic.xml', zone: ZONE, dryRun: false },
    content: deps.synthetic({ seed, days, lastDate, zone: ZONE }),
    newPerson: { ...person, profile: { ...person.profile, displayName: 'Robin, who does not exist' } },
  })
}
