/** From what a source saw to an Article: reads the body, cleans it, and decides which word on each field counts. */
import { load } from 'cheerio'
import { Failure } from '../failures.ts'
import { type Body, type Draft, type Item } from '../item.ts'
import { type Article, type Enclosure, type Image, type Picture } from '../model.ts'
import { escapeHtml, evenText, wellFormed } from './characters.ts'
import { clean } from './clean.ts'
import { readFeedDate } from './dates.ts'
import { extract, type PageParts } from './extract.ts'
import { readFrontMatter } from './front-matter.ts'
import { aliasKeys, canonicalUrl, contentHash, mintId } from './identity.ts'
import { absolute, withoutTracking } from './links.ts'
import { type SeenInList } from './metadata.ts'
import { listedNames } from './metadata/names.ts'
import { readMarkdown } from './markdown.ts'
import { parseHtml } from './markup.ts'
import { picturesIn } from './pictures.ts'
import { readPlain } from './plain.ts'
import { evenEpisode, filesBeside, playedIn } from './recordings.ts'
import { excerptOf, parseClean, toText } from './text.ts'

/** Our own copy of a picture. */
export interface OwnCopy {
  url: string
  type: string
  bytes: number
  width: number
  height: number
}

export interface MakeOptions {
  sourceId: string
  /** Those that the config gives every article of the source. */
  topics: string[]
  now: Date
  /** What has no title is called by the beginning of its text: notes in a feed have none. */
  mayLackTitle?: boolean | undefined
  /** Another address for one that the article names. */
  rewrite?: ((url: string) => string | undefined) | undefined
  /** Our own copies, by the absolute address that the article names. */
  media?: ReadonlyMap<string, OwnCopy> | undefined
}

const TITLE_LENGTH = 80

/** What is kept of an article that was met before. */
export type Known = Pick<Article, 'id' | 'firstSeenAt' | 'hash'> &
  Partial<Pick<Article, 'guid' | 'publishedAt' | 'updatedAt'>>

/**
 * What can be read out of a body by its form. Dates in front matter that name no zone are in `zone`.
 * @throws Failure `frontMatter.invalid`.
 */
export function readBody(body: Body, url: string, zone = 'UTC', parts?: PageParts, seen?: SeenInList): Draft {
  switch (body.form) {
    case 'page':
      return extract(body.value, url, parts, seen)
    case 'fragment':
      return readFragment(body.value)
    case 'text':
      return readPlain(body.value)
    case 'markdown': {
      const { data, body: text } = readFrontMatter(body.value, zone)
      const { url: canonicalUrl, ...fields } = data
      const draft = readFragment(readMarkdown(text), data.title)
      return { ...draft, ...fields, ...(canonicalUrl === undefined ? {} : { canonicalUrl }) }
    }
  }
}

/**
 * All that can be read out of an item: its body, and the dates that its source writes, which win over those of the body.
 * @throws Failure `frontMatter.invalid`.
 */
export function readItem(item: Item, zone?: string, parts?: PageParts): Draft {
  const draft: Draft = item.body
    ? readBody(item.body, item.url, zone, parts, item)
    : { authors: [], topics: [], html: '' }
  const publishedAt = item.published === undefined ? undefined : readFeedDate(item.published, zone)
  const updatedAt = item.updated === undefined ? undefined : readFeedDate(item.updated, zone)
  return { ...draft, ...(publishedAt && { publishedAt }), ...(updatedAt && { updatedAt }) }
}

/** A piece of HTML is all article; when its title is not known, the heading at its beginning is. */
function readFragment(html: string, title?: string): Draft {
  // Most have none, and need not be read as a document for it.
  if (!/<h1\b/i.test(html)) return { authors: [], topics: [], html }
  const $ = parseHtml(html)
  const first = $('h1, h2, p, img, ul, table').first()
  const heading = evenText(first.text())
  if (!first.is('h1') || heading === '' || (title !== undefined && heading !== title))
    return { authors: [], topics: [], html }
  first.remove()
  return { title: title ?? heading, authors: [], topics: [], html: ($('head').html() ?? '') + ($('body').html() ?? '') }
}

/**
 * The Article of an item and what was read out of its body; what the item itself says wins. Id, guid and the moment it
 * was first met are those of `known`, the same article met before; `updatedAt` moves only when title or text changed.
 * @throws Failure `article.empty` when there is no title, or neither text nor picture.
 */
export function makeArticle(item: Item, draft: Draft, known: Known | undefined, options: MakeOptions): Article {
  const { sourceId, media, now } = options
  const html = clean(draft.html, {
    base: item.url,
    rewrite: (url) => copyOf(url, media)?.url ?? options.rewrite?.(url),
  })
  const $ = parseClean(html)
  const text = toText(html, $)
  const images = imagesOf(item, draft, picturesIn(html, $), options)
  const said = wordsOf(item, draft)
  const named = plainText(said.title ?? '')
  const title = named === '' && options.mayLackTitle === true ? excerptOf(text, TITLE_LENGTH) : named
  if (title === '') throw new Failure('article.empty', { url: item.url, missing: 'a title' })
  if (text === '' && images.length === 0) throw new Failure('article.empty', { url: item.url, missing: 'text' })

  const url = canonicalUrl(draft.canonicalUrl ?? item.url)
  const guid = known?.guid ?? evenGuid(item.guid ?? draft.guid)
  const hash = contentHash(title, text)
  const publishedAt = valid(draft.publishedAt) ?? known?.publishedAt
  const updatedAt = updatedAtOf(draft, known, hash, now)
  const language = item.language ?? draft.language
  const summary = plainText(item.excerpt ?? draft.excerpt ?? '')
  const episode = evenEpisode(item.url, item.episode ?? draft.episode)
  return {
    id: known?.id ?? mintId(sourceId, aliasKeys({ url, guid })[0] ?? url),
    sourceId,
    ...(guid === undefined ? {} : { guid }),
    url,
    title,
    authors: distinct(said.authors),
    html,
    text,
    excerpt: excerptOf(summary === '' ? text : summary),
    topics: distinct([...options.topics, ...(item.topics ?? []), ...draft.topics]),
    ...(language === undefined ? {} : { language: evenText(language, 35) }),
    images,
    enclosures: filesBeside(
      item.url,
      titled(item.enclosures),
      titled(draft.enclosures),
      playedIn(draft.html, item.url),
    ),
    ...(episode && { episode }),
    hash,
    ...(publishedAt === undefined ? {} : { publishedAt }),
    ...(updatedAt === undefined ? {} : { updatedAt }),
    firstSeenAt: known?.firstSeenAt ?? now,
  }
}

