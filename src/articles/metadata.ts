/** What a page says of its article outside the text: ordered rules for each field, the best first. */
import { type Cheerio, type CheerioAPI } from 'cheerio'
import { type Element, isText } from 'domhandler'
import { type Picture } from '../model.ts'
import { evenText } from './characters.ts'
import { readDate } from './dates.ts'
import { absolute, parseUrl } from './links.ts'

export interface Metadata {
  title?: string
  authors: string[]
  topics: string[]
  language?: string
  publishedAt?: Date
  updatedAt?: Date
  canonicalUrl?: string
  excerpt?: string
  image?: Picture
}

/** By the name of the place where each looks, the best first. */
type Rules<T> = Record<string, (page: Page) => T | undefined>

interface Page {
  $: CheerioAPI
  url: string
  base: string
  /** The page's own description of its article, when it has one in JSON-LD. */
  data: Data
}

/** Everything that the page at `url` says of its article; what it does not say is left out. */
export function readMetadata($: CheerioAPI, url: string): Metadata {
  const base = absolute($('base[href]').first().attr('href') ?? '', url) ?? url
  const page: Page = { $, url, base, data: readArticleData($) }
  const publishedAt = first(PUBLISHED, page)
  const updatedAt = first(UPDATED, page)
  return {
    ...known('title', first(TITLE, page)),
    ...known('language', first(LANGUAGE, page)),
    ...known('publishedAt', publishedAt),
    ...known('updatedAt', updatedAt?.getTime() === publishedAt?.getTime() ? undefined : updatedAt),
    ...known('canonicalUrl', first(CANONICAL, page)),
    ...known('excerpt', first(EXCERPT, page)),
    ...known('image', first(IMAGE, page)),
    authors: first(AUTHORS, page) ?? [],
    topics: first(TOPICS, page) ?? [],
  }
}

/** For each field that the page says something of, the name of the rule that found it. */
export function readPlaces($: CheerioAPI, url: string): Partial<Record<keyof Metadata, string>> {
  const base = absolute($('base[href]').first().attr('href') ?? '', url) ?? url
  const page: Page = { $, url, base, data: readArticleData($) }
  const rules: Record<string, Rules<unknown>> = {
    ...{ title: TITLE, authors: AUTHORS, publishedAt: PUBLISHED, updatedAt: UPDATED, language: LANGUAGE },
    ...{ canonicalUrl: CANONICAL, excerpt: EXCERPT, image: IMAGE, topics: TOPICS },
  }
  const found = Object.entries(rules).flatMap(([field, places]) => {
    const place = Object.entries(places).find(([, rule]) => rule(page) !== undefined)?.[0]
    return place === undefined ? [] : [[field, place]]
  })
  return Object.fromEntries(found) as Partial<Record<keyof Metadata, string>>
}

const TITLE: Rules<string> = {
  'JSON-LD headline': ({ data }) => textOf(data['headline']),
  'headline (h1) that the page is named for': (page) => {
    // The headline on the page, where the page's own name for itself begins with it or holds it.
    const named = meta(page, 'og:title', 'twitter:title') ?? evenText(page.$('title').first().text())
    const headings = texts(page.$('h1')).filter((text) => text.length > 3 && fold(named).includes(fold(text)))
    return headings.length === 1 ? headings[0] : undefined
  },
  'itemprop headline': ({ $ }) => texts($('[itemprop~="headline"]')).at(0),
  'og:title': (page) => withoutSiteName(meta(page, 'og:title', 'twitter:title', 'dc.title', 'citation_title'), page),
  h1: ({ $ }) => texts($('article h1, main h1, h1')).at(0),
  'title element': (page) => withoutSiteName(evenText(page.$('title').first().text()) || undefined, page),
  h2: ({ $ }) => texts($('h2')).at(0),
}

