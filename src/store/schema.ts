/** The tables as types. Times are ISO-8601 UTC text, which sorts; lists are JSON text; names are snake_case in SQL. */
import type { Generated } from 'kysely'
import type { DeliveryState, EditionState, SubscriptionState } from '../model.ts'

export interface Tables {
  source: SourceTable
  article: ArticleTable
  articleAlias: ArticleAliasTable
  articleBand: ArticleBandTable
  articleChange: ArticleChangeTable
  articleCorrection: ArticleCorrectionTable
  pageCheck: PageCheckTable
  item: ItemTable
  edition: EditionTable
  subscriber: SubscriberTable
  subscription: SubscriptionTable
  consentEvent: ConsentEventTable
  delivery: DeliveryTable
  signingKey: SigningKeyTable
  validator: ValidatorTable
  lease: LeaseTable
  tick: TickTable
  alert: AlertTable
  confirmation: ConfirmationTable
  signUpAttempt: SignUpAttemptTable
  deliverySum: DeliverySumTable
  unusedMedia: UnusedMediaTable
  formerId: FormerIdTable
  hubTopic: HubTopicTable
  hubSubscription: HubSubscriptionTable
  hubRequest: HubRequestTable
  counter: CounterTable
  feedState: FeedStateTable
  feedEntry: FeedEntryTable
  feedPage: FeedPageTable
  mediaFile: MediaFileTable
}

/** What each source said last time. */
interface SourceTable {
  id: string
  collectedAt: string | null
  succeededAt: string | null
  /** JSON of a FailureReport, when the last collection failed. */
  failure: string | null
  /** How many collections in a row have failed. */
  failures: number
  /** What its kind remembers, as JSON of its own. */
  memory: string | null
  /** JSON of Sightings (sources/history.ts), the latest last. */
  history: string | null
  /** JSON of a SourceNotice (store/sightings.ts). */
  notice: string | null
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
  /** JSON of an Episode. */
  episode: string | null
  hash: string
  publishedAt: string | null
  updatedAt: string | null
  firstSeenAt: string
  /** `publishedAt`, or else `firstSeenAt`: newest first goes by this. */
  datedAt: string
  /** When its content was let go by `retention`: the row stays, so that the article is known again and never new again. */
  retiredAt: string | null
  /** The article of another source that tells the same story and is shown in its stead. */
  originalId: string | null
  /** Since when it is nowhere any more. */
  withdrawnAt: string | null
  withdrawnBy: 'site' | 'editor' | null
  /** Since when the editor wants it in no feed and no newsletter. */
  excludedAt: string | null
  /** Since when the editor wants it first in what chooses it. */
  pinnedAt: string | null
  /** When its text was first seen to name a correction or update, and that line. */
  correctedAt: string | null
  /** JSON of a Correction (articles/corrections.ts). */
  correction: string | null
  /** Where its fields stood when it was last read. JSON of Origins. */
  origins: string | null
  /** Grows with every change that a feed may show (store/touches.ts). */
  touched: Generated<number>
}

/** Names under which the texts of late articles are filed, to find a story that another source tells too. */
interface ArticleBandTable {
  band: string
  articleId: string
}

/** What an article said before each of its changes. */
interface ArticleChangeTable {
  id: string
  articleId: string
  at: string
  /** Who changed it, and why, in words. */
  why: string
  /** JSON of the fields that changed, as they were. */
  before: string
}

/** What the editor wrote in place of what a site says. */
interface ArticleCorrectionTable {
  articleId: string
  /** A column of `article`. */
  field: string
  /** As the column holds it; JSON where that may be null. */
  value: string
  /** What the site says, to go back to. */
  said: string
  at: string
}

/** When an article's own page is looked at again. */
interface PageCheckTable {
  articleId: string
  sourceId: string
  url: string
  /** How often it was looked at without a change: the pause grows with it. */
  step: number
  /** None once it is old enough to be left alone. */
  dueAt: string | null
  /** When it was last there: what never was cannot be missed. */
  seenAt: string | null
  /** When it was first found missing, while it is. */
  missedAt: string | null
}

/** Every guid and address that a source ever gave an article: `guid:…` or `url:…` (articles/identity.ts). */
interface ArticleAliasTable {
  sourceId: string
  key: string
  articleId: string
}

