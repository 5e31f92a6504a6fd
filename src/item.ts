/** What came from outside, and what was read of it: nothing here is trusted; `articles/article.ts` makes an Article of it. */
import { type Enclosure, type Episode, type Picture } from './model.ts'

/** What a source saw. Only its URL is sure; nothing in it is trusted. */
export interface Item {
  url: string
  /** Where on this machine it was found, as the config speaks of it: for messages and patterns. */
  place?: string
  /** The source's own name for it, as written there. */
  guid?: string
  title?: string
  authors?: string[]
  topics?: string[]
  language?: string
  /** Dates as they are written there: `articles/dates.ts` reads them. */
  published?: string
  updated?: string
  excerpt?: string
  image?: Picture
  enclosures?: Enclosure[]
  episode?: Episode
  body?: Body
  /** Its body is all of the article, so that its page need not be read. */
  isWhole?: true
  /** Whatever changes there when the article may have: a reason to read its page again, and no date of the article. */
  revision?: string
  /** Files beside it that its body or image names, by the address they have there. */
  files?: LocalFile[]
}

/** What there is of the article itself: a whole web page, a piece of HTML, Markdown with its front matter, or plain text. */
export interface Body {
  form: 'page' | 'fragment' | 'markdown' | 'text'
  value: string
}

/** A file on this machine and the address by which the item speaks of it. */
export interface LocalFile {
  url: string
  path: string
}

/** Where a field of a draft stood, how sure that is (0…1), and the best of what was not believed. */
export interface Origin {
  place: string
  confidence?: number
  runnerUp?: { value: string; place: string }
  /** Of the text: why it is not all of it. */
  lacks?: Lack
}

/** By the names of a draft's fields. */
export type Origins = Record<string, Origin>

/** Where the other parts are of an article that its site shows on several pages. Nothing of it is trusted. */
export interface OtherParts {
  /** The page on which it goes on. */
  next?: string
  /** One page with all of it. */
  whole?: string
  /** The page on which it begins, where that is another. */
  first?: string
  /** By its number, the page is not the first. */
  isLater?: true
}

/** Why it is not all of an article: its site cuts it for those who do not pay, or not all of its pages could be read. */
export type Lack = 'paywall' | 'pages'

/** What was read out of one body, still untrusted: `articles/article.ts` makes an Article of it. */
export interface Draft {
  title?: string
  authors: string[]
  topics: string[]
  language?: string
  publishedAt?: Date
  /** The same moment in ISO 8601, in the page's own time zone where that is known. */
  publishedAs?: string
  updatedAt?: Date
  canonicalUrl?: string
  /** The address on another site where it was published first, as the page says. */
  originalUrl?: string
  /** Its name in feeds that it was in before, where the body itself says it. */
  guid?: string
  /** Its author marked it as not ready: it is not collected. */
  isUnfinished?: boolean
  excerpt?: string
  image?: Picture
  /** What its author offers beside it, as front matter names it. */
  enclosures?: Enclosure[]
  episode?: Episode
  /** Who made the lead picture, where the text says so but shows no picture. */
  credit?: string
  /** Where its fields stood, as far as that is known. */
  origins?: Origins
  /** Whether the page is an article at all, where a whole page was read. */
  verdict?: Verdict
  /** Where it goes on, of one that stands on several pages. */
  parts?: OtherParts
  /** Why it is not all of it, where that is known. */
  lacks?: Lack
  html: string
}

/** What a page is that is no article. */
export type NotArticle =
  // What stands there instead of it, told by certain signs.
  | 'robotCheck'
  | 'login'
  | 'consent'
  | 'notFound'
  | 'error'
  | 'parked'
  | 'shell'
  // Neither text nor picture.
  | 'empty'
  // Other kinds of pages, as far as they are told apart.
  | 'forum'
  | 'shop'
  | 'manual'
  | 'service'
  | 'list'
  | 'other'

/** Whether a page is an article at all. */
export interface Verdict {
  isArticle: boolean
  /** 0…1, that it is so. */
  confidence: number
  /** What it is, when it is no article. */
  reason?: NotArticle
}
