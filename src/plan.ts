/** The next edition as it would be: which readers get which articles, and whether a person should look first. */
import { randomUUID } from 'node:crypto'
import { type Addresses } from './addresses.ts'
import { matches } from './articles/choice.ts'
import { Failure } from './failures.ts'
import { type Log } from './log.ts'
import { type Article, type Edition, type Newsletter, type Site, type Slice } from './model.ts'
import { choose } from './newsletters/choose.ts'
import { findUnusual, isFromBefore, type Size } from './newsletters/gate.ts'
import { type Templates } from './newsletters/liquid.ts'
import { renderSlice } from './newsletters/render.ts'
import { articlesSeenAfter } from './store/articles.ts'
import { type Database } from './store/database.ts'
import { countDeliveries } from './store/deliveries.ts'
import { latestEdition, latestEditions } from './store/editions.ts'
import { audienceOf, audiences, firstSubscribedAt } from './store/audiences.ts'
import { withoutCopies } from './stories.ts'

/** What planning is given. */
export interface PlanNeeds {
  db: Database
  site: Site
  addresses: Addresses
  /** What a mail's footer offers to feed readers. */
  feeds?: { id: string; title: string }[]
  templates: Templates
  now: () => Date
  log: Log
}

/** An edition not written yet, and what it was made from: while that holds, it may be written. */
export interface Plan {
  edition: Edition
  newIds: string[]
}

/** So many of the last editions say what is usual. */
const editionsCompared = 8

/** A reader who starts with `first: now` has the whole archive before them: a mail can name so much of it and no more. */
const mostHeadlines = 40

