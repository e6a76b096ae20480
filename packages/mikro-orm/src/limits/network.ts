import { isIPv4, isIPv6 } from 'node:net'

/**
 * The network a client counts as: an IPv4 address, or the first 64 bits of an IPv6 one, because a household or a
 * rented machine holds 2^64 of those. IPv4 written as IPv6 is the IPv4 address. Without an address everybody is one
 * network: limits then hold for all together, which fails closed.
 */
export function networkOf(clientAddress: string | null): string {
  const groups = groupsOfIPv6(clientAddress)
  if (groups === null) return isIPv4(bare(clientAddress)) ? bare(clientAddress) : 'unknown'
  return isMapped(groups) ? dotted(groups) : prefixOf(groups, 64)
}

/**
 * The site a client counts as beside its network: the first 48 bits of an IPv6 address, because whoever is given a /48
 * has 65,536 networks. `null` for IPv4, where there is nothing of the kind.
 */
export function siteOf(clientAddress: string | null): string | null {
  const groups = groupsOfIPv6(clientAddress)
  return groups === null || isMapped(groups) ? null : prefixOf(groups, 48)
}

function bare(clientAddress: string | null): string {
  return clientAddress?.split('%')[0] ?? ''
}

function groupsOfIPv6(clientAddress: string | null): number[] | null {
  const address = bare(clientAddress)
  return isIPv6(address) ? expand(address) : null
}

function isMapped(groups: readonly number[]): boolean {
  return groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
}

function prefixOf(groups: readonly number[], bits: 48 | 64): string {
  const head = groups.slice(0, bits / 16).map((group) => group.toString(16))
  return `${head.join(':')}::/${bits}`
}

function expand(address: string): number[] {
  const [head = '', tail] = address.split('::')
  const left = groupsOf(head)
  const right = tail === undefined ? [] : groupsOf(tail)
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right]
}

function groupsOf(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)]
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number)
    return [a * 256 + b, c * 256 + d]
  })
}

function dotted(groups: readonly number[]): string {
  return groups
    .slice(6)
    .flatMap((group) => [group >> 8, group & 255])
    .join('.')
}
