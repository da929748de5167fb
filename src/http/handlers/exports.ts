import type { exportsApi } from '../../api/exports.ts'
import { askExport, findExport } from '../../flows/export-job.ts'
import type { Blobs } from '../../ports/blobs.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Documents } from '../../ports/documents.ts'
import type { Handlers } from '../call.ts'

interface ExportsDeps {
  readonly documents: Documents
  readonly blobs: Blobs
  readonly clock: Clock
}

export const exportsHandlers: Handlers<typeof exportsApi, ExportsDeps> = {
  async exportUser(deps, { params, query, callId }) {
    const { jobId, type, status } = await askExport(deps, { userId: params.userId, callId, format: query.format })
    return { body: { jobId, type, status }, location: `/v1/jobs/${jobId}` }
  },
  async getExport(deps, { params: { userId, exportId } }) {
    const { length, content } = await findExport(deps, userId, exportId)
    return { content, headers: { 'content-length': String(length), 'content-disposition': `attachment; filename="${userId}-export"` } }
  },
}
