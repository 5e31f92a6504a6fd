/** Nightly upkeep: lets go of what is kept long enough, tidies the database, and looks whether the disks have room. */
import { join } from 'node:path'
import { setImmediate as othersTurn } from 'node:timers/promises'
import { matches } from './articles/choice.ts'
import { lowDisks, type Space } from './disk/space.ts'
import {
  listMedia,
  mediaNamesIn,
  publishedTexts,
  removeFiles,
  sweepCopies,
  sweepMails,
  sweepUnfinished,
} from './disk/sweep.ts'
import { describe, Failure, type FailureReport } from './failures.ts'
import { type Log } from './log.ts'
import { type Article, type Newsletter } from './model.ts'
import { daysBefore, oldestKept, type Retention } from './retention.ts'
import { sweepChanges } from './store/article-changes.ts'
import { articlesSeenBefore } from './store/articles.ts'
import { type Database } from './store/database.ts'
import {
  noteUnusedMedia,
  retireArticles,
  sumUpDeliveries,
  sweepAlerts,
  sweepBands,
  sweepConfirmations,
  sweepLeases,
  textsNamingMedia,
} from './store/retention.ts'
import { sweepAttempts, sweepUnconfirmed } from './store/sign-ups.ts'
import { audiences } from './store/audiences.ts'
import { sweepPageChecks } from './store/page-checks.ts'
import { tidyFile } from './store/tidy.ts'
import { forgetValidators } from './store/validators.ts'

export interface UpkeepNeeds {
  db: Database
  /** The file of the database; not given where it is none. */
  databasePath?: string | undefined
  publishDirectory: string
  mailDirectory: string
  newsletters: Newsletter[]
  retention: Retention
  now: () => Date
  log: Log
  /** Room on the disk that holds a path; the real one by default. */
  spaceAt?: ((path: string) => Promise<Space>) | undefined
  /** Aborted: the part that is at work is finished and no other begun. */
  stop?: AbortSignal | undefined
}

/** How many of each kind went. */
export type Removed = Record<(typeof kinds)[number], number>

export interface UpkeepResult {
  removed: Removed
  faults: FailureReport[]
  /** Always empty: nothing here waits for a person. */
  held: FailureReport[]
}

const kinds = [
  'articles',
  'media',
  'mails',
  'deliveries',
  'changes',
  'bands',
  'pageChecks',
  'validators',
  'signUpAttempts',
  'unconfirmed',
  'confirmations',
  'alerts',
  'leases',
  'copies',
  'unfinished',
] as const

/** What no config asks about: after so many days nobody misses it. */
const DAYS = {
  bands: 10,
  pageChecks: 30,
  validators: 90,
  signUpAttempts: 1,
  unconfirmed: 30,
  confirmations: 30,
  alerts: 90,
  leases: 1,
  unfinished: 1,
}

/** Copies of the database that migrations made; those of `backup` are the operator's own. */
const COPIES = 3

const ARTICLES_AT_ONCE = 200

