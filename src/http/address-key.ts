import { domainToASCII } from 'node:url'
import { emailKey } from '../model/text.ts'

/** Under this key an address is one person's: letter case makes no other address, nor does a domain written in punycode. */
export function addressKey(email: string): string {
  const folded = emailKey(email)
  const at = folded.lastIndexOf('@')
  const domain = folded.slice(at + 1)
  // Empty for what no name server could be asked for: then the text itself is all there is.
  return `${folded.slice(0, at)}@${domainToASCII(domain) || domain}`
}