const AUTHORS: Rules<string[]> = {
  'JSON-LD author': ({ data }) => names(data['author']),
  'meta author': (page) =>
    nonEmpty(
      metas(
        page,
        'author',
        'article:author',
        'parsely-author',
        'dc.creator',
        'citation_author',
        'byl',
        'sailthru.author',
      ).flatMap(splitNames),
    ),
  'itemprop author': ({ $ }) => nonEmpty(texts($('[itemprop~="author"] [itemprop~="name"]')).flatMap(splitNames)),
  'link to the author': ({ $ }) =>
    nonEmpty(
      texts($('[itemprop~="author"], a[rel~="author"], .p-author, .author .fn')).slice(0, 4).flatMap(splitNames),
    ),
  byline: ({ $ }) =>
    nonEmpty(
      texts($('[class*="byline" i], [class*="author-name" i], [class*="author_name" i]'))
        .slice(0, 1)
        .flatMap(splitNames),
    ),
}

const PUBLISHED: Rules<Date> = {
  'JSON-LD datePublished': ({ data }) => dateOf(data['datePublished']),
  'meta article:published_time': (page) => dates(metas(page, 'article:published_time', 'og:article:published_time', 'article:published', 'parsely-pub-date', 'sailthru.date')),
  'meta date': (page) => dates(metas(page, 'datepublished', 'dc.date.issued', 'dcterms.issued', 'dc.date', 'dcterms.created', 'citation_publication_date', 'pubdate', 'publishdate', 'publish-date', 'publish_date', 'date')),
  'itemprop datePublished': ({ $ }) => dates(stamps($('[itemprop~="datePublished"], time[pubdate], time.published, time.entry-date, .dt-published'))),
  'JSON-LD dateCreated': ({ data }) => dateOf(data['dateCreated']),
  'time in the article': ({ $ }) => dates(stamps($('article header time, article time, main time')).slice(0, 1)),
  'time': ({ $ }) => dates(stamps($('time[datetime]')).slice(0, 1)),
  'element called date': ({ $ }) => dates(stamps($('[class*="publish" i], [class*="date" i], [class*="posted" i]')).slice(0, 6)),
  'address': ({ url }) => dateOf(/\/(\d{4})[/-](\d\d)[/-](\d\d)(?:[/-]|$)/.exec(url)?.slice(1).join('-')),
} // prettier-ignore

const UPDATED: Rules<Date> = {
  'JSON-LD dateModified': ({ data }) => dateOf(data['dateModified']),
  'meta article:modified_time': (page) =>
    dates(
      metas(
        page,
        'article:modified_time',
        'og:updated_time',
        'article:updated_time',
        'dcterms.modified',
        'dc.date.modified',
        'last-modified',
      ),
    ),
  'itemprop dateModified': ({ $ }) => dates(stamps($('[itemprop~="dateModified"], time.updated, .dt-updated'))),
}

const LANGUAGE: Rules<string> = {
  'lang of html': ({ $ }) => languageTag($('html').attr('lang') ?? $('html').attr('xml:lang')),
  'JSON-LD inLanguage': ({ data }) => languageTag(textOf(data['inLanguage'])),
  'meta language': (page) => languageTag(meta(page, 'content-language', 'dc.language', 'language', 'og:locale')),
  'lang of body': ({ $ }) => languageTag($('body, article').filter('[lang]').first().attr('lang')),
}

const CANONICAL: Rules<string> = {
  'link rel=canonical': (page) => ownAddress(page.$('link[rel~="canonical" i]').first().attr('href'), page),
  'og:url': (page) => ownAddress(meta(page, 'og:url'), page),
}

const EXCERPT: Rules<string> = {
  'meta description': (page) => meta(page, 'og:description', 'description', 'twitter:description', 'dc.description'),
  'JSON-LD description': ({ data }) => textOf(data['description']),
}

const IMAGE: Rules<Picture> = {
  'JSON-LD image': ({ data, base }) => pictureOf(data['image'], base) ?? pictureOf(data['thumbnailUrl'], base),
  'og:image': (page) => {
    const url = absolute(
      meta(page, 'og:image:secure_url', 'og:image', 'og:image:url', 'twitter:image', 'twitter:image:src') ?? '',
      page.base,
    )
    const alt = meta(page, 'og:image:alt', 'twitter:image:alt')
    return url === undefined ? undefined : { url, ...known('alt', alt) }
  },
  'link rel=image_src': ({ $, base }) =>
    pictureOf(
      $('link[rel~="image_src"]').first().attr('href') ?? $('[itemprop~="image"]').first().attr('content'),
      base,
    ),
}

