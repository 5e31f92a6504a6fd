/** What is published: which articles are in which feed, and who follows them by WebSub. */
import type { Generated } from 'kysely'

/** A feed under `feeds`, or one of those that are made of it for each topic, author or source. */
export interface FeedStateTable {
  feedId: string
  /** Its id under `feeds`. */
  ownerId: string
  /** `topic`, `author` or `source`, of which it has those with the one `value`, which people write `name`. */
  kind: string | null
  value: string | null
  name: string | null
  /** How many articles ever were in it. */
  entries: Generated<number>
  /** How many pages its archive has, and what is on the last one: articles, and bytes of their content. */
  pages: Generated<number>
  pageEntries: Generated<number>
  pageWeight: Generated<number>
  /** How many articles its files show. */
  shown: Generated<number>
  /** Hash of what decides which articles it has; of the owner alone, like the next two. */
  choice: string | null
  /** Hash of all that decides what its files look like, beside the articles. */
  look: string | null
  /** JSON of a Reading (store/feed-states.ts): how far the articles were looked through. */
  readUpTo: string | null
}

/** An article that is, or was, in a feed. */
export interface FeedEntryTable {
  feedId: string
  articleId: string
  /** 1 for the first that the feed ever had. */
  position: number
  /** Of the archive. */
  page: number
  /** Hash of the guid that it is shown under; none where that is made of its id. */
  guid: string | null
  /** As in `article`. */
  datedAt: string
  /** Since when it is not in the feed any more. */
  goneAt: string | null
}

/** The files of a feed, `page` 0, and those of each page of its archive. */
export interface FeedPageTable {
  feedId: string
  page: number
  ownerId: string
  /** A number of its own for each change, until a file was written that has it. */
  stale: number | null
  /** 1 while there are `faults`. */
  isFaulty: number | null
  /** JSON of the FailureReports that its last rendering left. */
  faults: string | null
}

/** A document that can be followed. */
export interface HubTopicTable {
  topic: string
  /** Of its bytes. */
  hash: string
  changedAt: string
  /** When the hub is to hear of it; none when it has, or when we are the hub. */
  dueAt: string | null
  /** How often it was told in vain, since when, and why: JSON of a FailureReport. */
  attempts: number
  failingSince: string | null
  failure: string | null
}

/** Who follows a document at our own hub. */
export interface HubSubscriptionTable {
  topic: string
  callback: string
  /** Of the callback, with its port. */
  host: string
  secret: string | null
  expiresAt: string
  /** When it is to get the document; none when it has it. */
  dueAt: string | null
  attempts: number
  failingSince: string | null
}

/** A request at our own hub whose subscriber is to be asked, or told. */
export interface HubRequestTable {
  topic: string
  callback: string
  id: string
  host: string
  mode: 'subscribe' | 'unsubscribe' | 'denied'
  secret: string | null
  leaseSeconds: number
  reason: string | null
  dueAt: string
  attempts: number
}
