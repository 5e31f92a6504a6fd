/** Reads sitemaps piece by piece: sitemaps.org, with the extensions for news and images. */
import { Readable } from 'node:stream'
import { setImmediate as othersTurn } from 'node:timers/promises'
import { TextDecoder } from 'node:util'
import { createGunzip } from 'node:zlib'
import { SaxesParser } from 'saxes'
import { describe, Failure } from '../failures.ts'
import { type Item } from '../item.ts'
import { webUrl } from './web-url.ts'

/** What one file lists: pages, or further sitemaps. */
export interface Sitemap {
  items: Item[]
  sitemaps: { url: string; lastmod?: string }[]
}

/** As the protocol has it (sitemaps.org/protocol.html). */
const LARGEST_BYTES = 50 * 1024 * 1024
const MOST_ENTRIES = 50_000

const PIECE = 64 * 1024
const DEEPEST = 30
const LONGEST_TEXT = 5_000
/** Careless mark-up is read past; a file of nothing else is no sitemap. */
const MOST_ERRORS = 10_000

/** A sitemap in a file that may be gzipped, whatever its headers say. Throws Failure `source.notSitemap`, `http.tooLarge`, `http.encoding`. */
export async function readSitemap(bytes: Uint8Array, url: string): Promise<Sitemap> {
  const reader = openReader(url)
  const chunks = bytes[0] === 0x1f && bytes[1] === 0x8b ? Readable.from([bytes]).pipe(createGunzip()) : [bytes]
  let decoder: TextDecoder | undefined
  let size = 0
  try {
    for await (const chunk of chunks as AsyncIterable<Uint8Array>) {
      size += chunk.length
      if (size > LARGEST_BYTES) throw new Failure('http.tooLarge', { url, bytes: `over ${LARGEST_BYTES}, unpacked` })
      decoder ??= decoderOf(chunk)
      for (let at = 0; at < chunk.length; at += PIECE) {
        reader.write(decoder.decode(chunk.subarray(at, at + PIECE), { stream: true }))
        if (reader.isEnough()) return reader.end()
        // A sitemap may be a thousand times as long as a page: nobody waits for all of it.
        await othersTurn()
      }
    }
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown
    throw new Failure('http.encoding', { url, encoding: 'gzip', reason: describe(thrown) }, thrown)
  }
  return reader.end()
}

/** The same of a text that is at hand. Throws Failure `source.notSitemap`. */
export function parseWhole(text: string, url: string): Sitemap {
  const reader = openReader(url)
  for (let at = 0; at < text.length && !reader.isEnough(); at += PIECE) reader.write(text.slice(at, at + PIECE))
  return reader.end()
}

interface Reader {
  write: (text: string) => void
  isEnough: () => boolean
  end: () => Sitemap
}

/** XML, or one address a line; the first characters tell. */
function openReader(url: string): Reader {
  let head = ''
  let reader: Reader | undefined
  return {
    write(text) {
      if (reader !== undefined) {
        reader.write(text)
        return
      }
      head = `${head}${text}`.replace(/^[\ufeff\s]+/, '')
      if (head === '') return
      reader = head.startsWith('<') ? openXml(url) : openLines(url)
      reader.write(head)
    },
    isEnough: () => reader?.isEnough() ?? false,
    end() {
      if (reader === undefined) throw new Failure('source.notSitemap', { url, reason: 'it is empty' })
      return reader.end()
    },
  }
}

/** The elements whose text counts, by their path below `urlset`; prefixes are as everyone writes them, or they are not. */
const FIELDS: Partial<Record<string, keyof Entry>> = {
  'url/loc': 'loc',
  'url/lastmod': 'lastmod',
  'url/news/title': 'title',
  'url/news/publication_date': 'published',
  'url/news/keywords': 'keywords',
  'url/news/publication/language': 'language',
  'url/image/loc': 'image',
  'url/image/caption': 'caption',
  'sitemap/loc': 'loc',
  'sitemap/lastmod': 'lastmod',
}

type Entry = Partial<
  Record<'loc' | 'lastmod' | 'title' | 'published' | 'keywords' | 'language' | 'image' | 'caption', string>
>

