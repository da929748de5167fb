import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { newFolder, run } from './child.ts'

// From now on nothing reaches the disk, not even the journal: EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH (fs/ext4/ext4.h).
const cutPower = 'import fcntl,os,struct,sys; fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack("I", 2))'

/** An ext4 of its own in a file, whose power can be cut. */
export interface LoopDisk extends Disposable {
  readonly path: string
  /** What was not synced is gone; until `restore` every write fails. */
  cut(): Promise<void>
  /** Nobody may have a file open. */
  restore(): void
}

/** Where root, mkfs.ext4, a loop device and python3 are missing, says so. */
export async function openLoopDisk(megabytes: number): Promise<LoopDisk | { readonly missing: string }> {
  const folder = newFolder()
  const image = join(folder, 'disk')
  const path = join(folder, 'mounted')
  const mount = () => run('mount', '-o', 'loop', image, path)
  const cut = () => once(spawn('python3', ['-c', cutPower, path], { stdio: 'ignore' }), 'exit').then(([code]) => code === 0)
  const restore = () => run('umount', path) && mount()
  const dispose = () => {
    run('umount', path)
    rmSync(folder, { recursive: true })
  }

  mkdirSync(path)
  // PostgreSQL passes through as another user.
  chmodSync(folder, 0o711)
  const isAble = run('truncate', '-s', `${megabytes}M`, image) && run('mkfs.ext4', '-q', image) && mount() && (await cut()) && restore()
  if (!isAble) {
    dispose()
    return { missing: 'root, mkfs.ext4, a loop device and python3' }
  }
  return { path, cut: async () => must(await cut(), 'cut'), restore: () => must(restore(), 'mounted again'), [Symbol.dispose]: dispose }
}

function must(isDone: boolean, what: string): void {
  if (!isDone) throw new Error(`The disk could not be ${what}`)
}
