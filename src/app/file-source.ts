import { type FileHandle, open } from 'node:fs/promises'
import type { ByteSource } from '../importers/byte-source.ts'
import { Problem } from '../model/problem.ts'

/** A local file to be imported. Throws `Problem('not_found')` with the path as it was given. */
export async function openFileSource(path: string): Promise<ByteSource & AsyncDisposable> {
  const file = await opened(path)
  const { size } = await file.stat()
  return {
    length: size,
    async read(from, to, into) {
      const bytes = into?.subarray(0, to - from) ?? Buffer.allocUnsafe(to - from)
      for (let done = 0; done < bytes.length; ) {
        const { bytesRead } = await file.read(bytes, done, bytes.length - done, from + done)
        if (bytesRead === 0) throw new Problem('unavailable', `${path} became shorter while it was read.`)
        done += bytesRead
      }
      return bytes
    },
    [Symbol.asyncDispose]: () => file.close(),
  }
}

async function opened(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, 'r')
    if ((await file.stat()).isFile()) return file
    await file.close()
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')
      throw new Problem('not_found', `There is no file ${path}.`, { cause })
    throw new Problem('unavailable', `${path} cannot be read.`, { cause })
  }
  throw new Problem('wrong_use', `${path} is not a file.`)
}
