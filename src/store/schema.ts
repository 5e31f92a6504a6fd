/** The tables as types. Times are ISO-8601 UTC text, which sorts; lists are JSON text; names are snake_case in SQL. */
import type { DeliveryState, EditionState, SubscriptionState } from '../model.ts'

export interface Tables {
  source: SourceTable
  article: ArticleTable
  articleAlias: ArticleAliasTable
  edition: EditionTable
  subscriber: SubscriberTable
  subscription: SubscriptionTable
  consentEvent: ConsentEventTable
  delivery: DeliveryTable
  signingKey: SigningKeyTable
}

/** What each source said last time. */
interface SourceTable {
  id: string
  collectedAt: string | null
  succeededAt: string | null
  /** JSON of a FailureReport, when the last collection failed. */
  failure: string | null
}

interface ArticleTable {
  id: string
  sourceId: string
  guid: string | null
  url: string
  /** The address without scheme and host, to find an article whose site moved. */
  path: string
  title: string
  authors: string
  html: string
  text: string
  excerpt: string
  topics: string
  language: string | null
  images: string
  enclosures: string
  hash: string
  publishedAt: string | null
  updatedAt: string | null
  firstSeenAt: string
  /** `publishedAt`, or else `firstSeenAt`: newest first goes by this. */
  datedAt: string
}

/** Every guid and address that a source ever gave an article: `guid:…` or `url:…` (articles/identity.ts). */
interface ArticleAliasTable {
  sourceId: string
  key: string
  articleId: string
}

interface EditionTable {
  id: string
  newsletterId: string
  number: number
  state: EditionState
  composedAt: string
  sender: string
  slices: string
  articleIds: string
  /** The latest moment that any of its slices reaches: an article saved afterwards comes after it. */
  upTo: string
}

interface SubscriberTable {
  id: string
  /** As the person wrote it. */
  email: string
  /** Its one spelling for comparison (subscribers/address.ts). */
  addressKey: string
  createdAt: string
}

interface SubscriptionTable {
  subscriberId: string
  newsletterId: string
  state: SubscriptionState
  watermark: string
  since: string
  endedAt: string | null
  reason: string | null
}

export type ConsentEvent = 'activated' | 'ended'

/** Append-only: who agreed to or ended what, when, how, in which words. */
interface ConsentEventTable {
  id: string
  subscriberId: string
  newsletterId: string
  at: string
  event: ConsentEvent
  /** By which path: `cli`, `link`, `one-click`, `desk-copy`. */
  path: string
  /** The wording that the person saw, or what the operator declares. */
  evidence: string
}

interface DeliveryTable {
  id: string
  editionId: string
  subscriberId: string
  sliceId: string
  state: DeliveryState
  attempts: number
  dueAt: string
  claimedUntil: string | null
  /** Which process holds the claim, or held it when the fate of the message was lost. */
  claimedBy: string | null
  reason: string | null
  changedAt: string
}

/** Keys of unsubscribe tokens: never deleted, because an unsubscribe link never expires. */
interface SigningKeyTable {
  id: string
  /** 32 bytes, base64url. */
  secret: string
  createdAt: string
}
