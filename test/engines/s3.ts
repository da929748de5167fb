import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findGoProgram, goPrograms } from './go-program.ts'
import { startServer } from './loopback-server.ts'

export interface S3Engine {
  /** `s3://BUCKET?endpoint=…` of an empty bucket, or of one where each test takes a prefix of its own. */
  readonly url: string
  /** SIGKILL. */
  kill(): Promise<void>
  /** Starts what `kill` ended, on the same folder and port. */
  start(): Promise<void>
  stop(): Promise<void>
}

export interface S3Options {
  /** A store of one's own, to be killed: never the one that `CLARITY_TEST_S3` names. */
  readonly own?: boolean
}

const bucket = 'clarity-test'
const credentials = { AWS_ACCESS_KEY_ID: 'clarity-test', AWS_SECRET_ACCESS_KEY: 'clarity-test-secret' }

/**
 * An S3-compatible store on loopback: the one named by `CLARITY_TEST_S3` (a URL as `openS3Blobs` takes it; credentials from
 * the environment), else the Versity gateway over a folder, whose credentials are put into the environment.
 */
export async function startS3({ own }: S3Options = {}): Promise<S3Engine | { readonly missing: string }> {
  const named = process.env.CLARITY_TEST_S3
  if (named !== undefined && !own) return { url: named, kill: notOurs, start: notOurs, stop: async () => undefined }
  const program = await findGoProgram(goPrograms.s3)
  if (typeof program !== 'string') return own ? program : { missing: `${program.missing}, or CLARITY_TEST_S3` }
  const folder = mkdtempSync(join(tmpdir(), 'clarity-s3-'))
  mkdirSync(join(folder, 'data', bucket), { recursive: true })
  mkdirSync(join(folder, 'attributes'))
  const args = (port: number) => [
    '--port',
    `127.0.0.1:${port}`,
    '--keep-alive',
    '--quiet',
    'posix',
    '--sidecar',
    join(folder, 'attributes'),
    join(folder, 'data'),
  ]
  const server = await startServer(program, args, {
    ROOT_ACCESS_KEY_ID: credentials.AWS_ACCESS_KEY_ID,
    ROOT_SECRET_ACCESS_KEY: credentials.AWS_SECRET_ACCESS_KEY,
  })
  Object.assign(process.env, credentials)
  return {
    url: `s3://${bucket}?endpoint=${encodeURIComponent(`http://127.0.0.1:${server.port}`)}&pathStyle=true`,
    kill: server.kill,
    start: server.start,
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true })
    },
  }
}

function notOurs(): Promise<never> {
  return Promise.reject(new Error('The store of CLARITY_TEST_S3 is not ours to stop'))
}
