/** A paper, its newsletter and its stories, for tests of newsletters: whole nouns, of which a test changes a part. */
import { fileURLToPath } from 'node:url'
import { publicAddresses } from '../../src/addresses.ts'
import { readTemplates } from '../../src/disk/templates.ts'
import { type Article, type Image, type Newsletter, type SafeHtml, type Site } from '../../src/model.ts'
import { type SliceInput } from '../../src/newsletters/view.ts'

export const site: Site = {
  title: 'The Harbour Gazette',
  url: 'https://gazette.example/',
  description: 'News from the harbour',
  language: 'en-GB',
  timezone: 'Europe/London',
  colour: '#0b4f6c',
  address: '1 Quay Street, Harbour HB1 2AA',
}

export const newsletter: Newsletter = {
  id: 'daily',
  title: 'The Daily Gazette',
  from: 'The Harbour Gazette <daily@news.gazette.example>',
  where: {},
  articles: { min: 1, max: 12 },
  first: 'next',
  subject: '{{ lead.title }}',
  template: 'digest',
}

export const templates = readTemplates([fileURLToPath(new URL('../../templates', import.meta.url))])

export const reader = { unsubscribe: 'https://news.gazette.example/unsubscribe/t0k3n', email: 'ada@reader.example' }

/** The story of that number: the higher, the older by an hour. Without a picture. */
export function story(number: number, changes: Partial<Article> = {}): Article {
  const publishedAt = new Date(Date.UTC(2027, 4, 3, 23 - number))
  return {
    id: `00000000-0000-8000-8000-${String(number).padStart(12, '0')}`,
    sourceId: 'desk',
    url: `https://gazette.example/news/${number}`,
    title: `Story ${number}`,
    authors: ['Ada Quay'],
    html: `<p>What happened at hour ${number}.</p>` as SafeHtml,
    text: `What happened at hour ${number}.`,
    excerpt: `What happened at hour ${number}.`,
    topics: ['harbour'],
    images: [],
    enclosures: [],
    hash: `hash-${number}`,
    publishedAt,
    firstSeenAt: new Date(publishedAt.getTime() + 600_000),
    ...changes,
  }
}

export function picture(name: string, changes: Partial<Image> = {}): Image {
  return {
    url: `https://gazette.example/${name}.jpg`,
    alt: `A picture of ${name}`,
    width: 1200,
    height: 675,
    ...changes,
  }
}

export function input(articles: Article[], changes: Partial<SliceInput> = {}): SliceInput {
  return {
    newsletter,
    site,
    addresses: publicAddresses('https://news.gazette.example'),
    number: 12,
    articles,
    headlines: [],
    now: new Date('2027-05-03T06:00:00Z'),
    ...changes,
  }
}
