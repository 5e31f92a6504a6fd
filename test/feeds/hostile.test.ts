import assert from 'node:assert/strict'
import { load } from 'cheerio'
import { XMLParser } from 'fast-xml-parser'
import fc from 'fast-check'
import { parseAtomFeed, parseRssFeed } from 'feedsmith'
import { checkFeed } from '../../src/feeds/checked.ts'
import { renderFeed } from '../../src/feeds/render.ts'
import { expected, hostile, shown, text, type Wanted } from './hostile-articles.ts'
import { addresses, feed, site } from './nouns.ts'

type Seen = Partial<Wanted> & { html: string }

const noFraction = (iso: string): string => new Date(Math.floor(Date.parse(iso) / 1000) * 1000).toISOString()
// parse5 throws at two halves of surrogate pairs in a row in an attribute; pages are read as whole characters.
const htmlToText = (html: string): string => load(html.toWellFormed(), undefined, false).text()

const lists = ['entry', 'item', 'author', 'category', 'dc:creator']
const parser = new XMLParser({
  ignoreAttributes: false,
  parseTagValue: false,
  isArray: (name) => lists.includes(name),
  trimValues: false,
})
interface JsonItem {
  id: string
  url: string
  title: string
  authors?: { name: string }[]
  tags?: string[]
  date_published: string
  date_modified?: string
  summary?: string
  content_html?: string
}

type Tree = Record<string, unknown>

/** What fast-xml-parser gives of an element: its text alone, or attributes and text. */
function textIn(node: unknown): string {
  if (typeof node === 'string') return node
  return (node as { '#text'?: string } | undefined)?.['#text'] ?? ''
}

/** The same three files, each read by two parsers. */
const readers: Record<string, (files: ReturnType<typeof renderFeed>) => Seen[]> = {
  'RSS by feedsmith': (files) =>
    (parseRssFeed(files['rss.xml']).items ?? []).map((item) => ({
      id: item.guid?.value ?? '',
      url: item.link ?? '',
      title: item.title ?? '',
      authors: item.dc?.creators ?? [],
      topics: (item.categories ?? []).map(({ name }) => name ?? ''),
      published: new Date(item.pubDate ?? '').toISOString(),
      excerpt: htmlToText(item.description ?? ''),
      html: item.content?.encoded ?? '',
    })),
  'RSS by fast-xml-parser': (files) => {
    const { rss } = parser.parse(files['rss.xml']) as Record<string, { channel: { item?: Tree[] } }>
    return (rss!.channel.item ?? []).map((item) => ({
      id: textIn(item['guid']),
      url: textIn(item['link']),
      title: textIn(item['title']),
      authors: ((item['dc:creator'] ?? []) as unknown[]).map(textIn),
      topics: ((item['category'] ?? []) as unknown[]).map(textIn),
      published: new Date(textIn(item['pubDate'])).toISOString(),
      excerpt: htmlToText(textIn(item['description'])),
      html: textIn(item['content:encoded']),
    }))
  },
  'Atom by feedsmith': (files) =>
    (parseAtomFeed(files['atom.xml']).entries ?? []).map((entry) => ({
      id: entry.id ?? '',
      url: entry.links?.at(-1)?.href ?? '',
      title: entry.title?.value ?? '',
      authors: (entry.authors ?? []).map(({ name }) => name ?? ''),
      topics: (entry.categories ?? []).map(({ term }) => term ?? ''),
      published: entry.published ?? '',
      updated: entry.updated ?? '',
      excerpt: entry.summary?.value ?? '',
      html: entry.content?.value ?? '',
    })),
  'Atom by fast-xml-parser': (files) => {
    const tree = parser.parse(files['atom.xml']) as Record<string, { entry?: Tree[] }>
    return (tree['feed']!.entry ?? []).map((entry) => ({
      id: textIn(entry['id']),
      url: ([entry['link']].flat() as unknown as Record<string, string>[]).at(-1)?.['@_href'] ?? '',
      title: textIn(entry['title']),
      authors: ((entry['author'] ?? []) as { name: unknown }[]).map(({ name }) => textIn(name)),
      topics: ((entry['category'] ?? []) as Record<string, string>[]).map((category) => category['@_term'] ?? ''),
      published: textIn(entry['published']),
      updated: textIn(entry['updated']),
      excerpt: textIn(entry['summary']),
      html: textIn(entry['content']),
    }))
  },
  'JSON Feed by JSON.parse': (files) => {
    const { items } = JSON.parse(files['feed.json']) as { items: JsonItem[] }
    return items.map((item) => ({
      id: item.id,
      url: item.url,
      title: item.title,
      authors: (item.authors ?? []).map(({ name }) => name),
      topics: item.tags ?? [],
      published: item.date_published,
      updated: item.date_modified ?? item.date_published,
      excerpt: item.summary ?? '',
      html: item.content_html ?? '',
    }))
  },
}

describe('feeds, whatever the text of the articles', () => {
  for (const [reader, read] of Object.entries(readers)) {
    it(`${reader} gives back what the articles say`, () => {
      fc.assert(
        fc.property(fc.array(hostile, { minLength: 1, maxLength: 3 }), text, (made, title) => {
          const articles = made.map((one, index) => one.article(index + 1))
          const files = renderFeed(feed({ title: `F${title}` }), site, addresses, articles)
          const found = new Map(read(files).map((entry) => [entry.id, entry]))
          assert.equal(found.size, articles.length)
          for (const [index, { body, attribute }] of made.entries()) {
            const wanted = expected(articles[index]!, reader.split(' ')[0]!)
            const { html = '', ...seen }: Partial<Seen> = found.get(wanted.id) ?? {}
            const fields = Object.keys(seen) as (keyof typeof wanted)[]
            const same = Object.fromEntries(fields.map((field) => [field, wanted[field]]))
            if (reader.startsWith('RSS')) same['published'] = noFraction(wanted.published)
            assert.deepEqual(seen, same)
            // The HTML is compared as what it says, because a few characters in it are written as references.
            const paragraph = load(html, undefined, false)('p')
            assert.equal(paragraph.text(), shown(body))
            assert.equal(paragraph.attr('title'), shown(attribute))
          }
        }),
        { numRuns: 150 },
      )
    })
  }

  it('passes its own check, which holds nothing back without reason', () => {
    fc.assert(
      fc.property(
        fc.array(hostile, { maxLength: 3 }),
        fc.constantFrom('full', 'excerpt'),
        text,
        (made, content, title) => {
          const articles = made.map((one, index) => one.article(index + 1))
          const named = { title: `F${title}`, description: title, content } as const
          const paper = {
            ...site,
            title: `P${title}`,
            editor: { name: title },
            logo: `https://gazette.example/?${title}`,
          }
          const { faults, held } = checkFeed(feed(named), paper, addresses, articles)
          assert.deepEqual([faults, held], [[], []])
        },
      ),
      { numRuns: 300 },
    )
  })
})
