/** What was promised, read off the ledger, the mail server and the operator's webhook when all is over. */
import assert from 'node:assert/strict'
import { type App } from '../../src/app.ts'
import { type Slice } from '../../src/model.ts'
import { connections } from './paper.ts'
import { type Reader, type Readers } from './readers.ts'
import { type SoakRelay, type Told } from './relay.ts'
import { type SoakSite } from './site.ts'

const hour = 3_600_000

/** One article is one article: each story is in the store once, whatever became of its title and address. */
export async function checkArticles({ db }: App, { stories }: SoakSite): Promise<void> {
  const rows = await db.selectFrom('article').select('title').execute()
  const tokens = rows.map(({ title }) => tokenIn(title))
  assert.deepEqual(tokens.toSorted(), stories.map(({ token }) => token).toSorted())
}

export function checkPoliteness({ faults, counts }: SoakSite): void {
  assert.deepEqual(faults, [])
  assert(counts.unchanged > counts.full, 'most answers say that nothing has changed')
}

/** Nobody was mailed twice, by Message-ID and by what they read; and nobody whose leave was answered was begun with. */
export function checkMails(readers: Readers): void {
  const { received, confirmations, all } = readers
  const ids = [...received.map(({ id }) => id), ...confirmations]
  assert.deepEqual(
    ids.filter((id, place) => ids.indexOf(id) !== place),
    [],
    'mailed twice',
  )
  for (const { email, stays } of all) {
    const mails = received.filter(({ to }) => to === email)
    const tokens = mails.flatMap((mail) => mail.tokens)
    assert.deepEqual(
      tokens.filter((token, place) => tokens.indexOf(token) !== place),
      [],
      `${email} read these twice`,
    )
    for (const [number, { leftAfter, begun = 0 }] of stays.entries()) {
      if (leftAfter === undefined) continue
      const next = stays[number + 1]
      const after = mails.filter(({ place }) => place >= leftAfter && place < (next?.joinedAfter ?? Infinity))
      assert(after.length <= begun, `${email} left, and ${after.length} came after that, of ${begun} in the air`)
    }
  }
}

/** Every reader has every edition that was theirs in the ledger, settled; and every article, or a row that says why not. */
export async function checkLedger(
  { db }: App,
  readers: Readers,
  relay: SoakRelay,
  kills: number,
): Promise<Record<string, number>> {
  const editions = await db.selectFrom('edition').selectAll().orderBy('composedAt').execute()
  for (const { number, state } of editions) assert.equal(state, 'done', `edition ${number}`)
  const articles = await db.selectFrom('article').select(['id', 'title', 'firstSeenAt', 'publishedAt']).execute()
  const rows = await db
    .selectFrom('delivery')
    .innerJoin('subscriber', 'subscriber.id', 'delivery.subscriberId')
    .select(['delivery.id', 'email', 'editionId', 'sliceId', 'state'])
    .execute()
  const counts: Record<string, number> = {}
  for (const { state } of rows) counts[state] = (counts[state] ?? 0) + 1
  assert.deepEqual(
    Object.keys(counts).filter((state) => !['submitted', 'refused', 'uncertain', 'dropped'].includes(state)),
    [],
    'settled',
  )
  const most = relay.doubts + connections * kills
  assert((counts['uncertain'] ?? 0) <= most, `${counts['uncertain']} are uncertain, of at most ${most}`)

  const came = new Set(relay.taken.map(({ id }) => id.slice(1, id.indexOf('@'))))
  for (const { id, state, email } of rows) {
    if (state === 'submitted') assert(came.has(id), `a mail to ${email} counts as submitted, and never came`)
    if (state === 'refused' || state === 'dropped') assert(!came.has(id), `a mail to ${email} is ${state}, and came`)
  }

  const began = Math.min(...readers.all.flatMap(({ stays }) => stays.map(({ joinedAt }) => joinedAt)))
  const lastUpTo = editions.reduce((last, { upTo }) => (upTo > last ? upTo : last), '')
  const newTo = (reader: Reader) =>
    articles.filter(({ firstSeenAt, publishedAt }) => {
      const { watermark } = reader.stays.at(-1)!
      const isNews = publishedAt === null || Date.parse(publishedAt) >= began
      return firstSeenAt > watermark && firstSeenAt <= lastUpTo && isNews
    })
  for (const reader of readers.all) {
    const { email, stays } = reader
    const own = rows.filter((row) => row.email === email)
    for (const { joinedAt, leftAt, watermark } of stays) {
      for (const { id, number, composedAt, articleIds, upTo } of editions) {
        const composed = Date.parse(composedAt)
        // Who leaves before an edition that a process died over is finished is not in it.
        if (composed <= joinedAt || upTo <= watermark || (leftAt !== undefined && leftAt < composed + 12 * hour))
          continue
        const ids = JSON.parse(articleIds) as string[]
        if (!articles.some((article) => ids.includes(article.id) && article.firstSeenAt > watermark)) continue
        assert(
          own.some(({ editionId }) => editionId === id),
          `${email} was forgotten in edition ${number}`,
        )
      }
    }
    const stay = stays.at(-1)
    if (stay === undefined || stay.leftAt !== undefined) continue
    assert(!own.some(({ state, editionId }) => state === 'dropped' && isSince(editionId, stay.joinedAt)), email)
    const got = new Set(readers.received.filter(({ to }) => to === email).flatMap(({ tokens }) => tokens))
    const lost = own
      .filter(({ state }) => state === 'refused' || state === 'uncertain')
      .flatMap(({ editionId, sliceId }) => sliceOf(editionId, sliceId).articleIds)
    const missing = newTo(reader).filter(({ id, title }) => !got.has(tokenIn(title)) && !lost.includes(id))
    // More than a mail can name, as it says itself.
    const unnamed = own
      .filter(({ editionId }) => isSince(editionId, stay.joinedAt))
      .map(({ editionId, sliceId }) => /and (\d+) more on the site/.exec(sliceOf(editionId, sliceId).text)?.[1] ?? 0)
      .reduce((sum: number, count) => sum + Number(count), 0)
    const titles = missing.map(({ title }) => title).join(', ')
    assert.equal(missing.length, unnamed, `${email} never heard of ${titles}, and was told of ${unnamed} more`)
  }
  return counts

  function isSince(editionId: string, joinedAt: number): boolean {
    return editions.some(({ id, composedAt }) => id === editionId && Date.parse(composedAt) > joinedAt)
  }

  function sliceOf(editionId: string, sliceId: string): Pick<Slice, 'id' | 'articleIds' | 'text'> {
    const slices = JSON.parse(editions.find(({ id }) => id === editionId)!.slices) as Slice[]
    return slices.find(({ id }) => id === sliceId)!
  }
}

/** Told once when it begins, once a day while it lasts, and told when it is over. */
export function checkAlerts(told: Told[]): void {
  const last = new Map<string, Told>()
  for (const alert of told) {
    const { key, state, at, code } = alert
    if (['mail.refused', 'mail.uncertain'].includes(code)) continue
    const before = last.get(key)
    const isOpen = before !== undefined && before.state !== 'over'
    if (state === 'new') assert(!isOpen, `${key} was told as new while it was known`)
    if (state === 'still' && isOpen) assert(at - before.at >= 23 * hour, `${key} was told again after less than a day`)
    last.set(key, alert)
  }
  const open = [...last.values()].filter(({ state }) => state !== 'over').map(({ key }) => key)
  assert.deepEqual(open, [], 'over, and never told so')
}

function tokenIn(title: string): string {
  return /\bs\d+x\b/.exec(title)?.[0] ?? title
}
