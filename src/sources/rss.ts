/** RSS 2.0, RSS 1.0, Atom and JSON Feed. */
import { parseAtomFeed, parseJsonFeed, parseRdfFeed, parseRssFeed } from 'feedsmith'
import { z } from 'zod'
import { Failure } from '../failures.ts'
import { type Item } from '../item.ts'
import { readAtom, readJson, readRdf, readRss, type WholeFeed } from './feed-items.ts'
import { restOf } from './feed-rest.ts'
import type { FindContext } from './index.ts'
import { id, selectWithFullText, webAddress, webBase } from './options.ts'

export const options = z.strictObject({
  id,
  kind: z.literal('rss').describe('A feed: RSS 2.0, RSS 1.0, Atom or JSON Feed'),
  url: webAddress.describe('Address of the feed'),
  fullText: z
    .boolean()
    .default(false)
    .describe("Reads each article's own page too, for a feed that holds only the beginnings of its articles"),
  select: selectWithFullText,
  ...webBase,
})

/** What `docs/sources.md` says of it beyond the options; Markdown. */
export const guide = `
Any feed in RSS 0.91 to 2.0, RSS 1.0, Atom or JSON Feed, up to 5 MB; of its items the first 1000 count.

- **One article stays one.** The feed's guid is kept, and is the guid in the feeds that Broadsheet publishes: who moves a
  feed to Broadsheet shows no reader anything twice. An item whose title, address, guid or date changes (any one of them)
  is the same article. Of two items with one guid the first counts, and the other is named in the result.
- **Text.** The full text that the feed holds, or else its description. With \`fullText: true\` the text comes from the
  article's own page, while guid, title, date and names stay those of the feed.
- **Pages** of new items are read, and read again when the feed says anything else of the item: title, date of change,
  description; those of late ones also by themselves, less and less often (docs/articles.md). When a page cannot be read,
  a new article has what the feed holds of it, the failure is named, and the next collection tries again; an article that
  is known stays as it is.
- **Dates** are read in every common form. An article without one is dated when it was first seen, and so is one that
  claims a later date than that: a date in the future is believed of nothing on the web.
- **Rest.** A feed is not asked for again before the time that its server (\`max-age\`, \`Expires\`) or the feed itself (\`ttl\`,
  \`sy:updatePeriod\`) names, for a day at most, whatever \`schedule\` says.
- **Unchanged** feeds cost one conditional request and nothing more. Changed options are noticed: the feed is then read
  whole.
- **Failing.** When the feed cannot be read, or is no feed (many sites answer with a page when something is wrong),
  nothing that is published changes. \`broadsheet sources list\` says so, and what to do.
`

export type RssOptions = z.output<typeof options>

const LARGEST_BYTES = 5_000_000
const MOST_ITEMS = 1000

const ACCEPT =
  'application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5'

/** The items of the feed; none when it is the same as last time. Throws Failure `http.…` or `source.notFeed`. */
export async function find({ url }: RssOptions, { fetch, parse }: FindContext): Promise<Item[]> {
  const fetched = await fetch(url, { accept: ACCEPT, conditional: true, maxBytes: LARGEST_BYTES })
  if (fetched.status === 'unchanged') return []
  const text = fetched.text()
  const rest = restOf(text)
  if (rest !== undefined) fetched.keepFor?.(rest)
  return await parse('rss', text, fetched.url)
}

/**
 * The items of a feed that was read from `url`, in its order, each guid once; what had to be left out is told to `fault`.
 * @throws Failure `source.notFeed`.
 */
