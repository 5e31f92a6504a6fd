/** A newsletter's new articles become an edition and its due deliveries. */
import { unsubscribeAddress } from './addresses.ts'
import { describe, Failure, type FailureReport } from './failures.ts'
import { buildMessage, toMime } from './mail/message.ts'
import { type Message, type Report } from './contracts.ts'
import { type Edition, type Newsletter } from './model.ts'
import { checkSlice } from './newsletters/lint.ts'
import { personalize } from './newsletters/personalize.ts'
import {
  matching,
  newArticles,
  planEdition,
  renderArticles,
  waitsForEditor,
  whereSources,
  withoutBacklog,
  type Plan,
  type PlanNeeds,
} from './plan.ts'
import { release } from './release.ts'
import { newestArticles } from './store/articles.ts'
import { transact } from './store/database.ts'
import { addEdition, editionsIn, latestEdition } from './store/editions.ts'
import { audienceOf, audiences } from './store/audiences.ts'
import { withoutCopies } from './stories.ts'

/** What composing is given. */
export interface ComposeNeeds extends PlanNeeds {
  newsletters: Newsletter[]
  report?: Report | undefined
}

export interface ComposeResult {
  newsletters: ComposedNewsletter[]
  faults: FailureReport[]
  /**
   * Editions that break a rule of the mail checklist, of which nothing was written; and drafts that wait for an editor,
   * as long as they do.
   */
  held: FailureReport[]
}

export interface ComposedNewsletter {
  id: string
  edition?: ComposedEdition
  /** The edition that waits for an editor's yes; until then there is no other. */
  draft?: ComposedEdition
  /** New articles that are too few for an edition yet. */
  waiting?: number
  /** Why there is no edition. */
  reason?: string
}

interface ComposedEdition {
  id: string
  number: number
  subject: string
  articles: number
  readers: number
}

/** An edition is planned anew when articles came while it was rendered; a source cannot keep it from going for ever. */
const mostPlans = 5

/**
 * Makes the next edition of each newsletter, or of those named, for readers to whom enough is new. An edition that a
 * killed process left half-written is finished first. One that is unusually large, or that an editor wants to see, is kept
 * as a draft, and its newsletter waits with it. A newsletter that fails or is held keeps no other from its edition.
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
      resumed = { id: newsletter.id, edition: summary(edition, await release(needs, edition)) }
    }
    const [draft] = await editionsIn(db, ['draft'], newsletter.id)
    if (draft !== undefined) return waitWith(needs, draft, held)
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
    const { edition } = plan
    if (await keepEdition(needs, newsletter, plan)) {
      if (edition.state === 'draft') return waitWith(needs, edition, held)
      return { id: newsletter.id, edition: summary(edition, await release(needs, edition)) }
    }
    log.info({ newsletter: newsletter.id }, 'something changed while the edition was rendered; planning it again')
  }
  return resumed ?? { id: newsletter.id, reason: 'its articles kept changing; the next run tries again' }
}

/** Says what an edition waits for, each time, until an editor lets it go or calls it off. */
async function waitWith({ db, log }: ComposeNeeds, draft: Edition, held: FailureReport[]): Promise<ComposedNewsletter> {
  const { newsletterId: id, number, heldFor = waitsForEditor(draft).toJSON() } = draft
  held.push(heldFor)
  log.warn({ newsletter: id, edition: draft.id, number, code: heldFor.code }, 'edition waits for an editor')
  return { id, draft: summary(draft, await audienceOf(db, draft)), reason: `No. ${number} waits for an editor` }
}

function summary(edition: Edition, readers: number): ComposedEdition {
  const { id, number, slices, articleIds } = edition
  return { id, number, subject: slices.at(-1)?.subject ?? '', articles: articleIds.length, readers }
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

/** A preview that goes to somebody: it names itself, and its unsubscribe link acts on nobody. */
export interface TestMail {
  to: string
  /** For its Message-ID: two tests of one edition are two mails. */
  id: string
}

/** The next edition as it would be, nothing written; with the latest articles instead where nothing is new. */
export async function previewNext(
  needs: ComposeNeeds,
  newsletterId: string,
  test?: TestMail,
): Promise<{
  subject: string
  html: string
  text: string
  message: Message
  eml: Buffer
  articles: number
  isNew: boolean
}> {
  const newsletter = findNewsletter(needs.newsletters, newsletterId)
  const now = needs.now()
  const readers = await audiences(needs.db, newsletterId)
  // Most readers decide: a single newcomer's edition is not the one that a preview is asked for.
  const most = readers.toSorted((a, b) => b.readers - a.readers)[0]
  const start = most?.watermark ?? (newsletter.first === 'now' ? new Date(0) : now)
  const fresh = await withoutBacklog(needs, newsletter, await newArticles(needs.db, newsletter, start))
  const latest = await newestArticles(needs.db, { ...whereSources(newsletter), limit: 500 })
  const isChosen = matching(newsletter)
  const articles =
    fresh.length > 0
      ? fresh
      : (await withoutCopies(needs.db, latest.filter(isChosen), isChosen)).slice(0, newsletter.articles.max)
  if (articles.length === 0) throw new Failure('edition.empty', { newsletter: newsletterId })

  const number = ((await latestEdition(needs.db, newsletterId))?.number ?? 0) + 1
  const { articleIds, ...content } = await renderArticles(needs, newsletter, number, articles, now)
  const unsubscribe = unsubscribeAddress(needs.addresses, test === undefined ? 'preview' : 'test')
  const email = test?.to ?? needs.site.editor?.email ?? 'reader@example.com'
  const subject = test === undefined ? content.subject : `[Test] ${content.subject}`
  const personal = { subject, ...personalize(content, { unsubscribe, email }) }
  const message = buildMessage({
    delivery: { id: test?.id ?? `preview-${newsletterId}-${number}` },
    edition: { from: newsletter.from, composedAt: now },
    newsletter,
    subscriber: { email },
    content: personal,
    unsubscribe,
    language: needs.site.language,
  })
  return { ...personal, message, eml: await toMime(message), articles: articleIds.length, isNew: fresh.length > 0 }
}

function findNewsletter(newsletters: Newsletter[], id: string): Newsletter {
  const found = newsletters.find((newsletter) => newsletter.id === id)
  if (found === undefined) throw new Failure('usage.unknown', { newsletter: id })
  return found
}
