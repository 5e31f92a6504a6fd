/** The items of RSS 2.0, RSS 1.0, Atom and JSON Feed, as feedsmith reads them. */
import { type AtomFeed, type JsonFeed, type RdfFeed, type RssFeed } from 'feedsmith'
import { type Body, type Item } from '../item.ts'
import { episodeOf, mediaOf, withDuration } from './feed-media.ts'
import { webUrl } from './web-url.ts'

/** An item of a feed, or what it lacks to be one. */
export type Entry = Item | { lacks: string; guid?: string; title?: string }

/** A feed as a whole. */
export interface WholeFeed {
  title?: string | undefined
  description?: string | undefined
  language?: string | undefined
  /** The site's own front page. */
  home?: string | undefined
  entries: Entry[]
}

type Rss = RssFeed.Feed<string>
type Rdf = RdfFeed.Feed<string>
type Atom = AtomFeed.Feed<string>
type Json = JsonFeed.Feed<string>

/** RSS 2.0, and its elder sisters 0.91 to 0.94. */
export function readRss(feed: Rss, url: string): WholeFeed {
  const own = webUrl(feed.xml?.base, url)
  const home = webUrl(feed.link, own ?? url)
  const language = feed.language ?? feed.dc?.languages?.[0] ?? feed.xml?.lang
  return {
    ...{ title: feed.title, description: feed.description, language, home },
    entries: (feed.items ?? []).map((item) => rssItem(item, own ?? home ?? url, language)),
  }
}

function rssItem(item: RssFeed.Item<string>, outer: string, feedLanguage: string | undefined): Entry {
  const { guid, atom, dc, dcterms, itunes } = item
  const base = webUrl(item.xml?.base, outer) ?? outer
  // A guid is an address only where it does not say that it is none (RSS 2.0, guid).
  const permalink = guid?.isPermaLink === false ? undefined : guid?.value
  const offered = (item.enclosures ?? []).map(
    ({ url, type, length }) => ({ url, type, bytes: length, isOffered: true }) as const,
  )
  const files = mediaOf(item.media, base, [
    ...withDuration(offered, itunes?.duration),
    ...(itunes?.image === undefined ? [] : [{ url: itunes.image, medium: 'image' }]),
  ])
  return entry({
    url: webUrl(item.link, base) ?? linkOf(atom?.links, base) ?? webUrl(permalink),
    guid: guid?.value,
    title: item.title ?? dc?.titles?.[0] ?? itunes?.title ?? item.media?.title?.value,
    authors: some([
      ...(dc?.creators ?? []),
      ...(item.authors ?? []).map(({ name }) => name),
      ...(atom?.authors ?? []).map(({ name }) => name),
      ...(dc?.creators === undefined && item.authors === undefined ? [itunes?.author] : []),
    ]),
    topics: some([...(item.categories ?? []).map(({ name }) => name), ...(dc?.subjects ?? [])]),
    language: dc?.languages?.[0] ?? item.xml?.lang ?? feedLanguage,
    published: item.pubDate ?? atom?.published ?? dcterms?.issued?.[0] ?? dc?.dates?.[0] ?? dcterms?.created?.[0],
    updated: atom?.updated ?? dcterms?.modified?.[0],
    ...wordsOf(item.content?.encoded, item.description, item.xml?.base && base),
    ...files,
    episode: episodeOf(itunes, item.podcast, base),
  })
}

/** RSS 1.0: its items stand beside the channel, and are named by `rdf:about`. */
export function readRdf(feed: Rdf, url: string): WholeFeed {
  const own = webUrl(feed.xml?.base, url)
  const home = webUrl(feed.link, own ?? url)
  const language = feed.dc?.languages?.[0] ?? feed.xml?.lang
  return {
    ...{ title: feed.title, description: feed.description, language, home },
    entries: (feed.items ?? []).map((item) => rdfItem(item, own ?? home ?? url, language)),
  }
}