/** Does all of it; what one part cannot do is a fault and keeps no other from its part. Doing it again does nothing. */
export async function upkeep(needs: UpkeepNeeds): Promise<UpkeepResult> {
  const { db, databasePath, publishDirectory, mailDirectory, retention, log } = needs
  const now = needs.now()
  const removed = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Removed
  const failures: Failure[] = []
  const attempt = async <T>(part: string, work: () => Promise<T>): Promise<T | undefined> => {
    if (needs.stop?.aborted) return undefined
    try {
      return await work()
    } catch (thrown) {
      failures.push(
        thrown instanceof Failure ? thrown : new Failure('upkeep.failed', { part, reason: describe(thrown) }, thrown),
      )
      return undefined
    } finally {
      await othersTurn()
    }
  }
  const sweep = async (kind: keyof Removed, work: () => Promise<number>) => {
    removed[kind] += (await attempt(kind, work)) ?? 0
  }
  const daysAgo = (kind: keyof typeof DAYS) => daysBefore(now, DAYS[kind])
  const sweepOlder = async (kind: keyof Retention, work: (before: Date) => Promise<number>) => {
    const before = oldestKept(retention[kind], now)
    if (before !== undefined) await sweep(kind, () => work(before))
  }

  // Before the media: a picture that only an old article named is unused from now on.
  await sweepOlder('articles', (before) => retireOld(needs, before))
  await sweepOlder('media', (before) => sweepMedia(needs, now, before))
  await sweepOlder('mails', async (before) => (await sweepMails(mailDirectory, before)).files)
  await sweepOlder('deliveries', (before) => sumUpDeliveries(db, before))
  await sweepOlder('changes', (before) => sweepChanges(db, before))
  await sweep('bands', () => sweepBands(db, daysAgo('bands')))
  await sweep('pageChecks', () => sweepPageChecks(db, daysAgo('pageChecks')))
  await sweep('validators', () => forgetValidators(db, daysAgo('validators')))
  await sweep('signUpAttempts', () => sweepAttempts(db, daysAgo('signUpAttempts')))
  await sweep('unconfirmed', () => sweepUnconfirmed(db, daysAgo('unconfirmed')))
  await sweep('confirmations', () => sweepConfirmations(db, daysAgo('confirmations')))
  await sweep('alerts', () => sweepAlerts(db, daysAgo('alerts')))
  await sweep('leases', () => sweepLeases(db, daysAgo('leases')))
  await sweep(
    'unfinished',
    async () => (await sweepUnfinished([publishDirectory, mailDirectory], daysAgo('unfinished'))).files,
  )
  if (databasePath !== undefined) {
    await sweep('copies', async () => (await sweepCopies(databasePath, COPIES)).files)
    await attempt('database', () => tidyFile(databasePath))
  }
  const places = [...(databasePath === undefined ? [] : [databasePath]), publishDirectory, mailDirectory]
  failures.push(...((await attempt('disk', () => lowDisks(places, needs.spaceAt))) ?? []))

  for (const failure of failures) log.warn({ failure, err: failure.cause }, failure.message)
  log.info({ removed }, 'upkeep done')
  return { removed, faults: failures.map((failure) => failure.toJSON()), held: [] }
}

/** Retires articles that were first seen before, but none that is still new to a reader. */
async function retireOld({ db, newsletters, now }: UpkeepNeeds, before: Date): Promise<number> {
  const waiting = await Promise.all(
    newsletters.map(async ({ id, where }) => ({ where, furthestBehind: (await audiences(db, id))[0]?.watermark })),
  )
  const isNews = (article: Article) =>
    waiting.some(
      ({ where, furthestBehind }) =>
        furthestBehind !== undefined && article.firstSeenAt > furthestBehind && matches(article, where),
    )
  let retired = 0
  for (let after: Article | undefined; ;) {
    const articles = await articlesSeenBefore(db, before, { limit: ARTICLES_AT_ONCE, after })
    const old = articles.filter((article) => !isNews(article)).map(({ id }) => id)
    retired += await retireArticles(db, old, now())
    after = articles.at(-1)
    if (articles.length < ARTICLES_AT_ONCE) return retired
  }
}

/** Removes pictures that nothing names, once it has been so since `before`: a reader may still hold an older feed. */
async function sweepMedia({ db, publishDirectory }: UpkeepNeeds, now: Date, before: Date): Promise<number> {
  const directory = join(publishDirectory, 'media')
  // What is there comes first: a picture kept after this is nobody's candidate.
  const unnamed = new Set(await listMedia(directory))
  if (unnamed.size === 0) return 0
  for await (const text of textsNamingMedia(db)) for (const name of mediaNamesIn(text)) unnamed.delete(name)
  for await (const text of publishedTexts(publishDirectory)) for (const name of mediaNamesIn(text)) unnamed.delete(name)
  const since = await noteUnusedMedia(db, [...unnamed], now)
  const old = [...unnamed].filter((name) => (since.get(name) ?? now) < before)
  return (await removeFiles(directory, old)).files
}
