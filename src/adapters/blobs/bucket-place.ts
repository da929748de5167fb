import { Problem } from '../../model/problem.ts'
import { folderOfPrefix } from './key.ts'

/** Where in an object store the house has its place. */
export interface BucketPlace {
  readonly bucket: string
  /** What the name of every object begins with: empty, or a folder with its slash. */
  readonly prefix: string
  /** The rest of what the URL says, each name one of those allowed. */
  readonly settings: Readonly<Record<string, string>>
}

/** Reads `SCHEME://BUCKET?prefix=…&…`; throws `Problem('invalid')`. */
export function parseBucketUrl(url: string, scheme: 's3' | 'gs', allowed: readonly string[]): BucketPlace {
  const form = `${scheme}://BUCKET${['prefix', ...allowed].map((name, n) => `${n === 0 ? '?' : '&'}${name}=…`).join('')}`
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol !== `${scheme}:` || parsed.host === '' || !['', '/'].includes(parsed.pathname)) {
    throw new Problem('invalid', `An object store is named ${form}`)
  }
  const { prefix = '', ...settings } = Object.fromEntries(parsed.searchParams)
  const unknown = Object.keys(settings).find((name) => !allowed.includes(name))
  if (unknown !== undefined) throw new Problem('invalid', `${unknown} says nothing about an object store; it is named ${form}`)
  return { bucket: parsed.host, prefix: folderWithSlash(prefix), settings }
}

/** Objects of the archive are of the class that the URL's `archiveClass` names, where it names one. */
export function archiveClassOf({ settings }: BucketPlace, key: string): string | undefined {
  return key.startsWith('archive/') ? settings.archiveClass : undefined
}

function folderWithSlash(prefix: string): string {
  if (prefix === '') return ''
  const folder = prefix.endsWith('/') ? prefix : `${prefix}/`
  folderOfPrefix(folder)
  return folder
}