function rdfItem(item: RdfFeed.Item<string>, outer: string, feedLanguage: string | undefined): Entry {
  const { dc, dcterms, rdf } = item
  const base = webUrl(item.xml?.base, outer) ?? outer
  return entry({
    url: webUrl(item.link, base) ?? webUrl(rdf?.about, base),
    guid: rdf?.about,
    title: item.title ?? dc?.titles?.[0],
    authors: some(dc?.creators ?? []),
    topics: some(dc?.subjects ?? []),
    language: dc?.languages?.[0] ?? item.xml?.lang ?? feedLanguage,
    published: dc?.dates?.[0] ?? dcterms?.issued?.[0] ?? dcterms?.created?.[0],
    updated: dcterms?.modified?.[0],
    ...wordsOf(item.content?.encoded, item.description ?? dc?.descriptions?.[0], item.xml?.base && base),
    ...mediaOf(item.media, base, []),
  })
}

/** Atom 1.0 (RFC 4287), and 0.3 as far as it is alike. */
export function readAtom(feed: Atom, url: string): WholeFeed {
  // Without xml:base, relative addresses begin at the feed itself (RFC 4287, section 2, and RFC 3986, section 5.1).
  const base = webUrl(feed.xml?.base, url) ?? url
  return {
    title: textOf(feed.title),
    description: textOf(feed.subtitle),
    language: feed.xml?.lang,
    home: linkOf(feed.links, base),
    entries: (feed.entries ?? []).map((item) => atomEntry(item, base, feed)),
  }
}

function atomEntry(item: AtomFeed.Entry<string>, outer: string, feed: Atom): Entry {
  const base = webUrl(item.xml?.base, outer) ?? outer
  // An entry without an author has that of its source, or else of the feed (RFC 4287, section 4.2.1).
  const authors = [item.authors, item.source?.authors, feed.authors].find((people) => people !== undefined)
  const content = item.content?.src === undefined ? item.content : undefined
  const contentBase = webUrl(content?.xml?.base, base) ?? base
  const isBased = [feed.xml?.base, item.xml?.base, content?.xml?.base].some((written) => written !== undefined)
  const links = item.links ?? []
  const files = links
    .filter(({ rel }) => rel === 'enclosure')
    .map(({ href, type, length, title }) => ({ url: href, type, bytes: length, title, isOffered: true }) as const)
  return entry({
    url: linkOf(links, base) ?? webUrl(item.id),
    guid: item.id,
    title: titleOf(item.title),
    authors: some([...(authors ?? []).map(({ name }) => name), ...(item.dc?.creators ?? [])]),
    topics: some((item.categories ?? []).map(({ label, term }) => label ?? term)),
    language: content?.xml?.lang ?? item.xml?.lang ?? feed.xml?.lang,
    // Many feeds only say when an entry was changed last. What comes later is no new date of publication (collect.ts).
    published: item.published ?? item.dc?.dates?.[0] ?? item.updated,
    updated: item.updated,
    ...wordsOf(htmlOf(content), htmlOf(item.summary), isBased ? contentBase : undefined),
    ...mediaOf(item.media, base, files),
  })
}

/** JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1). */
export function readJson(feed: Json, url: string): WholeFeed {
  const { title, description, language } = feed
  const home = webUrl(feed.home_page_url, url)
  return {
    title,
    description,
    language,
    home,
    entries: (feed.items ?? []).map((item) => jsonItem(item, home ?? url, feed)),
  }
}

function jsonItem(item: JsonFeed.Item<string>, base: string, feed: Json): Entry {
  const files = (item.attachments ?? []).map(
    ({ url, mime_type: type, size_in_bytes: bytes, title, duration_in_seconds: seconds }) =>
      ({ url, type, bytes, title, seconds, isOffered: true }) as const,
  )
  const url = webUrl(item.url, base) ?? webUrl(item.id) ?? webUrl(item.external_url, base)
  const image = webUrl(item.image, url ?? base) ?? webUrl(item.banner_image, url ?? base)
  return entry({
    url,
    guid: item.id,
    title: plain(item.title),
    authors: some((item.authors ?? feed.authors ?? []).map(({ name }) => name)),
    topics: some(item.tags ?? []),
    language: item.language ?? feed.language,
    published: item.date_published,
    updated: item.date_modified,
    ...wordsOf(item.content_html ?? paragraphs(item.content_text), paragraphs(item.summary), undefined),
    ...mediaOf(undefined, base, files),
    ...(image && { image: { url: image } }),
  })
}

