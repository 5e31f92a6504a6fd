/** What becomes of an article: withdrawn and back again, kept out of everything, put first. */
import { noteFate } from './article-changes.ts'
import { fromDate } from './columns.ts'
import { transact, type Database } from './database.ts'
import { recallEditions, type Recall } from './recalls.ts'
import { touchArticles } from './touches.ts'

export interface Fate {
  /** False: it was so already, or there is no such article. */
  changed: boolean
  /** Editions that held it. */
  recalls: Recall[]
}

/**
 * Withdraws an article from everything that is to come: feeds, pages, editions that have not gone out. What its site
 * withdrew comes back when its page does; what an editor withdrew, only by an editor.
 */
export async function withdrawArticle(
  db: Database,
  id: string,
  { by, why, now }: { by: 'site' | 'editor'; why: string; now: Date },
): Promise<Fate> {
  return transact(db, async (trx) => {
    let query = trx
      .updateTable('article')
      .set((eb) => ({ withdrawnAt: eb.fn.coalesce('withdrawnAt', eb.val(fromDate(now))), withdrawnBy: by }))
      .where('id', '=', id)
    // The editor's word stands above the site's.
    query = by === 'site' ? query.where('withdrawnAt', 'is', null) : query.where((eb) => eb.or([eb('withdrawnBy', 'is', null), eb('withdrawnBy', '=', 'site')])) // prettier-ignore
    if (!(await didUpdate(query))) return { changed: false, recalls: [] }
    await touchArticles(trx, [id])
    await noteFate(trx, id, { now, why })
    return { changed: true, recalls: await recallEditions(trx, id, now) }
  })
}

/** Brings back what was withdrawn: a site only what a site withdrew. */
export async function restoreArticle(
  db: Database,
  id: string,
  { by, why, now }: { by: 'site' | 'editor'; why: string; now: Date },
): Promise<boolean> {
  return transact(db, async (trx) => {
    let query = trx
      .updateTable('article')
      .set({ withdrawnAt: null, withdrawnBy: null })
      .where('id', '=', id)
      .where('withdrawnAt', 'is not', null)
    if (by === 'site') query = query.where('withdrawnBy', '=', 'site')
    if (!(await didUpdate(query))) return false
    await touchArticles(trx, [id])
    await noteFate(trx, id, { now, why })
    return true
  })
}

/** Keeps an article out of every feed and every edition that has not gone out, or lets it in again. */
export async function excludeArticle(db: Database, id: string, isOut: boolean, now: Date): Promise<Fate> {
  return transact(db, async (trx) => {
    const query = trx
      .updateTable('article')
      .set({ excludedAt: isOut ? fromDate(now) : null })
      .where('id', '=', id)
      .where('excludedAt', isOut ? 'is' : 'is not', null)
    if (!(await didUpdate(query))) return { changed: false, recalls: [] }
    await touchArticles(trx, [id])
    await noteFate(trx, id, { now, why: isOut ? 'excluded by the editor' : 'the editor lets it in again' })
    return { changed: true, recalls: isOut ? await recallEditions(trx, id, now) : [] }
  })
}

/** Puts an article first in what chooses it, or lets it stand where its date puts it. Tells whether that changed. */
export async function pinArticle(db: Database, id: string, isFirst: boolean, now: Date): Promise<boolean> {
  return transact(db, async (trx) => {
    const query = trx
      .updateTable('article')
      .set({ pinnedAt: isFirst ? fromDate(now) : null })
      .where('id', '=', id)
      .where('pinnedAt', isFirst ? 'is' : 'is not', null)
    if (!(await didUpdate(query))) return false
    await touchArticles(trx, [id])
    await noteFate(trx, id, { now, why: isFirst ? 'pinned by the editor' : 'no longer pinned' })
    return true
  })
}

async function didUpdate(query: { executeTakeFirst(): Promise<{ numUpdatedRows: bigint }> }): Promise<boolean> {
  return (await query.executeTakeFirst()).numUpdatedRows === 1n
}
