import type { ExportFormat } from '../model/person-export.ts'
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
  zip: { ending: 'zip', mediaType: 'application/zip', make: exportPerson },
  fhir: { ending: 'fhir.json', mediaType: 'application/fhir+json', make: fhirBundle },
  omh: { ending: 'omh.ndjson', mediaType: 'application/x-ndjson', make: omhDataPoints },
} as const satisfies Record<ExportFormat, Format>
