import { createWriteStream, existsSync, renameSync, rmSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { asDiskProblem, errorCodeOf } from '../../adapters/disk.ts'
import { exportFormatsTable } from '../../flows/export-formats.ts'
import { type ExportFormat, exportFormats } from '../../model/person-export.ts'
import { isProblemCode, Problem } from '../../model/problem.ts'
import { openAccounted } from '../accounted-house.ts'
import type { Command, Run } from '../command.ts'
import type { Remote } from '../remote.ts'
import { followedJob } from './follow-remote.ts'
import { requireUserId } from './user-flag.ts'

export const exportCommand: Command = {
  summary: 'Everything of a person as one file: a zip that can be brought back, FHIR R4, or Open mHealth.',
  usage: '--user ID --to FILE [--format zip|fhir|omh]',
  flags: {
    user: { value: 'ID', help: 'whose data' },
    to: { value: 'FILE', help: 'where to; it must not be there yet' },
    format: { value: 'FORMAT', help: 'zip: everything; fhir: a FHIR R4 bundle; omh: Open mHealth data points (zip)' },
  },
  isRemote: true,
  async run(run) {
    const userId = requireUserId(run)
    const file = run.flags.to
    if (file === undefined) throw new Problem('wrong_use', 'Where to? Say --to FILE.')
    const format = formatOf(run)
    await using opened = new AsyncDisposableStack()
    const content = run.remote
      ? await exportAt(run.remote, userId, format)
      : await exportFormatsTable[format].make(
          opened.use(await openAccounted(run.config, 'clarity export', { action: 'export', userId })),
          userId,
        )
    const bytes = await keep(file, content)
    run.out(run.json ? `${JSON.stringify({ file, format, bytes })}\n` : `${file}: ${bytes.toLocaleString('en-US')} bytes\n`)
    return 0
  },
}

function formatOf({ flags }: Run): ExportFormat {
  const said = flags.format ?? 'zip'
  const format = exportFormats.find((known) => known === said)
  if (format === undefined) throw new Problem('wrong_use', `--format is one of ${exportFormats.join(', ')}.`)
  return format
}

/** Under its name only once it is whole. For its owner's eyes. */
async function keep(file: string, content: AsyncIterable<Uint8Array>): Promise<number> {
  if (existsSync(file)) throw new Problem('not_empty', `${file} is there already.`)
  const partial = `${file}.partial`
  const out = createWriteStream(partial, { flags: 'wx', mode: 0o600 })
  try {
    await pipeline(Readable.from(content, { objectMode: false }), out)
    renameSync(partial, file)
    return out.bytesWritten
  } catch (error) {
    // One that was there before is another's.
    if (errorCodeOf(error) !== 'EEXIST') rmSync(partial, { force: true })
    throw asDiskProblem(error)
  }
}

async function exportAt(remote: Remote, userId: string, format: ExportFormat): Promise<AsyncIterable<Uint8Array>> {
  const { jobId } = (await remote.exportUser({ params: { userId }, query: { format } })).body
  const job = await followedJob(remote, jobId)
  if (job.status !== 'completed') {
    const { code = 'unavailable', message = 'The export came to no end.' } = job.errors.at(-1) ?? {}
    throw new Problem(isProblemCode(code) ? code : 'unavailable', message)
  }
  const { content } = await remote.getExport({ params: { userId, exportId: String(job.output.exportId) } })
  if (content === null) throw new Problem('unavailable', 'The server sent no file.')
  return content
}
