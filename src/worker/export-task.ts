import { exportFormatsTable } from '../flows/export-formats.ts'
import type { ExportDeps } from '../flows/export-person.ts'
import { ExportFormat, exportEndMs, exportKey } from '../model/person-export.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Task } from './task.ts'

/** Makes an export and keeps it under the id that was told when it was asked for. */
export function exporting(deps: ExportDeps): Task {
  return {
    async run({ job, documents, report }) {
      const { userId, input } = job
      const { exportId } = input
      const endMs = typeof exportId === 'string' ? exportEndMs(exportId) : undefined
      if (userId === undefined || typeof exportId !== 'string' || endMs === undefined)
        throw new Problem('invalid', 'The job names no export.')
      const { make } = exportFormatsTable[ExportFormat.parse(input.format)]
      const content = await make({ ...deps, documents }, userId, ({ files }) =>
        report({ stage: 'packing', done: 0, total: files, step: 0, steps: 1 }),
      )
      const { length, sha256 } = await deps.blobs.putStream(exportKey(userId, exportId), content)
      const link = `/v1/users/${userId}/exports/${exportId}`
      return {
        output: { artifacts: [link], exportId, bytes: length, sha256, expiresAt: formatInstant(endMs) },
        dataProcessedMb: length / 1e6,
      }
    },
  }
}
