import { readFileSync } from 'node:fs'
import { api } from '../api/api.ts'
import { type Client, makeClient } from '../client/client.ts'
import { Problem } from '../model/problem.ts'
import type { Flags } from './command.ts'
import type { Config } from './config.ts'

/** A server that a command asks instead of opening a store. */
export type Remote = Client<typeof api>

/** The flags of every command that a server can be asked for. */
export const remoteFlags = {
  url: { value: 'URL', help: 'ask the server there, instead of opening the store (CLARITY_URL)' },
  'key-file': { value: 'FILE', help: 'the file that holds the API key for it; else CLARITY_KEY' },
} as const

/** The server that `--url` or the settings name; undefined where none is. Throws `Problem('wrong_use' | 'not_found')`. */
export function remoteOf(flags: Flags, { url: configured, key }: Config): Remote | undefined {
  const url = flags.url ?? configured
  if (url === undefined) return undefined
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw new Problem('wrong_use', '--url is an address such as http://127.0.0.1:8080.')
  const token = flags['key-file'] === undefined ? key : keyIn(flags['key-file'])
  if (token === undefined)
    throw new Problem('wrong_use', 'Which key? Set CLARITY_KEY, or say --key-file FILE. clarity keys create makes one.')
  return makeClient(api, { url, token })
}

function keyIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw new Problem('not_found', `There is no key to be read in ${file}.`, { cause })
  }
}

interface Page<T> {
  readonly data: readonly T[]
  readonly nextCursor?: string | undefined
}

/** Every entry of a list, page by page. */
export async function* pages<T>(
  ask: (page: { readonly limit: number; readonly cursor?: string }) => Promise<{ readonly body: Page<T> }>,
): AsyncGenerator<T> {
  let cursor: string | undefined
  do {
    const { body } = await ask({ limit: 1000, ...(cursor !== undefined && { cursor }) })
    yield* body.data
    cursor = body.nextCursor
  } while (cursor !== undefined)
}

export async function gathered<T>(list: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const each of list) all.push(each)
  return all
}