/** While the hash stays, so does the date; when it moves, it is the site's word, if that is newer than the last one. */
function updatedAtOf(draft: Draft, known: Known | undefined, hash: string, now: Date): Date | undefined {
  const stated = valid(draft.updatedAt)
  if (known === undefined) return stated
  if (known.hash === hash) return known.updatedAt
  const before = known.updatedAt ?? known.publishedAt ?? known.firstSeenAt
  return stated !== undefined && stated > before && stated <= now ? stated : now
}

/** The pictures of the article, the lead first; of those that we hold ourselves, what we know of the file. */
function imagesOf(item: Item, draft: Draft, shown: Image[], { media, rewrite }: MakeOptions): Image[] {
  const lead = leadOf(item, draft)
  const address = lead && (absolute(lead.url, item.url) ?? '')
  const url =
    address && (copyOf(address, media)?.url ?? absolute(rewrite?.(address) ?? withoutTracking(address), item.url))
  const same = shown.find((image) => image.url === url)
  const first: Image[] = lead && url ? [{ ...same, ...evenWords(lead), url }] : []
  const [head, ...rest] = [...first, ...shown.filter((image) => image !== same)]
  if (head === undefined) return []
  // A saved text names who made the lead picture without showing it.
  const credit = head.credit ?? (draft.credit === undefined ? undefined : evenText(draft.credit, 500))
  const copies = new Map([...(media?.values() ?? [])].map((copy) => [copy.url, copy]))
  return [{ ...head, ...(credit ? { credit } : {}) }, ...rest].map((image) => ({ ...image, ...copies.get(image.url) }))
}

/** Title and authors. On a page the item's own words were counted with the page's; beside any other body, they win. */
function wordsOf(item: Item, draft: Draft): { title: string | undefined; authors: string[] } {
  const authors = listedNames(item.authors)
  if (draft.origins === undefined) return { title: item.title ?? draft.title, authors: authors ?? draft.authors }
  return { title: draft.title ?? item.title, authors: draft.authors.length > 0 ? draft.authors : (authors ?? []) }
}

/** The item's picture; what its source does not say of it, the page may. */
function leadOf(item: Item, draft: Draft): Picture | undefined {
  if (draft.origins !== undefined && draft.image !== undefined) return draft.image
  if (item.image === undefined) return draft.image
  return draft.image?.url === item.image.url ? { ...draft.image, ...item.image } : item.image
}

function titled(files: Enclosure[] | undefined): Enclosure[] | undefined {
  return files?.map(({ title = '', ...file }) => ({ ...file, title: plainText(title) }))
}

function evenWords({ alt, caption, credit }: Picture): Omit<Picture, 'url'> {
  const words = Object.entries({ alt, caption, credit }).map(([key, text]) => [key, plainText(text ?? '')] as const)
  return Object.fromEntries(words.filter(([, text]) => text !== ''))
}

function copyOf(url: string, media: ReadonlyMap<string, OwnCopy> | undefined): OwnCopy | undefined {
  return media?.get(url) ?? media?.get(withoutTracking(url))
}

/** A field as plain text, whichever way its source wrote it: references decoded, tags gone, white space even. */
function plainText(written: string): string {
  const bounded = wellFormed(written).slice(0, 20_000)
  // Only what looks like mark-up is read as such: `Vector<int> & List<T>` is text, `Storm &amp; <em>tide</em>` is not.
  const isHtml = /&(?:#\d+|#x[\da-f]+|[a-z][a-z\d]{1,30});/i.test(bounded) || MARKUP.test(bounded)
  if (!isHtml) return evenText(bounded)
  const text = bounded.replace(
    /<(?!\/?(?:em|strong|b|i|u|s|a|span|sub|sup|small|mark|code|cite|q|br|p|abbr|font)\b)/gi,
    escapeHtml,
  )
  return evenText(
    load(text.replace(/<(?:br|p)\b[^>]*>/gi, ' '), { xml: { xmlMode: false, decodeEntities: true } }, false).text(),
  )
}

const MARKUP = /<(?:\/(?:em|strong|b|i|u|s|a|span|sub|sup|small|mark|code|cite|q|p|abbr|font)|br ?\/?)>/i

function distinct(texts: string[]): string[] {
  return [...new Set(texts.map((text) => evenText(plainText(text), 200)))].filter((text) => text !== '')
}

function evenGuid(guid: string | undefined): string | undefined {
  return guid === undefined ? undefined : evenText(guid, 2000) || undefined
}

function valid(date: Date | undefined): Date | undefined {
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date
}