/** What a source on the web said of an item last time: while it says the same, nothing is read again. */
interface ItemTable {
  sourceId: string
  /** Its first name: `guid:…` or `url:…`. */
  key: string
  /** Of all that the source says of it, and of the options that it was read by. */
  hash: string
  /** The article that it became; none for one that cannot be used. */
  articleId: string | null
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
  /** Why it waits for a person, while its state is `draft`. JSON of a FailureReport. */
  heldFor: string | null
  doneAt: string | null
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

export type ConsentEvent = 'requested' | 'confirmed' | 'activated' | 'ended'

/** Append-only: who agreed to or ended what, when, how, in which words. */
interface ConsentEventTable {
  id: string
  subscriberId: string
  newsletterId: string
  at: string
  event: ConsentEvent
  /** By which path: `form`, `cli`, `link`, `one-click`, `desk-copy`. */
  path: string
  /** The exact wording that the person saw, or what the operator declares. */
  evidence: string
  /** The link that was mailed for a request, and by which it was confirmed. */
  confirmationId: string | null
  /** Which version of our own wording it was (subscribers/consent.ts). */
  wordingId: string | null
  /** The network it came from, as a keyed hash. */
  network: string | null
  /** The browser, shortened. */
  agent: string | null
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

/** What a server said of an address last time, for the next conditional request (RFC 9110, section 13). */
interface ValidatorTable {
  url: string
  etag: string | null
  lastModified: string | null
  /** Only of robots.txt: its text, because it is needed again before it is fetched again. */
  body: string | null
  fetchedAt: string
  freshUntil: string | null
}

/** Who may do a thing alone, and until when unless they say so again. */
interface LeaseTable {
  name: string
  holder: string
  heldUntil: string
}

/** When a scheduled thing was last due and done: `collect:main`, `compose:daily`, `upkeep`. */
interface TickTable {
  name: string
  dueAt: string
  startedAt: string
  finishedAt: string | null
  failed: Generated<number>
  /** When it last brought something, or was first done. */
  changedAt: string | null
}

/** What the operator was told of, so that they are told once. */
interface AlertTable {
  key: string
  raisedAt: string
  toldAt: string | null
  clearedAt: string | null
  /** JSON of a FailureReport. */
  failure: string
}

/** A confirmation link: one row for each newsletter that it confirms. */
interface ConfirmationTable {
  id: string
  newsletterId: string
  subscriberId: string
  createdAt: string
  expiresAt: string
  usedAt: string | null
  /** When its mail is to be sent, or tried again; null once there is none to send. */
  mailAt: string | null
  attempts: Generated<number>
}

/** Sign-ups of late, by address and by network, for their limits; hashed, and swept after a day. */
interface SignUpAttemptTable {
  id: string
  bucket: string
  at: string
}

/** How many of an edition's deliveries ended in each state, of those whose rows were deleted since. */
interface DeliverySumTable {
  editionId: string
  state: DeliveryState
  count: number
}

/** Pictures that nothing names any more, and since when. */
interface UnusedMediaTable {
  name: string
  since: string
}

/** What a source, feed or newsletter was called before: links with its old id are for ever. */
interface FormerIdTable {
  kind: string
  former: string
  /** What it is called now. */
  id: string
  at: string
}

/** Numbers that only grow. */
interface CounterTable {
  name: string
  value: number
}

/** A feed under `feeds`, or one of those that are made of it for each topic, author or source. */
interface FeedStateTable {
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
interface FeedEntryTable {
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
interface FeedPageTable {
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
interface HubTopicTable {
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
interface HubSubscriptionTable {
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
interface HubRequestTable {
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

/** A file beside an article. */
interface MediaFileTable {
  articleId: string
  url: string
  /** What the source says of it. */
  saidType: string
  saidBytes: number | null
  /** What its host says, where `fate` is `known`. */
  type: string | null
  bytes: number | null
  /** What came of asking its host (store/media-files.ts); null until something did. */
  fate: 'known' | 'missing' | 'unasked' | null
  /** When its host is to be asked; null once that is settled. */
  dueAt: string | null
  attempts: number
}
