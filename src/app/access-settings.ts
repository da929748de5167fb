import type { Issuer } from '../adapters/tokens/oidc.ts'
import { defaultRateLimits, type RateClass, type RateLimits, rateClasses } from '../http/limit-rate.ts'

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

/** `read=1200,ingest=3000`: what is not named keeps its default; `off` for none at all; undefined for what is neither. */
export function rateLimitsOf(text: string): RateLimits | 'off' | undefined {
  if (text === 'off') return 'off'
  const limits: Record<RateClass, number> = { ...defaultRateLimits }
  for (const part of text.split(',')) {
    const [, name = '', count] = /^([a-z]+)=([1-9]\d{0,8})$/.exec(part) ?? []
    const found = rateClasses.find((each) => each === name)
    if (found === undefined) return undefined
    limits[found] = Number(count)
  }
  return limits
}
