/** The network that a request comes from: coarse enough to be no one person, fine enough to count by. */
import ipaddr from 'ipaddr.js'

export interface Network {
  /** `203.0.113.0/24`, or `2001:db8:7::/48`: what one household or office has at most. */
  name: string
  /** False for this machine and its neighbours: then it is a proxy of ours, and everybody comes from there. */
  isPublic: boolean
}

/** The network of an address as a socket gives it; undefined for what is none. */
export function networkOf(address: string | undefined): Network | undefined {
  // A link-local address may carry the name of its interface (RFC 4007, section 11).
  const text = address?.replace(/%.*$/, '') ?? ''
  if (!ipaddr.isValid(text)) return undefined
  // `process` turns an IPv4 address in IPv6 clothes (RFC 4291, section 2.5.5.2) into itself.
  const ip = ipaddr.process(text)
  const [type, bits] = ip instanceof ipaddr.IPv4 ? [ipaddr.IPv4, 24] : [ipaddr.IPv6, 48]
  const first = type.networkAddressFromCIDR(`${ip.toString()}/${bits}`)
  return { name: `${first.toString()}/${bits}`, isPublic: ip.range() === 'unicast' }
}
