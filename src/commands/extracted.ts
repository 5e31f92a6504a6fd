/** One article as `extract`, `inspect` and `sources test` show it. */
import { makeArticle } from '../articles/article.ts'
import { wordCount } from '../read-time.ts'
import { type Draft, type Item } from '../model.ts'
import { count } from '../terminal.ts'

/** The form that `extract` prints (product.md, Commands): what is not known is null. */
export interface Extracted {
  url: string
  title: string
  authors: string[]
  published: string | null
  updated: string | null
  image: string | null
  /** Who made the lead picture, also where the text names them but shows no picture. */
  credit: string | null
  language: string | null
  topics: string[]
  excerpt: string
  html: string
  text: string
}

/** The article of an item and what was read out of it. Throws Failure `article.empty`. */
export function extractedOf(item: Item, draft: Draft, now: Date, topics: string[] = []): Extracted {
  const article = makeArticle(item, draft, undefined, { sourceId: 'extract', topics, now, mayLackTitle: true })
  return {
    url: article.url,
    title: article.title,
    authors: article.authors,
    published: article.publishedAt?.toISOString() ?? null,
    updated: article.updatedAt?.toISOString() ?? null,
    image: article.images[0]?.url ?? null,
    credit: article.images[0]?.credit ?? draft.credit ?? null,
    language: article.language ?? null,
    topics: article.topics,
    excerpt: article.excerpt,
    html: article.html,
    text: article.text,
  }
}

/** Its fields for a person, each with where it stood, as far as that is known. */
export function fieldsOf(article: Extracted, places: Partial<Record<string, string>> = {}): string[][] {
  const row = (name: string, value: string | null, place = name) =>
    value === null || value === ''
      ? []
      : [[`  ${name}`, shorten(value), places[place] === undefined ? '' : `(${places[place]})`]]
  return [
    ...row('title', article.title),
    ...row('address', article.url, 'canonicalUrl'),
    ...row('authors', article.authors.join(', ')),
    ...row('published', article.published, 'publishedAt'),
    ...row('updated', article.updated, 'updatedAt'),
    ...row('language', article.language),
    ...row('topics', article.topics.join(', ')),
    ...row('picture', article.image, 'image'),
    ...row('excerpt', article.excerpt),
    ...row('text', count(wordCount(article.text), 'word')),
  ]
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text
}
