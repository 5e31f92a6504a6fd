/** What reads the answers that sources got, by name: the verb calls these in a process of their own. */
import { type CheerioAPI } from 'cheerio'
import { isTag } from 'domhandler'
import { type Failure } from '../failures.ts'
import { parseItems, type JsonPaths } from './json-items.ts'
import * as autoPage from './auto-page.ts'
import { type ListMemory } from './lists/memory.ts'
import { containerOf } from './lists/selectors.ts'
import { nextInJson, nextPage, pieceOf } from './next-page.ts'
import { findLists } from './lists/found.ts'
import { readFront } from './lists/front.ts'
import * as page from './page.ts'
import * as rss from './rss.ts'
import { parseSitemap } from './sitemap.ts'
import { readNames, readPosts, type Names } from './wordpress-posts.ts'

/** What a parser is given beside its arguments, which are plain values, as its result is. */
export interface ParserTools {
  /** Reads untrusted HTML within bounds of time, memory and depth. */
  parseHtml: (html: string) => CheerioAPI
  /** Told of everything that had to be left out. */
  fault: (failure: Failure) => void
}

export const parsers = {
  rss: ({ fault }: ParserTools, text: string, url: string) => rss.parse(text, url, fault),
  page: ({ parseHtml }: ParserTools, html: string, url: string, options: Parameters<typeof page.parse>[2]) =>
    page.parse(parseHtml(pieceOf(html)), url, options),
  nextPage: ({ parseHtml }: ParserTools, text: string, url: string) =>
    nextInJson(text, url) ?? nextPage(parseHtml(pieceOf(text)), url),
  list: ({ parseHtml }: ParserTools, html: string, url: string, memory?: ListMemory, select?: autoPage.AutoSelect) =>
    autoPage.parse(parseHtml(html), html, url, memory, select),
  furtherList: (
    { parseHtml }: ParserTools,
    html: string,
    url: string,
    lists: ListMemory['lists'],
    select: autoPage.AutoSelect,
  ) => autoPage.parseFurther(parseHtml(pieceOf(html)), pieceOf(html), url, lists, select),
  /** What the items of a list stand in. */
  container: ({ parseHtml }: ParserTools, html: string, selector: string) =>
    containerOf([...parseHtml(html)(selector)].filter(isTag)),
  /** What `inspect` and `init` look at: a feed as a whole, what a page says of its site, its lists, how long a text is. */
  feed: (_: ParserTools, text: string, url: string) => rss.parseFeed(text, url),
  front: ({ parseHtml }: ParserTools, html: string, url: string) => readFront(parseHtml(html), url),
  lists: ({ parseHtml }: ParserTools, html: string, url: string) => findLists(html, parseHtml(html), url),
  letters: ({ parseHtml }: ParserTools, html: string) =>
    parseHtml(html).root().text().replace(/\s+/g, ' ').trim().length,
  json: ({ fault }: ParserTools, text: string, url: string, paths: JsonPaths) => parseItems(text, url, paths, fault),
  sitemap: (_: ParserTools, text: string, url: string) => parseSitemap(text, url),
  wordpress: (_: ParserTools, text: string, url: string, names?: Names) => readPosts(text, url, names),
  wordpressNames: (_: ParserTools, text: string, url: string) => readNames(text, url),
}

export type SourceParsers = typeof parsers

type PlainArguments<Name extends keyof SourceParsers> =
  Parameters<SourceParsers[Name]> extends [ParserTools, ...infer Rest] ? Rest : never

/** Calls one of them elsewhere. Throws what it throws, and Failure `reading.tooHard`. */
export type ParseSource = <Name extends keyof SourceParsers>(
  name: Name,
  ...args: PlainArguments<Name>
) => Promise<ReturnType<SourceParsers[Name]>>