/** Which readers would get which articles now; or, without an edition, why there is none. */
export async function planEdition(
  needs: PlanNeeds,
  newsletter: Newsletter,
): Promise<Plan | { waiting?: number; reason: string } | 'again'> {
  const { db } = needs
  const composedAt = needs.now()
  // The last edition is read before the readers: once it is no longer being composed, they all stand behind it.
  const last = await latestEdition(db, newsletter.id)
  if (last?.state === 'composing' || last?.state === 'draft') return 'again'
  const readers = await audiences(db, newsletter.id)
  const [furthestBehind] = readers
  if (furthestBehind === undefined) return { reason: 'nobody is subscribed' }

  const fresh = await newArticles(db, newsletter, furthestBehind.watermark)
  if (fresh.length === 0) return { reason: 'nothing new' }
  const wanted = await withoutBacklog(needs, newsletter, fresh)
  if (wanted.length === 0) {
    return { reason: `nothing new; ${fresh.length} older than the newsletter (first: now would send them)` }
  }
  const all = groupReaders(readers, wanted)
  const groups = all.filter(({ articles }) => articles.length >= newsletter.articles.min)
  if (groups.length === 0) {
    return { waiting: wanted.length, reason: `${wanted.length} of at least ${newsletter.articles.min} new articles` }
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
  const heldFor = await judge(needs, newsletter, edition, all)
  return {
    edition: heldFor === undefined ? edition : { ...edition, state: 'draft', heldFor: heldFor.toJSON() },
    newIds: fresh.map(({ id }) => id),
  }
}

/** Why an edition may not go out before an editor has seen it; nothing where it may. */
async function judge(
  { db }: PlanNeeds,
  newsletter: Newsletter,
  edition: Edition,
  groups: Group[],
): Promise<Failure | undefined> {
  const past = await latestEditions(db, {
    newsletterId: newsletter.id,
    states: ['ready', 'sending', 'paused', 'done'],
    limit: editionsCompared,
  })
  const sizes: Size[] = []
  for (const { id, slices } of past) {
    const readers = Object.values(await countDeliveries(db, id)).reduce((sum, count) => sum + count, 0)
    sizes.push({ articles: slices.at(-1)?.articleIds.length ?? 0, readers })
  }
  // An archive is new to a newcomer by the wish of `first: now`; what counts is what came since the last edition.
  const most = groups.toSorted((a, b) => b.readers - a.readers)[0]
  const since = past[0] === undefined ? new Date(0) : latestOf(past[0].slices)
  const isWished = past.length === 0 && newsletter.first === 'now'
  const articles = isWished ? 0 : (most?.articles.filter(({ firstSeenAt }) => firstSeenAt > since).length ?? 0)
  const found = { articles, readers: await audienceOf(db, edition) }
  const unusual = findUnusual(found, sizes, newsletter.unusual)
  if (unusual.articles === undefined && unusual.readers === undefined) {
    return newsletter.approve === true ? waitsForEditor(edition) : undefined
  }
  return new Failure('edition.unusual', {
    ...waitsForEditor(edition).details,
    ...(unusual.articles && { articles: unusual.articles.found, usualArticles: unusual.articles.usual }),
    ...(unusual.readers && { readers: unusual.readers.found, usualReaders: unusual.readers.usual }),
  })
}

export function waitsForEditor({ newsletterId, number }: Edition): Failure {
  const edition = `${newsletterId}/${number}`
  return new Failure('edition.approval', {
    newsletter: newsletterId,
    edition,
    approve: `broadsheet editions approve ${edition}`,
  })
}

/** Without what was published before the newsletter had its first reader, where that begins with what comes next. */
export async function withoutBacklog({ db, site }: PlanNeeds, { id, first }: Newsletter, fresh: Article[]) {
  const began = first === 'next' ? await firstSubscribedAt(db, id) : undefined
  return began === undefined ? fresh : fresh.filter((article) => !isFromBefore(article, began, site.timezone))
}

/** Readers to whom the same articles are new. */
interface Group {
  after: Date
  until: Date
  readers: number
  articles: Article[]
}

/** Readers furthest behind first; those at neighbouring watermarks, between which nothing came, make one group. */
function groupReaders(standing: { watermark: Date; readers: number }[], fresh: Article[]): Group[] {
  const groups: Group[] = []
  for (const { watermark, readers } of standing) {
    const articles = fresh.filter(({ firstSeenAt }) => firstSeenAt > watermark)
    const group = groups.at(-1)
    if (group?.articles.length === articles.length) {
      group.until = watermark
      group.readers += readers
    } else groups.push({ after: watermark, until: watermark, readers, articles })
  }
  return groups
}

export async function renderArticles(
  { site, addresses, templates, feeds, log }: PlanNeeds,
  newsletter: Newsletter,
  number: number,
  fresh: Article[],
  now: Date,
): Promise<Pick<Slice, 'subject' | 'html' | 'text' | 'articleIds'>> {
  const { articles, headlines: all } = choose(fresh, newsletter.articles)
  const headlines = all.slice(0, mostHeadlines)
  const unnamed = all.length - headlines.length
  if (unnamed > 0) log.warn({ newsletter: newsletter.id, unnamed }, 'more new articles than a mail can name')
  const input = { newsletter, site, addresses, number, articles, headlines, unnamed, now, ...(feeds && { feeds }) }
  const { subject, html, text } = await renderSlice(input, templates)
  return { subject, html, text, articleIds: [...articles, ...headlines].map(({ id }) => id) }
}

/** Oldest first; a story that several sources tell is there once, and was before where it came before. */
export async function newArticles(db: Database, newsletter: Newsletter, after: Date): Promise<Article[]> {
  const isChosen = matching(newsletter)
  return withoutCopies(db, (await articlesSeenAfter(db, after, whereSources(newsletter))).filter(isChosen), isChosen)
}

export function matching({ where }: Newsletter): (article: Article) => boolean {
  return (article) => matches(article, where)
}

export function whereSources({ where: { sources } }: Newsletter): { sources?: string[] } {
  return sources === undefined ? {} : { sources }
}

function latestOf(slices: Slice[]): Date {
  return new Date(Math.max(0, ...slices.map(({ upTo }) => upTo.getTime())))
}