export function parse(text: string, url: string, fault: (failure: Failure) => void = () => undefined): Item[] {
  const items: Item[] = []
  const seen = new Set<string>()
  for (const entry of parseFeed(text, url).entries.slice(0, MOST_ITEMS)) {
    const { guid, title } = entry
    const about = { feed: url, guid: guid?.slice(0, 200), title: title?.slice(0, 200) }
    if ('lacks' in entry) fault(new Failure('source.item', { ...about, reason: `it lacks ${entry.lacks}` }))
    else if (guid !== undefined && seen.has(guid))
      fault(new Failure('source.item', { ...about, reason: 'an item before it has the same guid' }))
    else {
      if (guid !== undefined) seen.add(guid)
      items.push(entry)
    }
  }
  return items
}

/** A feed as a whole. Throws Failure `source.notFeed`. */
export function parseFeed(written: string, url: string): WholeFeed {
  const text = withoutProlog(fitForXml(written))
  const root = rootOf(text)
  try {
    const feed = readers[root]?.(text, url)
    if (feed !== undefined) return feed
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown
    throw new Failure('source.notFeed', { url, reason: `it is ${nameOf(root, text)}` }, thrown)
  }
  throw new Failure('source.notFeed', { url, reason: `it is ${nameOf(root, text)}` })
}

// By the root and not by feedsmith's own guess, which takes an Atom entry that quotes RSS for RSS. Dates stay as written.
const readers: Partial<Record<string, (text: string, url: string) => WholeFeed>> = {
  rss: (text, url) => readRss(parseRssFeed(whole(text, url, 'rss'), { maxItems: MOST_ITEMS }), url),
  rdf: (text, url) => readRdf(parseRdfFeed(whole(text, url, 'rdf'), { maxItems: MOST_ITEMS }), url),
  feed: (text, url) => readAtom(parseAtomFeed(whole(text, url, 'feed'), { maxItems: MOST_ITEMS }), url),
  json: (text, url) => readJson(parseJsonFeed(text, { maxItems: MOST_ITEMS }), url),
}

/** A feed that breaks off would show its last article cut short. */
function whole(text: string, url: string, root: string): string {
  if (new RegExp(`</(?:[\\w.-]+:)?${root}\\s*>`, 'i').test(text)) return text
  throw new Failure('source.notFeed', { url, reason: 'it breaks off before its end' })
}

/** Without characters that XML has no place for. */
function fitForXml(written: string): string {
  return written
    .slice(0, LARGEST_BYTES)
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufeff\ufffe\uffff]/g, '')
    .toWellFormed()
}

const PROLOG = /\s*(?:<\?[^]*?\?>|<!--[^]*?-->)/y
const DOCTYPE = /^\s*<!DOCTYPE[^[>]*(?:\[(?:"[^"]*"|'[^']*'|[^\]"'])*\]\s*|\[[^\]]*\]\s*)?>/i
const LONGEST_DOCTYPE = 100_000

/** From its root on: without a document type there is no entity that could grow, or lead anywhere. */
function withoutProlog(text: string): string {
  let at = 0
  for (;;) {
    PROLOG.lastIndex = at
    const length = PROLOG.test(text)
      ? PROLOG.lastIndex - at
      : (DOCTYPE.exec(text.slice(at, at + LONGEST_DOCTYPE))?.[0].length ?? 0)
    if (length === 0) return text.slice(at).trimStart()
    at += length
  }
}

/** The local name of the root element in small letters; `json` for JSON, and nothing for what is neither. */
function rootOf(text: string): string {
  return text.startsWith('{') ? 'json' : (/^<(?:[\w.-]+:)?([\w.-]+)/.exec(text)?.[1]?.toLowerCase() ?? '')
}

function nameOf(root: string, text: string): string {
  if (root === 'json') return 'JSON, but no JSON Feed'
  if (root in readers) return 'a feed that is broken'
  if (root === 'urlset' || root === 'sitemapindex') return 'a sitemap'
  if (root === 'opml') return 'a list of feeds (OPML)'
  if (/<(?:html|head|body)\b/i.test(text.slice(0, 100_000))) return 'a web page'
  if (text === '') return 'empty'
  return root === '' ? 'neither XML nor JSON' : `something else, which begins with <${root.slice(0, 50)}>`
}
