/** Whether another source tells an article's story already: the original is kept, the others are its copies. */
import { aliasKeys, evenTitle, urlPath } from './articles/identity.ts'
import { bandsOf, COPIED_WITHIN_MS, hasCommonWords, isSameStory } from './articles/shingles.ts'
import { type Article } from './model.ts'
import { type Database } from './store/database.ts'
import {
  fileBands,
  findTellings,
  isToldBy,
  markCopy,
  mayBeKnownToReaders,
  noteOriginal,
  type Telling,
} from './store/stories.ts'

/** Clocks and lists differ: what was seen so long before may be dated within the time in which copies follow. */
const SLACK_MS = 24 * 3_600_000

/**
 * Files an article that was saved just now, and marks it as a copy where another source tells its story. The original is
 * the one that was seen first, because readers may have it already; until they may, the one that the others name as the
 * original. `originalUrl`: where its page says that it was published first.
 */
export async function settleStory(db: Database, article: Article, originalUrl: string | undefined): Promise<void> {
  const { id, sourceId, firstSeenAt, url } = article
  const bands = bandsOf(article)
  await fileBands(db, id, bands)
  const named = originalUrl === undefined ? undefined : namesOf(originalUrl)
  if (named !== undefined) await noteOriginal(db, article, named.original)
  const own = namesOf(url)
  const away = COPIED_WITHIN_MS + SLACK_MS
  const tellings = await findTellings(db, {
    sourceId,
    keys: urlPath(url) === '/' ? [] : [own.url, own.original, ...(named ? [named.url, named.original] : [])],
    bands,
    from: new Date(firstSeenAt.getTime() - away),
    to: new Date(firstSeenAt.getTime() + away),
  })
  const same = await findSame(db, article, tellings)
  if (same === undefined || same.originalId === id) return
  const originalId = same.originalId ?? same.article.id
  // The other one says that the story was published first where this one stands.
  const isTarget = same.keys.includes(own.original) && !(await mayBeKnownToReaders(db, same.article))
  if (isTarget) await markCopy(db, originalId, id)
  else await markCopy(db, id, originalId)
}

function namesOf(url: string): { url: string; original: string } {
  const [key = ''] = aliasKeys({ url })
  return { url: key, original: `original:${key.slice('url:'.length)}` }
}

/** Of what looks alike, the first whose story has nothing of this source yet: two that one source tells stay two. */
async function findSame(db: Database, article: Article, tellings: Telling[]): Promise<Telling | undefined> {
  for (const telling of tellings) {
    if (!tellsSame(article, telling)) continue
    const originalId = telling.originalId ?? telling.article.id
    if (!(await isToldBy(db, originalId, article))) return telling
  }
  return undefined
}

function tellsSame(article: Article, { article: other, keys }: Telling): boolean {
  // Sites whose every page calls itself by one address have nothing in common but that.
  if (keys.length > 0)
    return evenTitle(article.title) === evenTitle(other.title) || hasCommonWords(article.text, other.text)
  return isSameStory(tellingOf(article), tellingOf(other))
}

function tellingOf({ title, text, publishedAt, firstSeenAt }: Article) {
  return { title, text, at: publishedAt ?? firstSeenAt }
}