type Fields = { [Key in keyof Item]?: Item[Key] | undefined }

/**
 * The item without what is not known of it. Nothing but a web address makes it one, and one without a guid has its
 * address for one: that is what the readers of the feed know it by.
 */
function entry({ url, guid: written, ...fields }: Fields): Entry {
  const guid = written ?? url
  const known = Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''),
  ) as Omit<Item, 'url'>
  const { title } = known
  return url === undefined
    ? { lacks: 'a web address', ...(guid && { guid }), ...(title && { title }) }
    : { url, ...(guid && { guid }), ...known }
}

/** The article's own page among the links; one without `rel` is that (RFC 4287, section 4.2.7.2). */
function linkOf(links: { href?: string; rel?: string; type?: string }[] = [], base: string): string | undefined {
  const own = links.filter(({ rel = 'alternate' }) => rel === 'alternate')
  const page = own.find(({ type }) => type === undefined || /html/i.test(type)) ?? own[0]
  return webUrl(page?.href, base)
}

interface AtomText {
  value?: string | undefined
  type?: string | undefined
}

const isHtml = (type = '') => /^(?:html|xhtml|text\/html|application\/xhtml\+xml)$/i.test(type)

/** As HTML; nothing for what is neither text nor HTML. */
function htmlOf(text: AtomText | undefined): string | undefined {
  const { value, type } = text ?? {}
  if (value === undefined) return undefined
  if (/xhtml/i.test(type ?? '')) return closeElements(value)
  if (isHtml(type)) return value
  return type === undefined || /^text(?:\/plain)?$/i.test(type) ? paragraphs(value) : undefined
}

/** HTML knows no `<a/>`: it would take all that follows for its content. */
function closeElements(xhtml: string): string {
  return xhtml.replace(/<([a-z][\w:-]*)((?:\s[^<>]*)?)\/>/gi, (whole, name: string, attributes: string) =>
    VOID.test(name) ? whole : `<${name}${attributes}></${name}>`,
  )
}

const VOID = /^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/i

/** A title as HTML, as everything after this takes it. */
function titleOf(text: AtomText | undefined): string | undefined {
  return isHtml(text?.type) ? text?.value : plain(text?.value)
}

function textOf(text: AtomText | undefined): string | undefined {
  return text?.value
}

/** Text that is no HTML, so that nothing in it is taken for a tag. */
function plain(text: string | undefined): string | undefined {
  return text?.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

function paragraphs(text: string | undefined): string | undefined {
  return plain(text)
    ?.split(/\n\s*\n/)
    .map((part) => `<p>${part.replaceAll('\n', '<br>')}</p>`)
    .join('')
}

/** Feed software ends a summary so where it only cut the text off. */
const CUT =
  /(?:\[\s*(?:…|\.{3}|&#8230;|&hellip;)\s*\]|…|\.{3}|&#8230;|&hellip;|read more|continue reading|weiterlesen|lire la suite)(?:\s|<[^>]*>|[»→.>]|&\w+;)*$|appeared first on/i

/**
 * The text itself, and what the site says that it is about. A summary that stands alone is the text; one that was cut
 * off the text says nothing that the text does not.
 */
function wordsOf(
  content: string | undefined,
  summary: string | undefined,
  base: string | undefined,
): Pick<Fields, 'body' | 'excerpt'> {
  const value = content ?? summary
  if (value === undefined) return {}
  const body: Body = {
    form: 'fragment',
    value: (base ? `<base href="${encodeURI(base).replaceAll('"', '%22')}">` : '') + value,
  }
  const isOwn = content !== undefined && summary !== undefined && summary !== content && !CUT.test(summary.slice(-300))
  return { body, ...(isOwn && { excerpt: summary }) }
}

/** More than these are keywords for machines. */
const MOST_NAMES = 30

function some(texts: (string | undefined)[]): string[] | undefined {
  const found = texts.filter((text) => text !== undefined && text.trim() !== '')
  return found.length > 0 ? [...new Set(found)].slice(0, MOST_NAMES).map((text) => text ?? '') : undefined
}
