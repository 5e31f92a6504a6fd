/** A newsletter's new articles become an edition and its due deliveries. */
import { randomUUID } from 'node:crypto'
import { unsubscribeAddress, type Addresses } from './addresses.ts'
import { matches } from './articles/choice.ts'
import { describe, Failure, type FailureReport } from './failures.ts'
import { type Log } from './log.ts'
import { buildMessage, toMime } from './mail/message.ts'
import { type Article, type Edition, type Newsletter, type Report, type Site, type Slice } from './model.ts'
import { choose } from './newsletters/choose.ts'
import { checkSlice } from './newsletters/lint.ts'
import { type Templates } from './newsletters/liquid.ts'
import { personalize } from './newsletters/personalize.ts'
import { renderSlice } from './newsletters/render.ts'
import { articlesSeenAfter, newestArticles } from './store/articles.ts'
import { transact, type Database } from './store/database.ts'
import { countDeliveries, openDeliveries } from './store/deliveries.ts'
import { addEdition, editionsIn, latestEdition, setEditionState } from './store/editions.ts'
import { audiences, moveWatermark, nextAudience } from './store/subscribers.ts'

/** What composing is given. */
export interface ComposeNeeds {
  db: Database
  site: Site
  addresses: Addresses
  newsletters: Newsletter[]
  /** What a mail's footer offers to feed readers. */
  feeds?: { id: string; title: string }[]
  templates: Templates
  now: () => Date
  log: Log
  report?: Report | undefined
}

export interface ComposeResult {
  newsletters: ComposedNewsletter[]
  faults: FailureReport[]
  /** Editions that break a rule of the mail checklist: nothing of them was written. */
  held: FailureReport[]
}

export interface ComposedNewsletter {
  id: string
  edition?: { id: string; number: number; subject: string; articles: number; readers: number }
  /** New articles that are too few for an edition yet. */
  waiting?: number
  /** Why there is no edition. */
  reason?: string
}

/** Readers whose deliveries are opened, and whose watermarks are moved, in one transaction. */
const readersAtOnce = 500

/** A reader who starts with `first: now` has the whole archive before them: a mail can name so much of it and no more. */
const mostHeadlines = 40

/** An edition is planned anew when articles came while it was rendered; a source cannot keep it from going for ever. */
const mostPlans = 5

/**
 * Makes the next edition of each newsletter, or of those named, for readers to whom enough is new. An edition that a
 * killed process left half-written is finished first. A newsletter that fails or is held keeps no other from its edition.
 * Throws Failure `usage.unknown` for an id that is not in the config.
 */
export async function compose(needs: ComposeNeeds, ids?: string[]): Promise<ComposeResult> {
  const result: ComposeResult = { newsletters: [], faults: [], held: [] }
  const chosen = ids === undefined ? needs.newsletters : ids.map((id) => findNewsletter(needs.newsletters, id))
  for (const newsletter of chosen) {
    try {
      result.newsletters.push(await composeNewsletter(needs, newsletter, result.held))
    } catch (error) {
      const failure = error instanceof Failure ? error : undefined
      needs.log.error({ newsletter: newsletter.id, err: error }, 'newsletter not composed')
      result.faults.push(
        failure?.toJSON() ??
          new Failure('edition.failed', { newsletter: newsletter.id, reason: describe(error) }, error).toJSON(),
      )
      result.newsletters.push({ id: newsletter.id, reason: failure?.message ?? describe(error) })
    }
  }
  return result
}

async function composeNewsletter(
  needs: ComposeNeeds,
  newsletter: Newsletter,
  held: FailureReport[],
): Promise<ComposedNewsletter> {
  const { db, log } = needs
  let resumed: ComposedNewsletter | undefined
  for (let attempt = 0; attempt < mostPlans; attempt++) {
    for (const edition of await editionsIn(db, ['composing'], newsletter.id)) {
      log.info({ newsletter: newsletter.id, edition: edition.id }, 'finishing an edition that was left half-written')
      resumed = await finishEdition(needs, edition)
    }
    const plan = await planEdition(needs, newsletter)
    if (plan === 'again') continue
    if (!('edition' in plan)) return resumed ?? { id: newsletter.id, ...plan }
    const failures = plan.edition.slices.flatMap((slice) => checkSlice(slice, needs.site.address))
    if (failures.length > 0) {
      held.push(
        ...failures.map(({ code, details }) => new Failure(code, { newsletter: newsletter.id, ...details }).toJSON()),
      )
      log.warn({ newsletter: newsletter.id, faults: failures.map(({ message }) => message) }, 'edition held back')
      return { id: newsletter.id, reason: 'held back' }
    }
    if (await keepEdition(needs, newsletter, plan)) return finishEdition(needs, plan.edition)
    log.info({ newsletter: newsletter.id }, 'something changed while the edition was rendered; planning it again')
  }
  return resumed ?? { id: newsletter.id, reason: 'its articles kept changing; the next run tries again' }
}

