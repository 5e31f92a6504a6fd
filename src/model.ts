/** The nouns that every part of Broadsheet speaks of. Only types: values in, values out. */
import { type FailureReport } from './failures.ts'

declare const safe: unique symbol

/** HTML that `articles/clean.ts` let through: nothing in it runs, every address is absolute or a place in it (`#…`). */
export type SafeHtml = string & { readonly [safe]: true }

/** Who publishes: what pages, feeds and mails say of the paper itself. */
export interface Site {
  title: string
  /** The publication's own front page. */
  url: string
  description?: string | undefined
  /** BCP 47, such as `en-GB`. */
  language: string
  /** IANA name, such as `Europe/London`. */
  timezone: string
  editor?: { name: string; email?: string | undefined } | undefined
  logo?: string | undefined
  /** `#rrggbb`. */
  colour: string
  /** The postal address that every mail carries. */
  address?: string | undefined
}

/** A picture as a page names it: the address may be anything. */
export interface Picture {
  url: string
  alt?: string
  caption?: string
  credit?: string
}

/** A published piece, cleaned and kept. */
export interface Article {
  /** UUID of version 8, minted once from its source and first guid or canonical address, then kept. */
  id: string
  sourceId: string
  /** The source's own guid, kept so that a feed which is taken over shows no reader a duplicate. */
  guid?: string
  /** Canonical: absolute, http or https, without tracking. */
  url: string
  title: string
  authors: string[]
  html: SafeHtml
  text: string
  excerpt: string
  topics: string[]
  /** BCP 47. */
  language?: string
  /** The lead picture first. */
  images: Image[]
  enclosures: Enclosure[]
  /** What podcast apps show of it, where it is a part of one. */
  episode?: Episode
  /** Of title and text only: while it stays, `updatedAt` stays. */
  hash: string
  /** As the site says, if it says. */
  publishedAt?: Date
  /** As the site says, moved only by a real change of the text. */
  updatedAt?: Date
  /** Ours: when a collection first met it. This one decides what is new. */
  firstSeenAt: Date
  /** Since when the editor wants it first in what chooses it. Nothing that a site says. */
  pinnedAt?: Date
}

export interface Image {
  url: string
  alt?: string
  caption?: string
  credit?: string
  /** MIME type; with `bytes`, `width` and `height` known for files we hold ourselves. */
  type?: string
  bytes?: number
  width?: number
  height?: number
}

/** A file beside an article that a reader may fetch: a recording, a film, a document. */
export interface Enclosure {
  url: string
  /** MIME type; empty as long as nobody said it. */
  type: string
  /** Its length. Where nobody knows it, there is none. */
  bytes?: number
  title?: string
  /** How long it plays. */
  seconds?: number
}

/** What podcast apps show of an article beside its recording: Apple's tags, and those of the Podcast Index. */
export interface Episode {
  /** Square, of this part alone. */
  image?: string
  explicit?: boolean
  season?: number
  /** Its number in the season, or in all. */
  number?: number
  kind?: EpisodeKind
  transcripts?: Transcript[]
}

export type EpisodeKind = 'full' | 'trailer' | 'bonus'

/** The words of a recording, as a file of their own. */
export interface Transcript {
  url: string
  /** MIME type: `text/vtt`, `application/x-subrip`, `text/html`, `text/plain`, `application/json`. */
  type: string
  /** BCP 47. */
  language?: string
  /** Whether it says when each word is said. */
  rel?: 'captions'
}

/** Which articles: every condition that is given must hold. */
export interface Choice {
  sources?: string[] | undefined
  topics?: string[] | undefined
  authors?: string[] | undefined
  /** A word or phrase in title or text, whatever its case. */
  text?: string | undefined
}

/** What we publish: a choice of articles as RSS, Atom and JSON Feed. */
export interface Feed {
  id: string
  title: string
  description?: string | undefined
  where: Choice
  /** The newest so many. */
  items: number
  /** Its files are no larger: what does not fit is in the archive alone. */
  bytes?: number | undefined
  content: 'full' | 'excerpt'
  /** It has ended: what is out stays, and readers are told to ask no more. */
  retired?: boolean
  /** Beside it, a feed is made for each topic, author or source of its articles. */
  each?: Each[]
  podcast?: Podcast | undefined
}

