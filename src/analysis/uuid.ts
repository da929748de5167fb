import { fingerprint } from './fingerprint.ts'

/** RFC 9562, version 8: the same for the same parts, so that who takes a thing twice has it once. Not for secrets. */
export function uuidOf(parts: readonly string[]): string {
  const hex = `${fingerprint(['uuid', ...parts])}${fingerprint([...parts, 'uuid'])}`
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) % 4)
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `${variant}${hex.slice(17, 20)}`, hex.slice(20)].join('-')
}
