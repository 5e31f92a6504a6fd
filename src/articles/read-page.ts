/** The article on one web page as users get it: what `extract`, `extract --batch` and the benchmark all call. */
import { Failure } from '../failures.ts'
import { type Draft, type Item } from '../item.ts'
import { type Article } from '../model.ts'
import { makeArticle } from './article.ts'
import { extract, type PageParts } from './extract.ts'

export interface PageRead {
  /** What was found, as it was: untrusted. */
  draft: Draft
  /** The same made clean; nothing where the page has neither text nor picture. */
  article?: Article
}

export interface ReadPageOptions {
  /** What a person said of the pages of this site. */
  parts?: PageParts | undefined
  /** The feed's or list's entry that led here. */
  seen?: Item | undefined
  topics?: string[] | undefined
}

/** What is on the page at `url`, read at `now`. */
export function readPage(html: string, url: string, now: Date, options: ReadPageOptions = {}): PageRead {
  const { parts, seen, topics = [] } = options
  const draft = extract(html, url, parts, seen, { now })
  try {
    const made = { sourceId: 'page', topics, now, mayLackTitle: true }
    return { draft, article: makeArticle({ ...seen, url }, draft, undefined, made) }
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.code === 'article.empty') return { draft }
    throw thrown
  }
}

/** One line of `extract --batch` (product.md, Commands): what is not known is null. */
export interface Answer {
  text: string
  html: string
  title: string | null
  author: string[]
  published: string | null
  image: string | null
  isArticle: boolean
}

export function answerOf({ draft, article }: PageRead): Answer {
  const { authors, publishedAt } = article ?? draft
  // In the page's own zone, so that an evening's article keeps its day.
  const isAsWritten = publishedAt?.getTime() === draft.publishedAt?.getTime()
  return {
    text: article?.text ?? '',
    html: article?.html ?? '',
    title: article?.title ?? draft.title ?? null,
    author: authors,
    published: (isAsWritten ? draft.publishedAs : undefined) ?? publishedAt?.toISOString() ?? null,
    image: article?.images[0]?.url ?? null,
    isArticle: article !== undefined && draft.verdict?.isArticle !== false,
  }
}
