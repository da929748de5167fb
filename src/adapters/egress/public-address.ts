import { BlockList, isIPv4, isIPv6 } from 'node:net'

// The registries of special addresses, https://www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry, and
// multicast; 168.63.129.16 is where Azure's machines ask for their secrets.
const notPublic4 = blocked('ipv4', [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
])

// All that is routed lies in 2000::/3; within it these carry an IPv4 address, or are for examples and tests.
const routed6 = blocked('ipv6', [['2000::', 3]])
const notPublic6 = blocked('ipv6', [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
])

const loopback4 = blocked('ipv4', [['127.0.0.0', 8]])

/** Of a host of the public internet. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !notPublic4.check(address)
  return isPlain6(address) && routed6.check(address, 'ipv6') && !notPublic6.check(address, 'ipv6')
}

export function isLoopbackAddress(address: string): boolean {
  return isIPv4(address) ? loopback4.check(address) : address === '::1'
}

/** Without a zone such as `%eth0`, which only means something on this machine. */
function isPlain6(address: string): boolean {
  return isIPv6(address) && !address.includes('%')
}

function blocked(family: 'ipv4' | 'ipv6', subnets: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList()
  for (const [net, prefix] of subnets) list.addSubnet(net, prefix, family)
  return list
}