const LONGEST_REFERENCE = 12
const BARE = /&(?!#?[\da-z]{1,10};)/gi

function openXml(url: string): Reader {
  const found: Sitemap = { items: [], sitemaps: [] }
  const refuse = (reason: string) => new Failure('source.notSitemap', { url, reason })
  // Document types are passed over: an entity that one declares stays as it is written, and leads nowhere.
  const parser = new SaxesParser({ xmlns: false, position: false })
  const open: string[] = []
  let entry: Entry = {}
  let text = ''
  let errors = 0
  let hasRoot = false
  let begun = ''
  let held = ''
  parser.on('error', () => {
    if (++errors > MOST_ERRORS) throw refuse('it is XML that is broken all over')
  })
  parser.on('opentag', ({ name }) => {
    const local = name.slice(name.indexOf(':') + 1).toLowerCase()
    if (open.length === 0 && local !== 'urlset' && local !== 'sitemapindex') throw refuse(`it is ${nameOf(local)}`)
    if (open.length >= DEEPEST) throw refuse(`it is nested more than ${DEEPEST} deep`)
    hasRoot = true
    open.push(local)
    if (open.length === 2) entry = {}
    text = ''
  })
  const addText = (more: string) => {
    if (text.length < LONGEST_TEXT) text += more.slice(0, LONGEST_TEXT)
  }
  parser.on('text', addText)
  parser.on('cdata', (more) => addText(more.replaceAll('&amp;', '&')))
  parser.on('closetag', () => {
    const field = FIELDS[open.slice(1).join('/')]
    // Of several pictures the first is the article's.
    if (field !== undefined && text.trim() !== '') entry[field] ??= text.trim()
    if (open.length === 2) addEntry(found, entry, open[1] ?? '', url)
    open.pop()
    text = ''
  })
  const isEnough = () => found.items.length + found.sitemaps.length >= MOST_ENTRIES
  return {
    write(more) {
      if (begun.length < 1000) begun += more.slice(0, 1000)
      // Addresses with a bare `&` are common, and the parser takes what follows one for a reference without end.
      const ready = `${held}${more}`
      const last = ready.lastIndexOf('&')
      const cut = last >= 0 && last > ready.length - LONGEST_REFERENCE ? last : ready.length
      held = ready.slice(cut)
      parser.write(ready.slice(0, cut).replace(BARE, '&amp;'))
    },
    isEnough,
    end() {
      parser.write(held.replace(BARE, '&amp;'))
      held = ''
      if (!hasRoot)
        throw refuse(/<(?:!doctype html|html|head|body)\b/i.test(begun) ? 'it is a web page' : 'it is broken XML')
      // What breaks off is as good as what came until then: an entry that lacks its end is not among it.
      if (open.length > 0 && !isEnough() && found.items.length + found.sitemaps.length === 0)
        throw refuse('it breaks off before its end')
      return found
    },
  }
}

function addEntry(found: Sitemap, entry: Entry, kind: string, base: string): void {
  const url = webUrl(entry.loc, base)
  if (url === undefined) return
  const { lastmod, title, published, keywords, language, caption } = entry
  if (kind === 'sitemap') found.sitemaps.push({ url, ...(lastmod !== undefined && { lastmod }) })
  if (kind !== 'url') return
  const image = webUrl(entry.image, base)
  const topics = (keywords ?? '')
    .split(/[,;、，]/)
    .map((word) => word.trim())
    .filter((word) => word !== '')
  found.items.push({
    url,
    ...(title !== undefined && { title }),
    ...(published !== undefined && { published }),
    ...(topics.length > 0 && { topics: topics.slice(0, 20) }),
    ...(language !== undefined && { language }),
    ...(image !== undefined && { image: { url: image, ...(caption !== undefined && { caption }) } }),
    ...(lastmod !== undefined && { revision: lastmod }),
  })
}

/** A text file with one address a line (sitemaps.org/protocol.html#otherformats). */
function openLines(url: string): Reader {
  const items: Item[] = []
  let rest = ''
  let others = 0
  const add = (line: string) => {
    const address = /^\s*https?:\/\//i.test(line) ? webUrl(line) : undefined
    if (address !== undefined) items.push({ url: address })
    else if (line.trim() !== '') others++
    if (others > 10 && others > items.length)
      throw new Failure('source.notSitemap', { url, reason: 'it is neither XML nor a list of addresses' })
  }
  return {
    write(text) {
      const lines = `${rest}${text}`.split('\n')
      rest = (lines.pop() ?? '').slice(0, LONGEST_TEXT)
      lines.forEach(add)
    },
    isEnough: () => items.length >= MOST_ENTRIES,
    end() {
      add(rest)
      if (items.length === 0)
        throw new Failure('source.notSitemap', { url, reason: 'it is neither XML nor a list of addresses' })
      return { items: items.slice(0, MOST_ENTRIES), sitemaps: [] }
    },
  }
}

/** By byte order mark or declaration; UTF-8, as the protocol wants it, where neither names another that is known. */
function decoderOf(chunk: Uint8Array): TextDecoder {
  if (chunk[0] === 0xff && chunk[1] === 0xfe) return new TextDecoder('utf-16le')
  if (chunk[0] === 0xfe && chunk[1] === 0xff) return new TextDecoder('utf-16be')
  const head = Buffer.from(chunk.subarray(0, 200)).toString('latin1')
  const label = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(head)?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(/^utf-?16/i.test(label) ? 'utf-8' : label)
  } catch {
    return new TextDecoder('utf-8')
  }
}

function nameOf(root: string): string {
  if (root === 'rss' || root === 'feed' || root === 'rdf') return 'a feed, which kind: rss reads'
  if (root === 'html' || root === 'head' || root === 'body') return 'a web page'
  return `something else, which begins with <${root.slice(0, 50)}>`
}
