import { SystemConfiguration } from '../model/configuration.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents } from '../ports/documents.ts'
import { putVersioned } from './versions.ts'

const path = 'system/configuration'

export interface Configured {
  readonly configuration: SystemConfiguration
  /** 0 while nobody has decided anything. */
  readonly version: number
}

/** What holds now, read from the store each time: a change is felt by the next question, in every process. */
export async function findConfiguration({ documents }: { readonly documents: Documents }): Promise<Configured> {
  const stored = await documents.get<object>(path)
  return stored === undefined ? undecided : { configuration: SystemConfiguration.parse(stored.body), version: stored.version }
}

const undecided: Configured = { configuration: SystemConfiguration.parse({}), version: 0 }

/** Replaces all of it. Throws `Problem('precondition_failed')` where `ifVersion` is not the version that stands. */
export async function configure(
  { documents, clock }: { readonly documents: Documents; readonly clock: Clock },
  configuration: SystemConfiguration,
  ifVersion?: number,
): Promise<Configured> {
  const body = { ...configuration, updatedAt: formatInstant(clock.nowMs()) }
  const { version } = await putVersioned(documents, path, () => ({ body }), ifVersion)
  return { configuration, version }
}
