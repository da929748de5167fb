import { z } from 'zod'
import { ImportView } from '../model/import.ts'
import { text, Zone } from '../model/text.ts'
import { MOST_UPLOAD_BYTES, PART_BYTES, UploadRecord } from '../model/upload.ts'
import type { Api } from './endpoint.ts'

export const UploadForm = z.strictObject({
  file: text(1, 200).meta({ description: 'The name of the file, without its folder.' }),
  size: z.int().min(1).max(MOST_UPLOAD_BYTES).meta({ description: 'Bytes of the whole file.' }),
  zone: Zone.optional().meta({ description: 'IANA zone in which the person lives; becomes the profile’s.' }),
  dryRun: z.boolean().default(false).meta({ description: 'Read and judge everything, keep nothing.' }),
  newPerson: z
    .boolean()
    .default(false)
    .meta({ description: 'Make the person if nobody has this id; for credentials that may make people.' }),
})

export const uploadsApi = {
  startUpload: {
    method: 'post',
    path: '/v1/users/{userId}/uploads',
    summary: 'Announce a file that will come in parts, over as many connections as it takes; what is not gone on with for a day goes',
    scope: 'sessions:write',
    audit: 'write',
    body: { type: 'json', schema: UploadForm, maxBytes: 4096 },
    reply: { type: 'json', status: 201, schema: UploadRecord },
    problems: ['not_found', 'forbidden', 'invalid', 'too_many_items'],
    examples: { body: { file: 'export.zip', size: 524_288_000, zone: 'Europe/Berlin' } },
  },
  getUpload: {
    method: 'get',
    path: '/v1/users/{userId}/uploads/{uploadId}',
    summary: 'Read how much of a file is there: the next part begins at `received`',
    scope: 'sessions:write',
    audit: 'read',
    reply: { type: 'json', status: 200, schema: UploadRecord },
    problems: ['not_found'],
  },
  // Of one file there are thousands: the log is told of its beginning and of what became of it.
  addPart: {
    method: 'put',
    path: '/v1/users/{userId}/uploads/{uploadId}',
    summary: 'Add the next part of a file: `partBytes` of it, or what is left; answered once it is kept for good',
    scope: 'sessions:write',
    audit: 'none',
    query: z.object({
      offset: z.coerce.number().int().min(0).max(MOST_UPLOAD_BYTES).meta({ description: 'Where in the file the part begins, in bytes.' }),
    }),
    body: { type: 'file', maxBytes: PART_BYTES },
    reply: { type: 'json', status: 200, schema: UploadRecord },
    problems: ['not_found', 'wrong_offset', 'invalid'],
  },
  importUpload: {
    method: 'post',
    path: '/v1/users/{userId}/uploads/{uploadId}/import',
    summary: 'Import a file that is there whole; asked again it is the same import',
    scope: 'sessions:write',
    audit: 'write',
    reply: { type: 'json', status: 202, schema: ImportView },
    problems: ['not_found', 'wrong_offset', 'not_a_zip', 'archive_corrupt'],
  },
  deleteUpload: {
    method: 'delete',
    path: '/v1/users/{userId}/uploads/{uploadId}',
    summary: 'Give up a file of which parts were sent: they go',
    scope: 'sessions:write',
    audit: 'delete',
    reply: { type: 'none', status: 204 },
    problems: ['not_found'],
  },
} as const satisfies Api
