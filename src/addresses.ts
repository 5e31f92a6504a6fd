/** Where this installation is reachable from outside: every public address is made here and nowhere else. */

/** Two bases, each ending in a slash: pages and links in mails; feeds and media. Beside them the hub that feeds name. */
export interface Addresses {
  server: string
  publish: string
  hub?: string
}

export type FeedFile = 'rss.xml' | 'atom.xml' | 'feed.json'

/** The bases from `server.url` and, where feeds live elsewhere, `publish.url`; the hub is an address, or `own`. */
export function publicAddresses(serverUrl: string, publishUrl?: string, hub?: string): Addresses {
  const server = withSlash(serverUrl)
  return {
    server,
    publish: publishUrl === undefined ? `${server}feeds/` : withSlash(publishUrl),
    ...(hub !== undefined && { hub: hub === 'own' ? ownHub(server) : hub }),
  }
}

/** Whether those who follow a feed subscribe to it here. */
export function isOwnHub({ server, hub }: Addresses): boolean {
  return hub === ownHub(server)
}

function ownHub(server: string): string {
  return `${server}hub`
}

/** A feed that was made of another one has that one's id, and its own behind it: `all/topic/harbour`. */
export function feedAddress(addresses: Addresses, feedId: string, file: FeedFile | '' = ''): string {
  return `${addresses.publish}${feedId.split('/').map(encodeURIComponent).join('/')}/${file}`
}

/** Where a page of a feed's archive lies in the folder of the feed; 1 is the oldest. */
export function archivePath(page: number, file: FeedFile): string {
  return `archive/${page}.${file === 'feed.json' ? 'json' : file}`
}

export function archiveAddress(addresses: Addresses, feedId: string, page: number, file: FeedFile): string {
  return `${feedAddress(addresses, feedId)}${archivePath(page, file)}`
}

/** In the folder of feeds: what makes a feed readable to whoever opens it in a browser. */
export const styleFile = 'feed.css'

/** In the folder of feeds: all of them, for readers that take lists (OPML 2.0). */
export const listFile = 'feeds.opml'

export function listAddress(addresses: Addresses): string {
  return `${addresses.publish}${listFile}`
}

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