const TOPICS: Rules<string[]> = {
  'JSON-LD articleSection': ({ data }) =>
    nonEmpty(
      list(data['articleSection'])
        .flatMap((one) => textOf(one) ?? [])
        .slice(0, 5),
    ),
  'meta article:section': (page) => nonEmpty(metas(page, 'article:section', 'parsely-section', 'section').slice(0, 5)),
  'itemprop articleSection': ({ $ }) => nonEmpty(texts($('[itemprop~="articleSection"]')).slice(0, 5)),
}

type Data = Partial<Record<string, unknown>>

const ARTICLE_TYPE = /(?:Article|BlogPosting|Posting|Report|Review|Recipe|LiveBlogPosting)$/

/** The first description of an article in the page's JSON-LD, at whatever depth; empty when there is none. */
function readArticleData($: CheerioAPI): Data {
  for (const script of $('script[type*="ld+json" i]')) {
    const text = $(script)
      .text()
      .trim()
      .replace(/^<!--|-->$|^\s*\/\/\s*<!\[CDATA\[|\/\/\s*\]\]>\s*$/g, '')
    try {
      const found = findArticle(JSON.parse(text))
      if (found !== undefined) return found
    } catch {
      // What a site gets wrong in its JSON says nothing; the other rules remain.
    }
  }
  return {}
}

function findArticle(value: unknown): Data | undefined {
  const waiting = [value]
  for (let seen = 0; seen < 2000; seen++) {
    const next = waiting.shift()
    if (next === undefined && waiting.length === 0) return undefined
    if (Array.isArray(next)) waiting.push(...(next as unknown[]).slice(0, 200))
    if (!isData(next)) continue
    if (list(next['@type']).some((type) => typeof type === 'string' && ARTICLE_TYPE.test(type))) return next
    for (const key of ['@graph', 'mainEntity', 'mainEntityOfPage', 'itemListElement', 'item'])
      waiting.push(next[key] ?? [])
  }
  return undefined
}

