import { open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Lake } from '../../ports/lake.ts'
import { asDiskProblem, createFolder, syncFolder } from '../disk.ts'

/** A lake in a folder. What a crash leaves is a name that ends in `.partial`. */
export function openFolderLake(folder: string): Lake {
  const roots = new Set<string>()

  async function put(path: string, bytes: Uint8Array): Promise<void> {
    const target = join(folder, path)
    roots.add(path.split('/', 1)[0] ?? path)
    createFolder(dirname(target))
    const file = await open(`${target}.partial`, 'wx', 0o600)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(`${target}.partial`, target)
    await syncFolder(dirname(target))
  }

  return {
    put: (path, bytes) => translated(() => put(path, bytes)),
    clear: () =>
      translated(async () => {
        for (const root of roots) await rm(join(folder, root), { recursive: true, force: true })
        roots.clear()
      }),
  }
}

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw asDiskProblem(error)
  }
}
