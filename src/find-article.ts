/** An article by any address that it ever had, or that a version of its page may have. */
import { addressVariants, aliasKeys, canonicalUrl } from './articles/identity.ts'
import { type Article } from './model.ts'
import { filedByBeginning, filedByKeys, filedById, type Filed } from './store/article-search.ts'
import { type Database } from './store/database.ts'

/** All that a name may mean: an address, a guid, an id or its beginning. Of several at one address, the original first. */
export async function findArticles(db: Database, name: string): Promise<Filed[]> {
  const text = name.trim()
  if (/^https?:\/\//i.test(text)) return findAt(db, text)
  const byId = await filedByBeginning(db, text, MOST)
  return byId.length > 0 ? byId : filedByKeys(db, aliasKeys({ url: text, guid: text }))
}

const MOST = 10

async function findAt(db: Database, url: string): Promise<Filed[]> {
  const found = await filedByKeys(db, aliasKeys({ url, guid: url }))
  const all = found.length > 0 ? found : await filedByKeys(db, variantKeys(url))
  // What is called so now comes before what was, and the original before its copies.
  const isNow = ({ article }: Filed) => article.url === canonicalUrl(url)
  const sorted = all.toSorted(
    (a, b) =>
      Number(isNow(b)) - Number(isNow(a)) || Number(a.originalId !== undefined) - Number(b.originalId !== undefined),
  )
  const [first] = sorted
  if (first?.originalId === undefined || sorted.some(({ article }) => article.id === first.originalId)) return sorted
  const original = await filedById(db, first.originalId)
  return original === undefined ? sorted : [...sorted, original]
}

function variantKeys(url: string): string[] {
  return addressVariants(url).flatMap((variant) => aliasKeys({ url: variant }))
}

/** The article that may be shown of those that were ever at this address. */
export async function articleOnceAt(db: Database, url: string): Promise<Article | undefined> {
  const found = await findAt(db, url)
  return found.find(({ retiredAt, withdrawnAt }) => retiredAt === undefined && withdrawnAt === undefined)?.article
}