function isData(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function list(value: unknown): unknown[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value.slice(0, 50) : [value]
}

/** Text of a JSON-LD value; some sites escape it for HTML once more. */
function textOf(value: unknown): string | undefined {
  const [one] = list(value)
  return typeof one === 'string' ? evenText(decode(one)) || undefined : undefined
}

const NAMED: Partial<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', '#39': "'", '#x27': "'", '#8217': '’', '#8216': '‘', '#8220': '“', '#8221': '”', '#8211': '–', '#8212': '—', '#038': '&' } // prettier-ignore

function decode(text: string): string {
  return text.replace(/&(#?\w{2,6});/g, (whole, name: string) => NAMED[name.toLowerCase()] ?? whole)
}

function names(value: unknown): string[] | undefined {
  const found = list(value).flatMap((one) => {
    if (typeof one === 'string') return splitNames(decode(one))
    return isData(one)
      ? list(one['name']).flatMap((name) => (typeof name === 'string' ? splitNames(decode(name)) : []))
      : []
  })
  return nonEmpty([...new Set(found)])
}

/** The names in a byline; addresses and sentences are none. */
function splitNames(byline: string): string[] {
  const line = evenText(byline).replace(/^(?:(?:written|posted|words|story)\s+)?(?:by|von|par|por|di|door)[\s:]+/i, '')
  return line
    .split(/\s*(?:,|;|\||•|·|\s&\s|\sand\s|\sund\s|\set\s|\sy\s)\s*/i)
    .filter(
      (name) =>
        /\p{L}/u.test(name) && name.length <= 60 && !/https?:|@|^\d|\d{4}/.test(name) && name.split(' ').length <= 6,
    )
    .slice(0, 10)
}

function dateOf(value: unknown): Date | undefined {
  const text = textOf(value)
  return text === undefined ? undefined : readDate(text)
}

function dates(values: string[]): Date | undefined {
  for (const value of values) {
    const date = readDate(value) ?? readDate(value.replace(/^[^\d]{0,30}?(?=\p{Lu}?\p{L}*\s?\d)/u, ''))
    if (date !== undefined) return date
  }
  return undefined
}

/** The moments that elements carry, as attribute or as words. */
function stamps(elements: Cheerio<Element>): string[] {
  return [...elements].flatMap((element) => {
    const { datetime, content, title } = element.attribs
    const words = element.children.map((child) => (isText(child) ? child.data : '')).join(' ')
    return [datetime, content, words, title]
      .filter((text) => text !== undefined && text.trim() !== '')
      .map((text) => evenText(text ?? ''))
  })
}

function meta(page: Page, ...keys: string[]): string | undefined {
  return metas(page, ...keys)[0]
}

/** The contents of the page's meta elements of these names, in the order of the names. */
function metas({ $ }: Page, ...keys: string[]): string[] {
  const found = [...$('meta[content]')].flatMap(({ attribs }) => {
    const name = (
      attribs['property'] ??
      attribs['name'] ??
      attribs['itemprop'] ??
      attribs['http-equiv'] ??
      ''
    ).toLowerCase()
    const at = keys.indexOf(name)
    const text = evenText(attribs['content'] ?? '')
    return at < 0 || text === '' ? [] : [{ at, text }]
  })
  return found.toSorted((a, b) => a.at - b.at).map(({ text }) => text)
}

function pictureOf(value: unknown, base: string): Picture | undefined {
  const [one] = list(value)
  const address = isData(one) ? (one['url'] ?? one['contentUrl'] ?? one['@id']) : one
  const url = typeof address === 'string' ? absolute(address, base) : undefined
  if (url === undefined) return undefined
  const words = isData(one)
    ? { ...known('caption', textOf(one['caption'])), ...known('credit', textOf(one['creditText'])) }
    : {}
  return { url, ...words }
}

/** A canonical address is believed of the same site only, and not when it calls every article the front page. */
function ownAddress(address: string | undefined, { url, base }: Page): string | undefined {
  const found = parseUrl(absolute(address ?? '', base) ?? '')
  const own = parseUrl(url)
  if (found === undefined || own === undefined) return undefined
  const isWeb = own.protocol === 'http:' || own.protocol === 'https:'
  const site = (host: string) => host.replace(/^(?:www|m|amp|mobile)\./, '')
  if (isWeb && site(found.host) !== site(own.host)) return undefined
  return found.pathname === '/' && found.search === '' && own.pathname !== '/' ? undefined : found.href
}

/** `Storm at sea | The Harbour Gazette` without the paper's name, where the page says what that is, or it is the short end. */
function withoutSiteName(title: string | undefined, page: Page): string | undefined {
  if (title === undefined) return undefined
  const site = fold(meta(page, 'og:site_name', 'application-name') ?? '')
  const parts = title.split(/\s+[|–—·•»:-]\s+|\s*\|\s*/)
  if (parts.length < 2) return title
  const isSite = (part = '') => site !== '' && fold(part) === site
  if (isSite(parts.at(-1))) return title.slice(0, title.lastIndexOf(parts.at(-1) ?? '')).replace(/[\s|–—·•»:-]+$/, '')
  if (isSite(parts[0])) return title.slice((parts[0] ?? '').length).replace(/^[\s|–—·•»:-]+/, '')
  const longest = parts.toSorted((a, b) => b.length - a.length)[0] ?? title
  return longest.length > title.length * 0.5 && longest === parts[0] ? longest : title
}

function languageTag(text: string | undefined): string | undefined {
  const tag = text?.trim().replaceAll('_', '-') ?? ''
  return /^[a-z]{2,3}(?:-[a-z\d]{2,8}){0,3}$/i.test(tag) ? tag : undefined
}

function texts(elements: Cheerio<Element>): string[] {
  return [...elements].map((_, index) => evenText(elements.eq(index).text())).filter((text) => text !== '')
}

function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

function first<T>(rules: Rules<T>, page: Page): T | undefined {
  for (const rule of Object.values(rules)) {
    const found = rule(page)
    if (found !== undefined) return found
  }
  return undefined
}

function known<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, V>>)
}

function nonEmpty<T>(values: T[]): T[] | undefined {
  return values.length > 0 ? values : undefined
}
