/**
 * `npm run bench:render`: all three formats of 50 articles of 5 KB, the gate on, beside npm `feed` and feedsmith, neither
 * of which checks anything. Rounds are paired: every kind once, in turn, so that what else the machine does meets all alike.
 */
import { Feed } from 'feed'
import { generateAtomFeed, generateJsonFeed, generateRssFeed } from 'feedsmith'
import { publicAddresses } from '../src/addresses.ts'
import { checkFeed } from '../src/feeds/checked.ts'
import { openMemory } from '../src/feeds/memory.ts'
import { renderFeed } from '../src/feeds/render.ts'
import { type Article, type Feed as FeedOptions, type SafeHtml, type Site } from '../src/model.ts'

const ARTICLES = 50
const BYTES = 5000
const WARM = 30
const ROUNDS = 200

const site: Site = {
  title: 'The Harbour Gazette',
  url: 'https://gazette.example/',
  description: 'News from the harbour',
  language: 'en-GB',
  timezone: 'Europe/London',
  colour: '#0b4f6c',
}
const options: FeedOptions = { id: 'all', title: site.title, where: {}, items: ARTICLES, content: 'full' }
const addresses = publicAddresses('https://news.gazette.example')
const articles = Array.from({ length: ARTICLES }, (_, index) => makeArticle(index))

/** Texts as they are: paragraphs with links, emphasis, a few characters beyond ASCII, references. */
function makeArticle(number: number, round = 0): Article {
  const sentence = `The harbour master said on day ${number} that the gauge — the <em>old</em> one, by Lück &amp; Søn — was mended; `
  const link = `<a href="https://gazette.example/news/${number}">nobody</a> had seen it coming. `
  const paragraph = `<p>${sentence}${link}${sentence}</p>\n`
  const html = paragraph.repeat(Math.ceil(BYTES / paragraph.length)).slice(0, BYTES)
  return {
    id: `00000000-0000-8000-8000-${String(number).padStart(12, '0')}`,
    sourceId: 'main',
    url: `https://gazette.example/news/${number}`,
    title: `What happened on day ${number}${round === 0 ? '' : `, again ${round}`}`,
    authors: ['Ada Moor', 'Wilf Garrity'],
    html: `${html.slice(0, html.lastIndexOf('</p>'))}</p>` as SafeHtml,
    text: '',
    excerpt: `The harbour master said on day ${number} that the gauge was mended; nobody had seen it coming.`,
    topics: ['harbour', 'news'],
    images: [{ url: `https://gazette.example/${number}.jpg`, alt: 'The gauge', width: 1200, height: 800 }],
    enclosures: [],
    hash: `${number}`,
    publishedAt: new Date(Date.UTC(2026, 0, 1, number)),
    firstSeenAt: new Date(Date.UTC(2026, 0, 1, number)),
  }
}

function byFeed(): string[] {
  const writer = new Feed({
    id: 'urn:uuid:00000000-0000-8000-8000-000000000000',
    title: site.title,
    description: site.description ?? '',
    link: site.url,
    language: site.language,
    updated: new Date(0),
    feedLinks: { rss: 'https://news.gazette.example/feeds/all/rss.xml' },
  })
  for (const { id, title, url, html, excerpt, publishedAt, authors, topics, images } of articles) {
    writer.addItem({
      ...{ id: `urn:uuid:${id}`, title, link: url, description: excerpt, content: html },
      date: publishedAt ?? new Date(0),
      author: authors.map((name) => ({ name })),
      category: topics.map((name) => ({ name, term: name })),
      image: images[0]?.url ?? '',
    })
  }
  return [writer.rss2(), writer.atom1(), writer.json1()]
}

function byFeedsmith(): string[] {
  const { title, url, description = '', language } = site
  const rss = generateRssFeed({
    ...{ title, link: url, description, language },
    items: articles.map((one) => ({
      ...{ title: one.title, link: one.url, description: one.excerpt, guid: { value: one.id, isPermaLink: false } },
      pubDate: one.publishedAt ?? new Date(0),
      categories: one.topics.map((name) => ({ name })),
      dc: { creators: one.authors },
      content: { encoded: one.html },
    })),
  })
  const atom = generateAtomFeed({
    ...{ id: 'urn:uuid:00000000-0000-8000-8000-000000000000', title: { value: title }, updated: new Date(0) },
    entries: articles.map((one) => ({
      ...{ id: `urn:uuid:${one.id}`, title: { value: one.title }, links: [{ href: one.url }] },
      ...{ updated: one.publishedAt ?? new Date(0), published: one.publishedAt ?? new Date(0) },
      ...{ summary: { value: one.excerpt }, content: { value: one.html, type: 'html' } },
      authors: one.authors.map((name) => ({ name })),
      categories: one.topics.map((term) => ({ term })),
    })),
  })
  const json = generateJsonFeed({
    ...{ title, home_page_url: url, description, language },
    items: articles.map((one) => ({
      ...{ id: one.id, url: one.url, title: one.title, content_html: one.html, summary: one.excerpt },
      ...{ date_published: one.publishedAt ?? new Date(0), tags: one.topics, image: one.images[0]?.url ?? '' },
      authors: one.authors.map((name) => ({ name })),
    })),
  })
  return [rss, atom, JSON.stringify(json)]
}

const memory = openMemory()
let round = 0
const kinds: [name: string, work: () => unknown][] = [
  ['npm feed, unchecked', byFeed],
  ['feedsmith, unchecked', byFeedsmith],
  ['broadsheet, unchecked', () => renderFeed(options, site, addresses, articles)],
  ['broadsheet, gate on, first time', () => checkFeed(options, site, addresses, articles)],
  [
    'broadsheet, gate on, one new of 50',
    () => {
      // Another one each time, or the memory would know it.
      const some = [...articles.slice(1), makeArticle(ARTICLES + 1, ++round)]
      return checkFeed(options, site, addresses, some, { memory })
    },
  ],
  ['broadsheet, gate on, rendered again', () => checkFeed(options, site, addresses, articles, { memory })],
]

const times = kinds.map((): number[] => [])
for (let each = 0; each < WARM + ROUNDS; each++) {
  for (const [index, [, work]] of kinds.entries()) {
    const start = process.cpuUsage()
    const began = performance.now()
    work()
    const { user, system } = process.cpuUsage(start)
    // Where others share the machine, time passes in which nothing is done: the lesser of both is the work.
    if (each >= WARM) times[index]?.push(Math.min(performance.now() - began, (user + system) / 1000))
  }
}

const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
const [feed = []] = times
const first = times[3] ?? []
const ratio = (mine: number[], theirs: number[]) => median(mine.map((ms, index) => ms / (theirs[index] ?? ms)))
console.log(`${ARTICLES} articles of ${BYTES} bytes in three formats, ${ROUNDS} paired rounds, medians`)
console.table(
  Object.fromEntries(
    kinds.map(([name], index) => {
      const mine = times[index] ?? []
      return [
        name,
        { ms: round2(median(mine)), '× feed': round2(ratio(mine, feed)), '× first': round2(ratio(mine, first)) },
      ]
    }),
  ),
)

function round2(value: number): number {
  return Math.round(value * 100) / 100
}
