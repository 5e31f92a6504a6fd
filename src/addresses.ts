/** Where this installation is reachable from outside: every public address is made here and nowhere else. */

/** Two bases, each ending in a slash: pages and links in mails; feeds and media. */
export interface Addresses {
  server: string
  publish: string
}

export type FeedFile = 'rss.xml' | 'atom.xml' | 'feed.json'

/** The bases from `server.url` and, where feeds live elsewhere, `publish.url`. */
export function publicAddresses(serverUrl: string, publishUrl?: string): Addresses {
  const server = withSlash(serverUrl)
  return { server, publish: publishUrl === undefined ? `${server}feeds/` : withSlash(publishUrl) }
}

export function feedAddress(addresses: Addresses, feedId: string, file: FeedFile | '' = ''): string {
  return `${addresses.publish}${feedId}/${file}`
}

/** In the folder of feeds: what makes a feed readable to whoever opens it in a browser. */
export const styleFile = 'feed.css'

export function styleAddress(addresses: Addresses): string {
  return `${addresses.publish}${styleFile}`
}

export function mediaAddress(addresses: Addresses, fileName: string): string {
  return `${addresses.publish}media/${fileName}`
}

/** Where the articles of a folder are shown when the publisher names no site of their own for them. */
export function folderAddress(addresses: Addresses, sourceId: string): string {
  return `${addresses.server}articles/${sourceId}/`
}

export function unsubscribeAddress(addresses: Addresses, token: string): string {
  return `${addresses.server}unsubscribe/${token}`
}

export function confirmAddress(addresses: Addresses, token: string): string {
  return `${addresses.server}confirm/${token}`
}

export function subscribeAddress(addresses: Addresses): string {
  return `${addresses.server}subscribe`
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`
}
