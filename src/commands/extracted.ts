/** One article as `extract`, `inspect` and `sources test` show it. */
import { wordCount } from '../read-time.ts'
import { type Draft, type Item, type Lack, type Origins, type Verdict } from '../item.ts'
import { type Parse } from '../parse.ts'
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
  /** Why it is not all of the article: its site cuts it for those who do not pay, or not all of its pages could be read. */
  lacks: Lack | null
}

/** The article of an item and what was read out of it. Throws Failure `article.empty` and `reading.tooHard`. */
export async function extractedOf(
  parse: Parse,
  item: Item,
  draft: Draft,
  now: Date,
  topics: string[] = [],
): Promise<Extracted> {
  const making = { sourceId: 'extract', topics, now, mayLackTitle: true }
  const article = await parse('makeArticle', item, draft, undefined, making)
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
    lacks: draft.lacks ?? null,
  }
}

/** Why a text is not all of its article, in words. */
export const LACKS: Record<Lack, string> = {
  paywall: 'the rest is for those who pay',
  pages: 'some of its pages could not be read',
}

/** Its fields for a person. */
export function fieldsOf(article: Extracted): string[][] {
  return rowsOf(article).map(({ name, value }) => [`  ${name}`, shorten(value)])
}

/** The same with where each stood, how sure it is, and the best of what else was said of it, and where. */
export function explain(article: Extracted, origins: Origins, verdict?: Verdict | null): string[][] {
  const rows = rowsOf(article).map(({ name, value, field }) => {
    const { place = '', confidence, runnerUp, lacks } = origins[field] ?? {}
    const sure = confidence === undefined ? '' : confidence.toFixed(2)
    const words = lacks === undefined ? value : `${value}, not all of it: ${LACKS[lacks]}`
    return [
      `  ${name}`,
      shorten(words, lacks === undefined ? 60 : 120),
      place,
      sure,
      shorten(runnerUp?.value ?? '', 50),
      runnerUp?.place ?? '',
    ]
  })
  const judged = verdict
    ? [['  an article', verdict.isArticle ? 'yes' : 'no', '', verdict.confidence.toFixed(2), verdict.reason ?? '', '']]
    : []
  return [['  field', 'winner', 'from', 'confidence', 'runner-up', 'from'], ...rows, ...judged]
}

interface Row {
  name: string
  value: string
  /** As the draft calls it. */
  field: string
}

function rowsOf(article: Extracted): Row[] {
  const row = (name: string, value: string | null, field = name): Row[] =>
    value === null || value === '' ? [] : [{ name, value, field }]
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

function shorten(text: string, limit = 100): string {
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text
}
