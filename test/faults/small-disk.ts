import { rmSync } from 'node:fs'
import { newFolder, run } from './child.ts'

/** Whether this process may mount a tmpfs. */
export const mayMount = canMount()

/** A disk of its own on `folder`, `size` as `6m`; false where it could not be made. */
export function mountSmallDisk(folder: string, size: string): boolean {
  return run('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'clarity-full', folder)
}

export function growDisk(folder: string, size: string): boolean {
  return run('mount', '-o', `remount,size=${size}`, folder)
}

export function unmountDisk(folder: string): boolean {
  return run('umount', folder)
}

function canMount(): boolean {
  const probe = newFolder()
  const isMounted = mountSmallDisk(probe, '1m')
  if (isMounted) unmountDisk(probe)
  rmSync(probe, { recursive: true })
  return isMounted
}