/** An edition not written yet, and what it was made from: while that holds, it may be written. */
interface Plan {
  edition: Edition
  newIds: string[]
}

/** Which readers would get which articles now; or, without an edition, why there is none. */
async function planEdition(
  needs: ComposeNeeds,
  newsletter: Newsletter,
): Promise<Plan | Pick<ComposedNewsletter, 'waiting' | 'reason'> | 'again'> {
  const { db } = needs
  const composedAt = needs.now()
  // The last edition is read before the readers: once it is no longer being composed, they all stand behind it.
  const last = await latestEdition(db, newsletter.id)
  if (last?.state === 'composing') return 'again'
  const readers = await audiences(db, newsletter.id)
  const [furthestBehind] = readers
  if (furthestBehind === undefined) return { reason: 'nobody is subscribed' }

  const fresh = await newArticles(db, newsletter, furthestBehind.watermark)
  if (fresh.length === 0) return { reason: 'nothing new' }
  const groups = groupReaders(readers, fresh).filter(({ articles }) => articles.length >= newsletter.articles.min)
  if (groups.length === 0) {
    return { waiting: fresh.length, reason: `${fresh.length} of at least ${newsletter.articles.min} new articles` }
  }
  const upTo = new Date(Math.max(...fresh.map(({ firstSeenAt }) => firstSeenAt.getTime())))
  const number = (last?.number ?? 0) + 1
  const slices: Slice[] = []
  for (const { after, until, articles } of groups) {
    const { articleIds, ...content } = await renderArticles(needs, newsletter, number, articles, composedAt)
    slices.push({ id: `s${slices.length + 1}`, after, until, upTo, articleIds, ...content })
  }
  const edition: Edition = {
    id: randomUUID(),
    newsletterId: newsletter.id,
    number,
    state: 'composing',
    composedAt,
    from: newsletter.from,
    slices,
    articleIds: [...new Set(slices.flatMap(({ articleIds }) => articleIds))],
  }
  return { edition, newIds: fresh.map(({ id }) => id) }
}

/**
 * Writes the edition if everything is still as it was planned; false when another process was first, or an article came
 * meanwhile, which the watermark would otherwise pass over. The store lets none be saved behind it afterwards.
 */
async function keepEdition({ db }: ComposeNeeds, newsletter: Newsletter, { edition, newIds }: Plan): Promise<boolean> {
  const oldest = edition.slices[0]?.after ?? edition.composedAt
  return transact(db, async (trx) => {
    const fresh = await newArticles(trx, newsletter, oldest)
    if (fresh.map(({ id }) => id).join() !== newIds.join()) return false
    return addEdition(trx, edition)
  })
}

/**
 * Opens a delivery to each reader of each slice and moves their watermarks, in pieces, each whole or not at all. Taken up
 * again after a crash, or run by two processes at once, it goes on where the pieces stopped.
 */
async function finishEdition(needs: ComposeNeeds, edition: Edition): Promise<ComposedNewsletter> {
  const { db, log, report } = needs
  const { newsletterId } = edition
  const standing = await audiences(db, newsletterId)
  const total = standing
    .filter(({ watermark }) => watermark < latestOf(edition.slices))
    .reduce((sum, { readers }) => sum + readers, 0)
  let done = 0
  for (const slice of edition.slices) {
    for (;;) {
      const taken = await transact(db, async (trx) => {
        const { after: watermark, until } = slice
        const readers = await nextAudience(trx, {
          newsletterId,
          watermark,
          until,
          since: edition.composedAt,
          limit: readersAtOnce,
        })
        const subscriberIds = readers.map(({ subscriberId }) => subscriberId)
        await openDeliveries(trx, edition.id, slice.id, subscriberIds, needs.now())
        await moveWatermark(trx, subscriberIds, newsletterId, slice.upTo)
        return subscriberIds.length
      })
      if (taken === 0) break
      done += taken
      report?.({ verb: 'compose', id: newsletterId, done, total: Math.max(total, done) })
    }
  }
  // Another process may have finished it meanwhile, and a third be sending it: it must not be set back.
  await setEditionState(db, edition.id, 'ready', ['composing'])
  const readers = Object.values(await countDeliveries(db, edition.id)).reduce((sum, count) => sum + count, 0)
  const { id, number, articleIds } = edition
  log.info({ newsletter: newsletterId, edition: id, number, articles: articleIds.length, readers }, 'edition composed')
  const subject = edition.slices.at(-1)?.subject ?? ''
  return { id: newsletterId, edition: { id, number, subject, articles: articleIds.length, readers } }
}

