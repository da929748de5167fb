import type { ExportFormat } from '../model/person-export.ts'
import { withArchived } from './archived-view.ts'
import { type ExportDeps, type ExportProgress, exportPerson } from './export-person.ts'
import { fhirBundle } from './fhir-bundle.ts'
import { omhDataPoints } from './omh-data-points.ts'

interface Format {
  /** Of the file's name. */
  readonly ending: string
  readonly mediaType: string
  readonly make: (deps: ExportDeps, userId: string, onProgress?: (progress: ExportProgress) => void) => Promise<AsyncIterable<Uint8Array>>
}

export const exportFormatsTable = {
  zip: { ending: 'zip', mediaType: 'application/zip', make: ofAll(exportPerson) },
  fhir: { ending: 'fhir.json', mediaType: 'application/fhir+json', make: ofAll(fhirBundle) },
  omh: { ending: 'omh.ndjson', mediaType: 'application/x-ndjson', make: ofAll(omhDataPoints) },
} as const satisfies Record<ExportFormat, Format>

/** What is archived of the person is told with the rest. */
function ofAll(make: Format['make']): Format['make'] {
  return (deps, userId, onProgress) => make(withArchived(deps, userId), userId, onProgress)
}
