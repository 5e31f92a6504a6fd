/** Articles that other people published: a feed of ours says what they are about, and whose they are. */
import { getDomain } from 'tldts'
import { type Article, type SafeHtml } from '../model.ts'
import { textAsHtml } from './characters.ts'

/** Whether an address is on the publication's own site: under the same registrable domain (Public Suffix List). */
export function isOnSite(url: string, siteUrls: readonly string[]): boolean {
  const home = placeOf(url)
  return home !== undefined && siteUrls.some((site) => placeOf(site) === home)
}

/** The article as it may go out when it is not ours: its excerpt, and a link to where it stands. */
export function asExcerpt(article: Article): Article {
  // Made of escaped text and one web address.
  return { ...article, html: asLink(article) as SafeHtml }
}

/** What there is to show of an article without its HTML: its excerpt, and where it stands. */
export function asLink({ url, excerpt }: Pick<Article, 'url' | 'excerpt'>): string {
  const host = URL.parse(url)?.hostname.replace(/^www\./, '') ?? url
  const link = `<p>→ <a href="${textAsHtml(url).replaceAll('"', '&quot;')}">${textAsHtml(host)}</a></p>`
  return excerpt === '' ? link : `<p>${textAsHtml(excerpt)}</p>\n${link}`
}

/** Addresses without a domain, such as one of an internal network, are their host. */
function placeOf(url: string): string | undefined {
  return getDomain(url, { allowPrivateDomains: true }) ?? URL.parse(url)?.hostname
}
