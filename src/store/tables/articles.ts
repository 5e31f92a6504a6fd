/** What is collected: sources, what they show, articles and what became of them. */
import type { Generated } from 'kysely'

/** What each source said last time. */
export interface SourceTable {
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

export interface ArticleTable {
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
export interface ArticleBandTable {
  band: string
  articleId: string
}

/** What an article said before each of its changes. */
export interface ArticleChangeTable {
  id: string
  articleId: string
  at: string
  /** Who changed it, and why, in words. */
  why: string
  /** JSON of the fields that changed, as they were. */
  before: string
}

/** What the editor wrote in place of what a site says. */
export interface ArticleCorrectionTable {
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
export interface PageCheckTable {
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
export interface ArticleAliasTable {
  sourceId: string
  key: string
  articleId: string
}

/** What a source on the web said of an item last time: while it says the same, nothing is read again. */
export interface ItemTable {
  sourceId: string
  /** Its first name: `guid:…` or `url:…`. */
  key: string
  /** Of all that the source says of it, and of the options that it was read by. */
  hash: string
  /** The article that it became; none for one that cannot be used. */
  articleId: string | null
}

/** What a server said of an address last time, for the next conditional request (RFC 9110, section 13). */
export interface ValidatorTable {
  url: string
  etag: string | null
  lastModified: string | null
  /** Only of robots.txt: its text, because it is needed again before it is fetched again. */
  body: string | null
  fetchedAt: string
  freshUntil: string | null
}

/** Pictures that nothing names any more, and since when. */
export interface UnusedMediaTable {
  name: string
  since: string
}

/** A file beside an article. */
export interface MediaFileTable {
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
