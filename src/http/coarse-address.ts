import { isIPv4, isIPv6 } from 'node:net'

/** Where a call comes from, to the network: /24 of IPv4, /48 of IPv6. Undefined for what is no address. */
export function coarseAddress(address: string): string | undefined {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (isIPv4(plain)) return `${plain.split('.').slice(0, 3).join('.')}.0/24`
  return isIPv6(plain) ? `${groupsOf(plain).slice(0, 3).join(':')}::/48` : undefined
}

function groupsOf(address: string): string[] {
  const [head = '', tail] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  if (tail === undefined) return left.map(shortened)
  const right = tail === '' ? [] : tail.split(':')
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right].map(shortened)
}

function shortened(group: string): string {
  return group.replace(/^0+(?=.)/, '').toLowerCase()
}
