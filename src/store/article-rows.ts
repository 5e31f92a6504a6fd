/** Rows of `article` as nouns, and back. */
import { type ExpressionBuilder, type ExpressionWrapper, type Selectable, type SqlBool } from 'kysely'
import { z } from 'zod'
import { type Article, type Enclosure, type Episode, type Image, type SafeHtml } from '../model.ts'
import { fromDate, fromJson, toDate } from './columns.ts'
import { type Tables } from './schema.ts'

/** What may be shown: it was neither let go nor withdrawn, and no editor keeps it out. */
export function isShown(eb: ExpressionBuilder<Tables, 'article'>): ExpressionWrapper<Tables, 'article', SqlBool> {
  return eb.and([eb('retiredAt', 'is', null), eb('withdrawnAt', 'is', null), eb('excludedAt', 'is', null)])
}

const image: z.ZodType<Image> = z.strictObject({
  url: z.string(),
  alt: z.string().exactOptional(),
  caption: z.string().exactOptional(),
  credit: z.string().exactOptional(),
  type: z.string().exactOptional(),
  bytes: z.number().exactOptional(),
  width: z.number().exactOptional(),
  height: z.number().exactOptional(),
})

const enclosure: z.ZodType<Enclosure> = z.strictObject({
  url: z.string(),
  type: z.string(),
  bytes: z.number().exactOptional(),
  title: z.string().exactOptional(),
  seconds: z.number().exactOptional(),
})

const episode: z.ZodType<Episode> = z.strictObject({
  image: z.string().exactOptional(),
  explicit: z.boolean().exactOptional(),
  season: z.number().exactOptional(),
  number: z.number().exactOptional(),
  kind: z.enum(['full', 'trailer', 'bonus']).exactOptional(),
  transcripts: z
    .array(
      z.strictObject({
        url: z.string(),
        type: z.string(),
        language: z.string().exactOptional(),
        rel: z.literal('captions').exactOptional(),
      }),
    )
    .exactOptional(),
})

const texts = z.array(z.string())
const images = z.array(image)
const enclosures = z.array(enclosure)

/** What newest first goes by. */
export const datedAtOf = ({ publishedAt, firstSeenAt }: Pick<Article, 'publishedAt' | 'firstSeenAt'>): Date =>
  publishedAt ?? firstSeenAt

/** What an article says of itself; what became of it since, it does not. */
export type ArticleRow = Omit<
  Tables['article'],
  | 'retiredAt'
  | 'originalId'
  | 'withdrawnAt'
  | 'withdrawnBy'
  | 'excludedAt'
  | 'pinnedAt'
  | 'correctedAt'
  | 'correction'
  | 'origins'
  | 'touched'
>

export function isSameRow(known: ArticleRow, row: ArticleRow): boolean {
  return (Object.keys(row) as (keyof ArticleRow)[]).every((column) => known[column] === row[column])
}

export function toRow(article: Article, path: string): ArticleRow {
  return {
    id: article.id,
    sourceId: article.sourceId,
    guid: article.guid ?? null,
    url: article.url,
    path,
    title: article.title,
    authors: JSON.stringify(article.authors),
    html: article.html,
    text: article.text,
    excerpt: article.excerpt,
    topics: JSON.stringify(article.topics),
    language: article.language ?? null,
    images: JSON.stringify(article.images),
    enclosures: JSON.stringify(article.enclosures),
    episode: article.episode ? JSON.stringify(article.episode) : null,
    hash: article.hash,
    publishedAt: article.publishedAt ? fromDate(article.publishedAt) : null,
    updatedAt: article.updatedAt ? fromDate(article.updatedAt) : null,
    firstSeenAt: fromDate(article.firstSeenAt),
    datedAt: fromDate(datedAtOf(article)),
  }
}

export function toArticle(row: Selectable<Tables['article']>): Article {
  return {
    id: row.id,
    sourceId: row.sourceId,
    ...(row.guid !== null && { guid: row.guid }),
    url: row.url,
    title: row.title,
    authors: fromJson(texts, row.authors, 'article.authors'),
    // Only an Article's html is ever written there, and that is safe.
    html: row.html as SafeHtml,
    text: row.text,
    excerpt: row.excerpt,
    topics: fromJson(texts, row.topics, 'article.topics'),
    ...(row.language !== null && { language: row.language }),
    images: fromJson(images, row.images, 'article.images'),
    enclosures: fromJson(enclosures, row.enclosures, 'article.enclosures'),
    ...(row.episode !== null && { episode: fromJson(episode, row.episode, 'article.episode') }),
    hash: row.hash,
    ...(row.publishedAt !== null && { publishedAt: toDate(row.publishedAt, 'article.published_at') }),
    ...(row.updatedAt !== null && { updatedAt: toDate(row.updatedAt, 'article.updated_at') }),
    firstSeenAt: toDate(row.firstSeenAt, 'article.first_seen_at'),
    ...(row.pinnedAt !== null && { pinnedAt: toDate(row.pinnedAt, 'article.pinned_at') }),
  }
}
