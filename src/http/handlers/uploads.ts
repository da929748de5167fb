import type { uploadsApi } from '../../api/uploads.ts'
import { importPath } from '../../flows/import-record.ts'
import type { TakeDeps } from '../../flows/take-import.ts'
import { addPart, dropUpload, importUpload, requireUpload, startUpload, uploadPath } from '../../flows/uploads.ts'
import { Problem } from '../../model/problem.ts'
import type { Handlers } from '../call.ts'
import { viewOf } from './imports.ts'

export const uploadsHandlers: Handlers<typeof uploadsApi, TakeDeps> = {
  async startUpload(deps, { params: { userId }, body, callId, principal }) {
    if (body.newPerson && !principal.scopes.includes('users:create')) throw new Problem('forbidden', 'This credential may not make people.')
    const upload = await startUpload(deps, { ...body, zone: body.zone, userId, callId })
    return { body: upload, location: `/v1/${uploadPath(upload)}` }
  },
  async getUpload(deps, { params: { userId, uploadId } }) {
    return { body: (await requireUpload(deps, userId, uploadId)).body }
  },
  async addPart(deps, { params: { userId, uploadId }, query: { offset }, content }) {
    return { body: await addPart(deps, await requireUpload(deps, userId, uploadId), { offset, content }) }
  },
  async importUpload(deps, { params: { userId, uploadId } }) {
    const record = await importUpload(deps, userId, uploadId)
    return { body: viewOf(record), location: `/v1/${importPath(record)}` }
  },
  async deleteUpload(deps, { params: { userId, uploadId } }) {
    await dropUpload(deps, (await requireUpload(deps, userId, uploadId)).body)
    return {}
  },
}
