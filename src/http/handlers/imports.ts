import type { importsApi } from '../../api/imports.ts'
import { importPath } from '../../flows/import-record.ts'
import { newUser, requireUser } from '../../flows/manage-user.ts'
import { takeImport } from '../../flows/take-import.ts'
import { type SyntheticDeps, takeSynthetic } from '../../flows/take-synthetic.ts'
import { type ImportRecord, ImportView } from '../../model/import.ts'
import { inOrder } from '../../model/in-order.ts'
import type { StoredJob } from '../../model/job.ts'
import { nothingThere } from '../../model/nothing-there.ts'
import { Problem } from '../../model/problem.ts'
import { text } from '../../model/text.ts'
import type { Handlers } from '../call.ts'
import { listPage } from '../list-page.ts'

export const importsHandlers: Handlers<typeof importsApi, SyntheticDeps> = {
  async startImport(deps, { params, query, content, callId, header, principal }) {
    const makesPerson = query.newPerson === 'true'
    if (makesPerson && !principal.scopes.includes('users:create')) throw new Problem('forbidden', 'This credential may not make people.')
    const record = await takeImport(deps, {
      userId: params.userId,
      callId,
      content,
      file: fileNameIn(header('content-disposition')),
      zone: query.zone,
      dryRun: query.dryRun === 'true',
      ...(makesPerson && { newPerson: newUser(deps, query.zone) }),
    })
    return { body: viewOf(record), location: `/v1/${importPath(record)}` }
  },
  async makeSynthetic(deps, { body, callId }) {
    const record = await takeSynthetic(deps, { ...body, callId })
    return { body: viewOf(record), location: `/v1/${importPath(record)}` }
  },
  async listImports({ documents }, call) {
    const { userId } = call.params
    await requireUser({ documents }, userId)
    const query = { collection: 'imports', parent: `users/${userId}`, index: 'created', equals: [userId] }
    const { data, ...next } = await listPage<ImportRecord>(documents, query, call)
    return { body: { data: data.map(({ body }) => viewOf(body)), ...next } }
  },
  async getImport({ documents }, { params }) {
    const found = await documents.get<ImportRecord>(importPath(params))
    if (found === undefined) throw nothingThere()
    const { jobId, status } = found.body
    const job = jobId === undefined || status !== 'processing' ? undefined : await documents.get<StoredJob>(`jobs/${jobId}`)
    return { body: viewOf(found.body, job?.body) }
  },
}

export function viewOf(record: ImportRecord, job?: StoredJob): ImportView {
  const { progress, estimatedCompletion } = job ?? {}
  const now = { ...(progress && { progress }), ...(estimatedCompletion !== undefined && { estimatedCompletion }) }
  return inOrder(ImportView, { ...record, ...now })
}

const FileName = text(1, 200)

/** RFC 6266 `filename*=UTF-8''…`, else `filename="…"`, without its folder. */
function fileNameIn(said = ''): string {
  const encoded = /(?:^|;)\s*filename\*=UTF-8''([^;\s]+)/i.exec(said)?.[1]
  const name = decoded(encoded) ?? /(?:^|;)\s*filename="?([^";]+)"?/i.exec(said)?.[1]
  return FileName.safeParse(name?.split(/[/\\]/).at(-1)).data ?? 'upload'
}

function decoded(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (!(error instanceof URIError)) throw error
    throw new Problem('bad_header', 'The file name in Content-Disposition is not percent-encoded UTF-8.', { cause: error })
  }
}
