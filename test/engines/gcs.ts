import { findGoProgram, goPrograms } from './go-program.ts'
import { startServer } from './loopback-server.ts'

export interface GcsEngine {
  /** `gs://BUCKET`; where it is comes from `STORAGE_EMULATOR_HOST`. */
  readonly url: string
  /** What `STORAGE_EMULATOR_HOST` should be. */
  readonly endpoint: string
  stop(): Promise<void>
}

const bucket = 'clarity-test'

/** Cloud Storage's JSON API on loopback: at `STORAGE_EMULATOR_HOST`, else fake-gcs-server, which keeps objects in memory. */
export async function startGcs(): Promise<GcsEngine | { readonly missing: string }> {
  const named = process.env.STORAGE_EMULATOR_HOST
  if (named !== undefined) return await withBucket(named, async () => undefined)
  const program = await findGoProgram(goPrograms.gcs)
  if (typeof program !== 'string') return { missing: `${program.missing}, or STORAGE_EMULATOR_HOST` }
  const server = await startServer(program, (port) => {
    const external = `http://127.0.0.1:${port}`
    return [
      '-backend',
      'memory',
      '-scheme',
      'http',
      '-host',
      '127.0.0.1',
      '-port',
      `${port}`,
      '-external-url',
      external,
      '-log-level',
      'error',
    ]
  })
  return await withBucket(`http://127.0.0.1:${server.port}`, server.stop)
}

async function withBucket(endpoint: string, stop: () => Promise<void>): Promise<GcsEngine> {
  const answer = await fetch(`${endpoint}/storage/v1/b?project=clarity-test`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: bucket }),
  })
  if (!answer.ok && answer.status !== 409) throw new Error(`The emulator makes no bucket: ${answer.status}`)
  process.env.STORAGE_EMULATOR_HOST = endpoint
  return { url: `gs://${bucket}`, endpoint, stop }
}
