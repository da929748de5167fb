import { createReadStream, statSync } from 'node:fs'
import { basename } from 'node:path'
import type { ImportReport } from '../../model/import.ts'
import { isProblemCode, Problem } from '../../model/problem.ts'
import type { Run } from '../command.ts'
import { openFileSource } from '../file-source.ts'
import { type ProgressBar, progressBar } from '../progress.ts'
import type { Remote } from '../remote.ts'
import { following } from './follow-remote.ts'

/** Sends a file to a server and waits for its job: the same report. The person must be there. Throws the `Problem` that ended the import. */
export async function importAt(remote: Remote, { flags }: Pick<Run, 'flags'>, file: string, userId: string): Promise<ImportReport> {
  // Says what is wrong with the file before anything is sent.
  await (await openFileSource(file))[Symbol.asyncDispose]()
  const sending = progressBar(process.stderr, 'sending', 'bytes', Date.now)
  const query = {
    ...(flags['dry-run'] !== undefined && { dryRun: 'true' as const }),
    ...(flags.zone !== undefined && { zone: flags.zone }),
  }
  const body = ReadableStream.from(countedBytes(file, sending))
  const { importId, jobId = '' } = (await remote.startImport({ params: { userId }, query, body, fileName: basename(file) })).body
  sending.end()
  await watch(remote, jobId)
  const { report, problem } = (await remote.getImport({ params: { userId, importId } })).body
  if (report !== undefined) return report
  const { code = 'unavailable', detail = 'The import came to no end.' } = problem ?? {}
  throw new Problem(isProblemCode(code) ? code : 'unavailable', detail)
}

async function* countedBytes(file: string, bar: ProgressBar): AsyncGenerator<Uint8Array> {
  const { size } = statSync(file)
  let sent = 0
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    sent += chunk.length
    bar.update(sent, size)
    yield chunk
  }
}

/** A bar a stage, until the job is over. */
async function watch(remote: Remote, jobId: string): Promise<void> {
  let shown: { readonly stage: string; readonly bar: ProgressBar } | undefined
  for await (const { status, progress } of following(remote, jobId)) {
    if (status !== 'processing' || progress === undefined) continue
    const { stage, percentage, stepsCompleted = 0, totalSteps = 1 } = progress
    if (shown?.stage !== stage) {
      shown?.bar.end()
      shown = { stage, bar: progressBar(process.stderr, stage, 'percent', Date.now) }
    }
    shown.bar.update(percentage * totalSteps - 100 * stepsCompleted, 100)
  }
  shown?.bar.end()
}
