import type { z } from 'zod'
import { parseAs } from '../model/parse.ts'
import { Problem } from '../model/problem.ts'

const CREDENTIAL = /^(?:access_token|api_key|apikey|key|token|authorization)$/i

/** Throws `Problem('credential_in_url')` for an address that says a secret. */
export function refuseCredentials(url: string): void {
  const at = url.indexOf('?')
  if (at < 0 || !pairsOf(url.slice(at)).some(([name]) => CREDENTIAL.test(name))) return
  throw new Problem('credential_in_url', 'A credential stands in the address, where logs and histories keep it.')
}

/** Every parameter once, and none that the endpoint does not name. Throws `Problem`. */
export function readQuery(search: string, schema: z.ZodObject | undefined): Record<string, unknown> {
  const known = Object.keys(schema?.shape ?? {})
  const said: Record<string, string> = Object.create(null)
  for (const [name, value] of pairsOf(search)) {
    if (!known.includes(name)) throw new Problem('unknown_parameter', `There is no parameter ${JSON.stringify(name.slice(0, 60))} here.`)
    if (Object.hasOwn(said, name)) throw new Problem('repeated_parameter', `The parameter ${name} stands twice.`)
    said[name] = value
  }
  return schema === undefined ? {} : checked(schema, { ...said })
}

function checked(schema: z.ZodObject, said: Readonly<Record<string, string>>): Record<string, unknown> {
  try {
    return parseAs(schema, said, 'query')
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw new Problem('bad_parameter', 'A query parameter is not valid.', { cause: error, ...(error.errors && { errors: error.errors }) })
  }
}

function pairsOf(search: string): [string, string][] {
  const text = search.startsWith('?') ? search.slice(1) : search
  return text === ''
    ? []
    : text
        .split('&')
        .map((pair) => [decoded(pair.split('=', 1)[0] ?? ''), decoded(pair.includes('=') ? pair.slice(pair.indexOf('=') + 1) : '')])
}

function decoded(text: string): string {
  try {
    const plain = decodeURIComponent(text.replaceAll('+', ' '))
    if (!plain.includes('\0')) return plain
  } catch (error) {
    if (!(error instanceof URIError)) throw error
  }
  throw new Problem('bad_parameter', 'The query is not percent-encoded UTF-8.')
}
