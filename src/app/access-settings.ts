import { isIP } from 'node:net'
import type { Issuer } from '../adapters/tokens/oidc.ts'
import { defaultRateLimits, type RateLimits, rateNames } from '../http/limit-rate.ts'

const AUDIENCE = 'clarity-loop'

/** `https://issuer#audience`, several with spaces between; undefined for what is none. http only for an issuer on this machine. */
export function issuersOf(text: string): readonly Issuer[] | undefined {
  const issuers = text.split(/\s+/).filter((word) => word !== '')
  const read = issuers.map((word) => {
    const [issuer = '', audience = AUDIENCE, more] = word.split('#')
    return isIssuer(issuer) && audience !== '' && more === undefined ? { issuer, audience } : undefined
  })
  return read.every((one) => one !== undefined) ? read : undefined
}

function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, search, username } = new URL(text)
  return search === '' && username === '' && (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname)))
}

/** Names and addresses that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

/** Names with commas between them, without ports; undefined for what is none. */
export function hostsOf(text: string): readonly string[] | undefined {
  const names = text.toLowerCase().split(',')
  return names.every((name) => /^(?!-)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*$/.test(name)) ? names : undefined
}

/** Addresses and ranges such as `10.0.0.0/8`, with commas between them; undefined for what is none. */
export function proxiesOf(text: string): readonly string[] | undefined {
  const ranges = text.split(',')
  return ranges.every(isRange) ? ranges : undefined
}

function isRange(text: string): boolean {
  const [, address = '', length] = /^([\d.]+|[0-9a-f:]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? []
  const version = isIP(address)
  return version > 0 && (length === undefined || Number(length) <= (version === 4 ? 32 : 128))
}

/** Whether a server of these names is meant. An address is always its own: a name is what a page of elsewhere can have lead here. */
export function isHostAmong(names: readonly string[]): (name: string) => boolean {
  return (name) => names.includes(name) || isLoopback(name) || isIP(name.replace(/^\[|\]$/g, '')) > 0
}

/** `read=1200,ingest=3000`: what is not named keeps its default; `off` for none at all; undefined for what is neither. */
export function rateLimitsOf(text: string): RateLimits | 'off' | undefined {
  if (text === 'off') return 'off'
  const limits: Record<keyof RateLimits, number> = { ...defaultRateLimits }
  for (const part of text.split(',')) {
    const [, name = '', count] = /^([a-z]+)=([1-9]\d{0,8})$/.exec(part) ?? []
    const found = rateNames.find((each) => each === name)
    if (found === undefined) return undefined
    limits[found] = Number(count)
  }
  return limits
}
