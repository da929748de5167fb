import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { newFolder, run } from './child.ts'

// From now on nothing reaches the disk, not even the journal: EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH (fs/ext4/ext4.h).
// It says when, on the clock of process.hrtime.
const cutPower = `
import fcntl, os, struct, sys, time
disk = os.open(sys.argv[1], os.O_RDONLY)
at = time.monotonic_ns()
fcntl.ioctl(disk, 0x8004587d, struct.pack("I", 2))
print(at)`

/** An ext4 of its own in a file, whose power can be cut. */
export interface LoopDisk extends Disposable {
  readonly path: string
  /**
   * What was not synced is gone; until `restore` every write fails. Returns the moment, by `process.hrtime`. A sync that was
   * under way then may still succeed, since its process, unlike one without power, goes on: what it promises is void.
   */
  cut(): Promise<bigint>
  /** Nobody may have a file open. */
  restore(): void
}

/** Where root, mkfs.ext4, a loop device and python3 are missing, says so. */
export async function openLoopDisk(megabytes: number): Promise<LoopDisk | { readonly missing: string }> {
  const folder = newFolder()
  const image = join(folder, 'disk')
  const path = join(folder, 'mounted')
  const mount = () => run('mount', '-o', 'loop', image, path)
  const cut = () => promisify(execFile)('python3', ['-c', cutPower, path]).then(({ stdout }) => BigInt(stdout.trim()))
  const restore = () => run('umount', path) && mount()
  const dispose = () => {
    run('umount', path)
    rmSync(folder, { recursive: true })
  }

  mkdirSync(path)
  // PostgreSQL passes through as another user.
  chmodSync(folder, 0o711)
  const isAble =
    run('truncate', '-s', `${megabytes}M`, image) && run('mkfs.ext4', '-q', image) && mount() && (await cut().then(restore, () => false))
  if (!isAble) {
    dispose()
    return { missing: 'root, mkfs.ext4, a loop device and python3' }
  }
  return { path, cut, restore: () => must(restore()), [Symbol.dispose]: dispose }
}

function must(isDone: boolean): void {
  if (!isDone) throw new Error('The disk could not be mounted again')
}
