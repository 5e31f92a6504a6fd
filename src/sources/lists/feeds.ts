/** Where a site's feeds are: those that a page links, and the places where others have theirs. */
import { type CheerioAPI } from 'cheerio'
import { webUrl } from '../web-url.ts'

const FEED_TYPE = /^\s*application\/(?:rss|atom|rdf|feed)\+(?:xml|json)|^\s*application\/json\s*$/i
const COMMENTS = /comment|kommentar|commentaire|comentario|replies/i

/** The addresses of linked feeds, those of comments last (HTML, 4.6.7.1). */
export function linkedFeeds($: CheerioAPI, url: string): string[] {
  const base = webUrl($('base[href]').first().attr('href'), url) ?? url
  const links = [...$('link[rel~="alternate" i][href], link[rel~="feed" i][href]')].flatMap(({ attribs }) => {
    const address = webUrl(attribs['href'], base)
    const isFeed = FEED_TYPE.test(attribs['type'] ?? '') || /\bfeed\b/i.test(attribs['rel'] ?? '')
    // WordPress links the article itself as JSON, which is no feed.
    if (address === undefined || !isFeed || address.includes('/wp-json/')) return []
    return [{ address, isOfComments: COMMENTS.test(`${attribs['title'] ?? ''} ${address}`) }]
  })
  const sorted = links.toSorted((a, b) => Number(a.isOfComments) - Number(b.isOfComments))
  return [...new Set(sorted.map(({ address }) => address))].slice(0, 5)
}

const USUAL_PLACES = ['feed', 'rss.xml', 'atom.xml', 'feed.json', 'index.xml', 'feed.xml', 'rss']

/** Addresses worth a try, beside the page and at the root of its site. */
export function usualFeeds(url: string): string[] {
  const folders = [...new Set([new URL('.', url).href, new URL('/', url).href])]
  return folders.flatMap((folder) => USUAL_PLACES.map((name) => new URL(name, folder).href))
}

/** The address of a WordPress API (developer.wordpress.org/rest-api/using-the-rest-api/discovery). */
export function wordpressApi($: CheerioAPI, url: string): string | undefined {
  return webUrl($('link[rel="https://api.w.org/"]').first().attr('href'), url)
}
