import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { About } from '../model/monitoring.ts'
import { schemeOf } from './stores.ts'

const packageFile = join(import.meta.dirname, '../../package.json')

/** Where each port's adapter is opened: a URL, or `none`. */
export type Places = Readonly<Record<keyof About['adapters'], string>>

export const { version: packageVersion } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }

/** What runs here. Of a URL only its scheme is told. */
export function aboutHere(places: Places): About {
  const schemes = Object.entries(places).map(([port, url]) => [port, schemeOf(url) || 'none'])
  return { version: packageVersion, runtime: `Node ${process.versions.node}`, adapters: Object.fromEntries(schemes) as About['adapters'] }
}
