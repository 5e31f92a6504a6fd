/** Addresses as feeds and lists write them. */

/** The web address that `address` means at `base`; nothing when it is none. */
export function webUrl(address: string | undefined, base?: string): string | undefined {
  const trimmed = address?.trim() ?? ''
  const url = trimmed === '' ? null : URL.parse(trimmed, base)
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.host === '') return undefined
  // Names and passwords in an address are nobody's to pass on.
  url.username = ''
  url.password = ''
  return url.href
}

/** Whether two addresses have scheme, host and port in common: what one may be sent, the other may. */
export function isSameOrigin(a: string, b: string): boolean {
  const origin = URL.parse(a)?.origin
  return origin !== undefined && origin !== 'null' && origin === URL.parse(b)?.origin
}
