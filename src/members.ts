/** Which articles are in a feed, and in those made of it: brought up to date from what changed since. */
import { createHash } from 'node:crypto'
import { fold, matches } from './articles/choice.ts'
import { madeFeedId, valuesOf } from './feeds/each.ts'
import { type Article, type Feed } from './model.ts'
import { type Database } from './store/database.ts'
import { applyMembers, type Member, type PageLimits } from './store/feed-entries.ts'
import { feedStates, type FeedState, type Reading } from './store/feed-states.ts'
import { articlesBehind, articlesTouchedAfter, latestTouch, tellingsOf, type Changed } from './store/touches.ts'
import { withoutCopies } from './stories.ts'

/** Articles looked at in one go. */
const BATCH = 200

/** A page of an archive: never more than a reader takes in at once, whatever the articles are like. */
const LIMITS: PageLimits = { entries: 100, weight: 1_000_000 }

/** Who makes this many feeds of one made them of something that is no topic. */
const MOST_MADE = 5_000

/** What an article weighs in a file beside its text. */
const FRAME = 1_000

export interface Members {
  /** All feeds that are kept up to date: this one first, and those made of it. */
  states: FeedState[]
  /** A feed was made that was not there before. */
  hasMade: boolean
}

/**
 * Brings up to date which articles are in the feed and in those made of it, and what of them is to be written anew. It
 * reads what changed since the last time; all articles, when the feed chooses others than before. Killed at any moment,
 * it goes on where it was the next time.
 */
export async function updateMembers(db: Database, feed: Feed, now: Date): Promise<Members> {
  for (let hasMade = false; ;) {
    const desk = await openDesk(db, feed)
    const isDone = await catchUp(db, feed, desk, now)
    hasMade ||= desk.hasMade
    if (isDone) return { states: [...desk.states.values()], hasMade }
  }
}

/** False when somebody else is at it as well: what is on the desk is old then. */
async function catchUp(db: Database, feed: Feed, desk: Desk, now: Date): Promise<boolean> {
  const { owner } = desk
  const progressOf = () => ({ choice: owner.choice, reading: owner.reading })
  let progress = progressOf()
  const choice = hashOf([feed.where, feed.each ?? []])
  if (owner.choice !== choice) {
    // Whatever changes from now on is read behind the rest.
    owner.reading = { touched: (await latestTouch(db)) + 1, id: '', all: { firstSeenAt: '', id: '' } }
    owner.choice = choice
  }
  for (let reading: Reading = owner.reading ?? { touched: 0, id: '' }; ;) {
    const { all } = reading
    const batch = all ? await articlesBehind(db, all, BATCH) : await articlesTouchedAfter(db, reading, BATCH)
    reading = nextOf(reading, batch)
    const isOver = batch.length < BATCH
    owner.reading = all && isOver ? { touched: reading.touched, id: reading.id } : reading
    if (batch.length > 0 || all) {
      const changed = all ? batch : await withTheirStories(db, batch)
      const members = await judge(db, feed, changed, desk, now)
      const how = { limits: LIMITS, isChange: all === undefined, progress }
      if (!(await applyMembers(db, desk.states, members, how))) return false
      progress = progressOf()
    }
    reading = owner.reading
    if (isOver && all === undefined) return true
  }
}

/** What is at hand while a feed's articles are chosen. */
interface Desk {
  owner: FeedState
  /** By their ids, the owner first. */
  states: Map<string, FeedState>
  /** Those that were made of it, by kind and value. */
  made: Map<string, FeedState>
  /** Also of those that are kept up to date no more. */
  ids: Set<string>
  hasMade: boolean
}

async function openDesk(db: Database, feed: Feed): Promise<Desk> {
  const known = await feedStates(db, feed.id)
  const owner = known.find(({ feedId }) => feedId === feed.id) ?? newState(feed.id)
  // What is no longer made stays as it is.
  const made = known.filter((state) => state.made !== undefined && feed.each?.includes(state.made.kind) === true)
  return {
    owner,
    states: new Map([owner, ...made].map((state) => [state.feedId, state])),
    made: new Map(made.map((state) => [keyOf(state.made?.kind, state.made?.value), state])),
    ids: new Set(known.map(({ feedId }) => feedId)),
    hasMade: false,
  }
}

