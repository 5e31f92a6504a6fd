/** Nouns for tests of feeds: whole ones, of which a test changes what it is about. */
import { publicAddresses } from '../../src/addresses.ts'
import { type Article, type Feed, type SafeHtml, type Site } from '../../src/model.ts'

export const site: Site = {
  title: 'The Harbour Gazette',
  url: 'https://gazette.example/',
  description: 'News from the harbour',
  language: 'en-GB',
  timezone: 'Europe/London',
  colour: '#0b4f6c',
}

export const addresses = publicAddresses('https://news.gazette.example')

export function feed(changes: Partial<Feed> = {}): Feed {
  return { id: 'all', title: 'The Harbour Gazette', where: {}, items: 50, content: 'full', ...changes }
}

/** The article of that number, published at noon of that day of March 2026. */
export function article(number: number, changes: Partial<Article> = {}): Article {
  return {
    id: `00000000-0000-8000-8000-${String(number).padStart(12, '0')}`,
    sourceId: 'main',
    url: `https://gazette.example/news/${number}`,
    title: `Story ${number}`,
    authors: ['Ada Moor'],
    html: `<p>What happened on day ${number}.</p>` as SafeHtml,
    text: `What happened on day ${number}.`,
    excerpt: `What happened on day ${number}.`,
    topics: ['news'],
    images: [],
    enclosures: [],
    hash: `hash-${number}`,
    publishedAt: new Date(Date.UTC(2026, 2, number, 12)),
    firstSeenAt: new Date(Date.UTC(2026, 2, number, 13)),
    ...changes,
  }
}