/** The next edition as it would be, nothing written; with the latest articles instead where nothing is new. */
export async function previewNext(
  needs: ComposeNeeds,
  newsletterId: string,
): Promise<{ subject: string; html: string; text: string; eml: Buffer; articles: number; isNew: boolean }> {
  const newsletter = findNewsletter(needs.newsletters, newsletterId)
  const now = needs.now()
  const readers = await audiences(needs.db, newsletterId)
  // Most readers decide: a single newcomer's edition is not the one that a preview is asked for.
  const most = readers.toSorted((a, b) => b.readers - a.readers)[0]
  const start = most?.watermark ?? (newsletter.first === 'now' ? new Date(0) : now)
  const fresh = await newArticles(needs.db, newsletter, start)
  const latest = await newestArticles(needs.db, { ...whereSources(newsletter), limit: 500 })
  const articles = fresh.length > 0 ? fresh : latest.filter(matching(newsletter)).slice(0, newsletter.articles.max)
  if (articles.length === 0) throw new Failure('edition.empty', { newsletter: newsletterId })

  const number = ((await latestEdition(needs.db, newsletterId))?.number ?? 0) + 1
  const { articleIds, ...content } = await renderArticles(needs, newsletter, number, articles, now)
  const unsubscribe = unsubscribeAddress(needs.addresses, 'preview')
  const email = needs.site.editor?.email ?? 'reader@example.com'
  const personal = { subject: content.subject, ...personalize(content, { unsubscribe, email }) }
  const message = buildMessage({
    delivery: { id: `preview-${newsletterId}-${number}` },
    edition: { from: newsletter.from, composedAt: now },
    newsletter,
    subscriber: { email },
    content: personal,
    unsubscribe,
    language: needs.site.language,
  })
  return { ...personal, eml: await toMime(message), articles: articleIds.length, isNew: fresh.length > 0 }
}

/** Readers furthest behind first; those at neighbouring watermarks, between which nothing came, make one group. */
function groupReaders(
  readers: { watermark: Date }[],
  fresh: Article[],
): { after: Date; until: Date; articles: Article[] }[] {
  const groups: { after: Date; until: Date; articles: Article[] }[] = []
  for (const { watermark } of readers) {
    const articles = fresh.filter(({ firstSeenAt }) => firstSeenAt > watermark)
    const group = groups.at(-1)
    if (group?.articles.length === articles.length) group.until = watermark
    else groups.push({ after: watermark, until: watermark, articles })
  }
  return groups
}

async function renderArticles(
  { site, addresses, templates, feeds, log }: ComposeNeeds,
  newsletter: Newsletter,
  number: number,
  fresh: Article[],
  now: Date,
): Promise<Pick<Slice, 'subject' | 'html' | 'text' | 'articleIds'>> {
  const { articles, headlines: all } = choose(fresh, newsletter.articles)
  const headlines = all.slice(0, mostHeadlines)
  const leftOut = all.length - headlines.length
  if (leftOut > 0) log.warn({ newsletter: newsletter.id, leftOut }, 'more new articles than a mail can name')
  const input = { newsletter, site, addresses, number, articles, headlines, now, ...(feeds && { feeds }) }
  const { subject, html, text } = await renderSlice(input, templates)
  return { subject, html, text, articleIds: [...articles, ...headlines].map(({ id }) => id) }
}

/** Oldest first. */
async function newArticles(db: Database, newsletter: Newsletter, after: Date): Promise<Article[]> {
  return (await articlesSeenAfter(db, after, whereSources(newsletter))).filter(matching(newsletter))
}

function matching({ where }: Newsletter): (article: Article) => boolean {
  return (article) => matches(article, where)
}

function whereSources({ where: { sources } }: Newsletter): { sources?: string[] } {
  return sources === undefined ? {} : { sources }
}

function latestOf(slices: Slice[]): Date {
  return new Date(Math.max(0, ...slices.map(({ upTo }) => upTo.getTime())))
}

function findNewsletter(newsletters: Newsletter[], id: string): Newsletter {
  const found = newsletters.find((newsletter) => newsletter.id === id)
  if (found === undefined) throw new Failure('usage.unknown', { newsletter: id })
  return found
}
