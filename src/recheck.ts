/** Asks for the pages of late articles again: what was edited is edited here, what is gone is withdrawn. */
import { asFailure, collectOne, type Round, type Run } from './collect-one.ts'
import { readArticlePage } from './collect-page.ts'
import { noteMissed, type Web } from './collect-web.ts'
import { type Failure } from './failures.ts'
import { type Item } from './item.ts'
import { type Article } from './model.ts'
import { readsPages } from './sources/index.ts'
import { asSiteSays } from './store/article-corrections.ts'
import { findKnown } from './store/articles.ts'
import { duePages, pageStands, standingPage, type DuePage } from './store/page-checks.ts'

/** Requests of one collection, beside those for what is new. */
const MOST_CHECKS = 5

/** A site that fails so often is left alone until the next collection. */
const MOST_FAILURES = 2

/** So many pages gone at once, and none that stands: the site is broken, and says nothing of its articles. */
const SUSPICIOUS = 3

/** Looks at a few pages whose time has come, with conditional requests. What is wrong with one is logged and is no fault of the source. */
export async function recheckPages(round: Round, web: Web, run: Run): Promise<void> {
  const { db, source, now, log, stop } = round
  const due = await duePages(db, source.id, now(), MOST_CHECKS)
  const gone: DuePage[] = []
  let failures = 0
  for (const page of due) {
    if (stop?.aborted || failures >= MOST_FAILURES) break
    // What this collection read already is as new as it can be.
    const wasRead = run.read.has(page.article.id)
    const failure = wasRead ? undefined : await lookAgain(round, web, page, run)
    if (failure?.code === 'http.stopped' || failure?.code === 'http.later') return
    if (failure?.code === 'http.missing' || failure?.code === 'http.gone') gone.push(page)
    else if (failure !== undefined || wasRead) {
      if (failure !== undefined)
        log.info({ source: source.id, failure }, 'the page of an article could not be looked at again')
      if (failure?.retry === true) failures += 1
      await pageStands(db, page.article.id, { isSeen: wasRead, isChanged: false, now: now() })
    }
  }
  if (gone.length >= SUSPICIOUS && gone.length === due.length && !(await anyStands(round, web, gone))) {
    log.warn({ source: source.id, pages: gone.length }, 'every page that was looked at is gone: that is not believed')
    for (const { article } of gone) await pageStands(db, article.id, { isSeen: false, isChanged: false, now: now() })
    return
  }
  for (const { article } of gone) await noteMissed(round, article, run)
}

/** Reads one page again, and saves what changed; or says why it could not. */
async function lookAgain(round: Round, web: Web, page: DuePage, run: Run): Promise<Failure | undefined> {
  const { db, source, now } = round
  const { article, url } = page
  // A single 410 may be a mistake, so that it is asked for a second one. Two are believed, and nothing is asked for a month.
  const opening = { isAgain: true, asksAnyway: !page.isWithdrawn }
  try {
    const known = await asSiteSays(db, article)
    const item = itemOf(known, url, page.listed)
    if (!readsPages(source, { isWhole: page.listed.includes('text') })) {
      const { remember } = await web.openPage(item, opening)
      await stands(round, article.id, false, run)
      await remember()
      return undefined
    }
    const found = await readArticlePage(round, web, item, opening)
    const { reading, failure } = found
    if (reading === undefined && failure !== undefined) return failure
    // An address that now leads to another article says nothing of this one but that it has moved on.
    const isOwn = reading !== undefined && (await findKnown(db, source.id, reading.keys))?.id === article.id
    const outcome = isOwn ? await collectOne(round, reading, { ...run, claimed: new Map() }) : 'unchanged'
    if (outcome === 'updated') run.counts.changed = (run.counts.changed ?? 0) + 1
    await stands(round, article.id, outcome === 'updated', run)
    if (outcome !== 'faulty') await found.remember()
    return undefined
  } catch (thrown) {
    return asFailure(thrown, 'article.failed', { source: source.id, url })
  }

  async function stands({ source: { id: sourceId }, log }: Round, id: string, isChanged: boolean, { counts }: Run) {
    if (!(await pageStands(db, id, { isSeen: true, isChanged, now: now() }))) return
    counts.restored = (counts.restored ?? 0) + 1
    log.info({ source: sourceId, article: id, url }, 'its page is there again, and so is the article')
  }
}

async function anyStands({ db, source }: Round, web: Web, gone: DuePage[]): Promise<boolean> {
  const other = await standingPage(db, source.id, gone.map(({ article }) => article.id)) // prettier-ignore
  if (other === undefined) return false
  try {
    await web.openPage({ url: other }, { isAgain: true })
    return true
  } catch {
    return false
  }
}

/** The article as the item that it was: what its feed or list gave stays theirs, the rest is for the page to say. */
function itemOf(known: Article, url: string, listed: string[]): Item {
  const { guid, title, authors, language, excerpt, publishedAt, images, enclosures, episode, topics } = known
  const is = (field: string) => listed.includes(field)
  const [image] = images
  return {
    url,
    ...(guid !== undefined && { guid }),
    ...(is('title') && { title }),
    ...(is('authors') && { authors }),
    ...(is('topics') && { topics }),
    ...(is('language') && language !== undefined && { language }),
    ...(is('excerpt') && { excerpt }),
    ...(is('publishedAt') && publishedAt !== undefined && { published: publishedAt.toISOString() }),
    ...(is('image') && image !== undefined && { image }),
    ...(enclosures.length > 0 && { enclosures }),
    ...(episode && { episode }),
  }
}
