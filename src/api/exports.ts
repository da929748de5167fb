import { z } from 'zod'
import { ExportFormat } from '../model/person-export.ts'
import type { Api } from './endpoint.ts'
import { JobTicket } from './job-ticket.ts'

export const exportsApi = {
  exportUser: {
    method: 'post',
    path: '/v1/users/{userId}/export',
    summary: 'Ask for everything of a person as a file; its link is in the job’s output, and good for 7 days',
    scope: 'exports:write',
    audit: 'export',
    query: z.object({
      format: ExportFormat.default('zip').meta({
        description: '`zip`: everything, also to be brought back; `fhir`: a FHIR R4 bundle; `omh`: Open mHealth data points.',
      }),
    }),
    reply: { type: 'json', status: 202, schema: JobTicket },
    problems: [],
  },
  getExport: {
    method: 'get',
    path: '/v1/users/{userId}/exports/{exportId}',
    summary: 'Fetch an export that was made',
    scope: 'exports:write',
    audit: 'export',
    reply: { type: 'file', status: 200, mediaType: 'application/octet-stream' },
    problems: [],
  },
} as const satisfies Api
