/** Whether another source tells an article's story already: the original is kept, the others are its copies. */
import { aliasKeys, evenTitle, urlPath } from './articles/identity.ts'
import { bandsOf, COPIED_WITHIN_MS, hasCommonWords, isSameStory } from './articles/shingles.ts'
import { type Article } from './model.ts'
import { type Database } from './store/database.ts'
import {
  fileBands,
  findTellings,
  isFoundElsewhere,
  markCopy,
  mayBeKnownToReaders,
  type Telling,
} from './store/stories.ts'

/** Clocks and lists differ: what was seen so long before may be dated within the time in which copies follow. */
const SLACK_MS = 24 * 3_600_000

/**
 * Files an article that was saved just now, and marks it as a copy where another source tells its story. The original is
 * the one that was seen first, because readers may have it already; until they may, the one at whose address both say
 * that the story stands. `foundAt`: where its source found it, whatever it calls itself.
 */
export async function settleStory(db: Database, article: Article, foundAt: string): Promise<void> {
  const { id, sourceId, firstSeenAt } = article
  const bands = bandsOf(article)
  await fileBands(db, id, bands)
  const away = COPIED_WITHIN_MS + SLACK_MS
  const tellings = await findTellings(db, {
    sourceId,
    keys: urlPath(article.url) === '/' ? [] : aliasKeys({ url: article.url }),
    bands,
    from: new Date(firstSeenAt.getTime() - away),
    to: new Date(firstSeenAt.getTime() + away),
  })
  const same = tellings.find((telling) => tellsSame(article, telling))
  if (same === undefined || same.originalId === id) return
  const originalId = same.originalId ?? same.article.id
  const isTarget =
    same.isSameAddress &&
    isAt(foundAt, article.url) &&
    (await isFoundElsewhere(db, same.article)) &&
    !(await mayBeKnownToReaders(db, same.article))
  if (isTarget) await markCopy(db, originalId, id)
  else await markCopy(db, id, originalId)
}

function tellsSame(article: Article, { article: other, isSameAddress }: Telling): boolean {
  // Sites whose every page calls itself by one address have nothing in common but that.
  if (isSameAddress)
    return evenTitle(article.title) === evenTitle(other.title) || hasCommonWords(article.text, other.text)
  return isSameStory(tellingOf(article), tellingOf(other))
}

function tellingOf({ title, text, publishedAt, firstSeenAt }: Article) {
  return { title, text, at: publishedAt ?? firstSeenAt }
}

function isAt(foundAt: string, url: string): boolean {
  return aliasKeys({ url: foundAt }).join() === aliasKeys({ url }).join()
}
