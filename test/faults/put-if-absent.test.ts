import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newFolder } from './child.ts'
import { type Call, describeTraced, readTrace } from './trace.ts'

const files = join(import.meta.dirname, '../../src/adapters/blobs/files.ts')

/** Puts `samples/a` if absent twice, and says on standard output how each ended. */
const script = `
import { writeSync } from 'node:fs'
import { openFileBlobs } from ${JSON.stringify(files)}
const blobs = openFileBlobs(process.argv[1])
async function* content() { yield new Uint8Array(100) }
for (const _ of [1, 2]) {
  const ended = await blobs.putStream('samples/a', content(), { ifAbsent: true }).then(() => 'kept', ({ code }) => code)
  writeSync(1, 'said ' + ended + '\\n')
}`

describeTraced('before a put if absent is answered', () => {
  const traced = 'write,fsync,fdatasync,link'

  function trace(): Call[] {
    const folder = newFolder()
    const output = join(folder, 'trace')
    try {
      const strace = ['-f', '--seccomp-bpf', '-y', '-s', '32', '-o', output, '-e', `trace=${traced}`]
      const node = [process.execPath, '--input-type=module', '-e', script, join(folder, 'blobs')]
      const env = { PATH: process.env.PATH, UV_USE_IO_URING: '0', UV_THREADPOOL_SIZE: '1' }
      const { status, stderr } = spawnSync('strace', [...strace, ...node], { env, encoding: 'utf8' })
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      return readTrace(output)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }

  test('content is synced before it is linked and its folder after, whether it was kept or another stood there', () => {
    const calls = trace()
    const at = (matches: (call: Call) => boolean, after = 0) => calls.find((call) => call.start > after && matches(call)) ?? expect.fail()
    const isFolderSync = ({ name, text }: Call) => name === 'fsync' && text.includes('/blobs/samples>')
    const contentSynced = at(({ name, text }) => name === 'fdatasync' && text.includes('/.tmp/'))
    const linked = at(({ name }) => name === 'link', contentSynced.end)
    const named = at(isFolderSync, linked.end)
    const kept = at(({ text }) => text.includes('said kept'), named.end)
    const namedAgain = at(isFolderSync, kept.end)
    at(({ text }) => text.includes('said conflict'), namedAgain.end)
  })
})