function newState(feedId: string): FeedState {
  return { feedId, entries: 0, pages: 0, pageEntries: 0, pageWeight: 0, shown: 0 }
}

function keyOf(kind = '', value = ''): string {
  return `${kind} ${value}`
}

function nextOf(reading: Reading, batch: Changed[]): Reading {
  const last = batch.at(-1)
  if (last === undefined) return reading
  const { id, firstSeenAt } = last.article
  if (reading.all) return { ...reading, all: { firstSeenAt: firstSeenAt.toISOString(), id } }
  return { touched: last.touched, id }
}

/** Also what tells the same stories: which telling is shown may be another now. */
async function withTheirStories(db: Database, batch: Changed[]): Promise<Changed[]> {
  const originals = new Set(batch.map(({ article, originalId }) => originalId ?? article.id))
  const told = await tellingsOf(db, [...originals])
  return [...new Map([...batch, ...told].map((changed) => [changed.article.id, changed])).values()]
}

async function judge(db: Database, feed: Feed, changed: Changed[], desk: Desk, now: Date): Promise<Member[]> {
  const isChosen = (article: Article) => matches(article, feed.where)
  const candidates = changed.filter(({ isShown, isEmptied, goneAt }) => isShown || (isEmptied && goneAt === undefined))
  const chosen = candidates.map(({ article }) => article).filter(isChosen)
  const shown = new Set(await withoutCopies(db, chosen, isChosen))
  return changed
    .toSorted((one, other) => inOrderOfAppearance(one.article, other.article))
    .map(({ article, isEmptied, goneAt }) => {
      const { id, guid, publishedAt, firstSeenAt } = article
      return {
        article: { id },
        datedAt: publishedAt ?? firstSeenAt,
        ...(guid !== undefined && { guid: hashOf(guid) }),
        weight: FRAME + Buffer.byteLength(feed.content === 'full' ? article.html : article.excerpt),
        feedIds: shown.has(article) ? feedIdsOf(feed, article, desk) : new Set<string>(),
        // Of its topics nothing is left; its source is still known.
        isKept: isEmptied && goneAt === undefined && matches(article, { sources: feed.where.sources }),
        goneAt: goneAt ?? now,
      }
    })
}

/** Those that were found in one go, the oldest first. */
function inOrderOfAppearance(one: Article, other: Article): number {
  return (
    one.firstSeenAt.getTime() - other.firstSeenAt.getTime() ||
    (one.publishedAt ?? one.firstSeenAt).getTime() - (other.publishedAt ?? other.firstSeenAt).getTime() ||
    (one.id < other.id ? -1 : 1)
  )
}

/** The feeds that an article of this feed is in: the feed itself, and those made of it, which are opened here. */
function feedIdsOf(feed: Feed, article: Article, desk: Desk): Set<string> {
  const ids = new Set([feed.id])
  for (const kind of feed.each ?? []) {
    for (const name of valuesOf(article, kind)) {
      const value = fold(name)
      const key = keyOf(kind, value)
      const state = desk.made.get(key) ?? openMade(feed, { kind, value, name }, desk)
      if (state !== undefined) ids.add(state.feedId)
    }
  }
  return ids
}

function openMade(feed: Feed, made: NonNullable<FeedState['made']>, desk: Desk): FeedState | undefined {
  if (desk.made.size >= MOST_MADE) return undefined
  const feedId = madeFeedId(feed.id, made.kind, made.value, (id) => desk.ids.has(id))
  const state = { ...newState(feedId), made }
  desk.ids.add(feedId)
  desk.states.set(feedId, state)
  desk.made.set(keyOf(made.kind, made.value), state)
  desk.hasMade = true
  return state
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22)
}