/** What directories of podcasts want to know of a feed. */
export interface Podcast {
  /** Square, at least 1400 pixels. */
  image: string
  /** Of Apple's list; a part of one as `News > Daily News`. */
  categories: string[]
  explicit: boolean
  type: 'episodic' | 'serial'
  /** Who is heard; the publication, if nobody is named. */
  author?: string | undefined
  owner?: { name: string; email: string } | undefined
  copyright?: string | undefined
  /** A UUID that it has elsewhere already, kept wherever it is. */
  guid?: string | undefined
  /** Other hosts may not take it over (`podcast:locked`). */
  locked: boolean
}

/** By what feeds are made of one. */
export type Each = 'topic' | 'author' | 'source'

/** What people subscribe to. */
export interface Newsletter {
  id: string
  title: string
  /** RFC 5322 mailbox: `Name <address>`. */
  from: string
  where: Choice
  /** Fewer than `min` new ones: no edition yet. Those beyond `max` are listed as headlines. */
  articles: { min: number; max: number }
  /** Where a new reader starts: with what comes next, or with what is there now. */
  first: 'next' | 'now'
  /** Every edition waits for an editor's yes. */
  approve?: boolean
  /** An edition of no more than this many new articles and readers is never held for being unusual. */
  unusual?: { articles: number; readers: number }
  /** Liquid. */
  subject: string
  /** Name of a file in `templates/mail/`, without its ending. */
  template: string
}

export type EditionState = 'draft' | 'composing' | 'ready' | 'sending' | 'paused' | 'done' | 'cancelled'

/** One issue of a newsletter, fixed once composed. */
export interface Edition {
  id: string
  newsletterId: string
  /** 1 for the newsletter's first. */
  number: number
  state: EditionState
  composedAt: Date
  from: string
  slices: Slice[]
  articleIds: string[]
  /** Why it waits for an editor, while its state is `draft`. */
  heldFor?: FailureReport
  /** When the last of its messages was answered. */
  doneAt?: Date
}

/**
 * What readers to whom the same articles are new get of an edition. A newsletter whose readers all had the last
 * edition has one slice; a reader who starts with `first: now` makes a second.
 */
export interface Slice {
  id: string
  /** The watermark of the readers it is for; the oldest one where they stand at several, between which nothing came. */
  after: Date
  /** The newest watermark of its readers, where they stand at several. */
  until?: Date
  /** The watermark they have once it is theirs. */
  upTo: Date
  articleIds: string[]
  subject: string
  /** Whole documents with marks (`newsletters/personalize.ts`) where one reader's own addresses go. */
  html: string
  text: string
}

/** An e-mail address that was read and found good (`subscribers/address.ts`). */
export interface Address {
  /** As the person wrote it, trimmed, its domain in ASCII and lower case. */
  email: string
  /** The one spelling by which addresses are compared. */
  key: string
}

/** A person with an address. */
export interface Subscriber {
  id: string
  email: string
  createdAt: Date
}

export type SubscriptionState = 'pending' | 'active' | 'ended'

/** A person and one newsletter. */
export interface Subscription {
  subscriberId: string
  newsletterId: string
  state: SubscriptionState
  /** Articles first seen after this moment are new to this reader. */
  watermark: Date
  since: Date
  endedAt?: Date
  /** Why it ended: `unsubscribed`, `removed`, … */
  reason?: string
}

export type DeliveryState = 'due' | 'claimed' | 'sending' | 'submitted' | 'refused' | 'uncertain' | 'dropped'

/** One edition to one subscriber: a row of the ledger. `claimed` is a lease; `sending` is made durable before the body is written. */
export interface Delivery {
  id: string
  editionId: string
  subscriberId: string
  sliceId: string
  state: DeliveryState
  attempts: number
  dueAt: Date
  claimedUntil?: Date
  /** The server's words, or why it was dropped: left, suppressed, cancelled, too late. */
  reason?: string
}

/** Signs the tokens of links. `secret` is 32 random bytes as base64url. */
export interface SigningKey {
  id: string
  secret: string
}

/** Something that the operator is told of: once, again while it lasts, and once when it is over. */
export interface Alert {
  /** What it is about; the same trouble has the same key. */
  key: string
  failure: FailureReport
  raisedAt: Date
  /** When the operator last heard of it. */
  toldAt?: Date
  /** When it was found to be over. */
  clearedAt?: Date
}
