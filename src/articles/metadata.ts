/** What a page says of its article outside the text: for each field, the claim that is believed. */
import { type Item } from '../item.ts'
import { type Picture } from '../model.ts'
import { evenText } from './characters.ts'
import { claimAuthors, decideAuthors } from './metadata/authors.ts'
import { listedNames } from './metadata/names.ts'
import { claimCanonical, claimOriginal } from './metadata/canonical.ts'
import { type Claim, claimsOf, decide, type Finding } from './metadata/claim.ts'
import { claimExcerpt, isSameExcerpt } from './metadata/excerpt.ts'
import { claimLanguage, isSameLanguage } from './metadata/language.ts'
import { findImage } from './metadata/lead-image.ts'
import { type Page } from './metadata/page.ts'
import { decode } from './metadata/references.ts'
import { findDatesOf } from './metadata/published.ts'
import { claimTitle, isSameTitle } from './metadata/title.ts'
import { claimTopics, isSameTopics } from './metadata/topics.ts'

export interface Metadata {
  title?: string
  authors: string[]
  topics: string[]
  language?: string
  publishedAt?: Date
  /** The same moment in ISO 8601, in the page's own time zone where that is known. */
  publishedAs?: string
  updatedAt?: Date
  canonicalUrl?: string
  /** The address on another site where it was published first. */
  originalUrl?: string
  excerpt?: string
  image?: Picture
}

/** What the feed or list that led to the page said of the article. */
export type SeenInList = Pick<Item, 'title' | 'authors' | 'image' | 'published' | 'guid'>

/** What helps to read its dates. */
export interface ReadingOptions {
  /** IANA name: where dates are from that name no zone; where the page's own country has one, when not given. */
  zone?: string | undefined
  /** When the page was fetched: without it, `2 hours ago` is no date. */
  now?: Date | undefined
}

/** For every field that the page says something of, what is believed and why. */
export type Findings = { [Field in Exclude<keyof Metadata, 'publishedAs'>]?: Finding<NonNullable<Metadata[Field]>> }

/** Everything that a page says of its article; what it does not say is left out. */
export function readMetadata(page: Page, seen?: SeenInList, options?: ReadingOptions): Metadata {
  return valuesOf(findMetadata(page, seen, options))
}

/** What is believed, without the reasons. */
export function valuesOf(findings: Findings): Metadata {
  const { title, authors, topics, language, publishedAt, updatedAt, canonicalUrl, originalUrl, excerpt, image } =
    findings
  return {
    ...(title && { title: title.value }),
    ...(language && { language: language.value }),
    ...(publishedAt && { publishedAt: publishedAt.value }),
    ...(publishedAt?.written !== undefined && { publishedAs: publishedAt.written }),
    ...(updatedAt && { updatedAt: updatedAt.value }),
    ...(canonicalUrl && { canonicalUrl: canonicalUrl.value }),
    ...(originalUrl && { originalUrl: originalUrl.value }),
    ...(excerpt && { excerpt: excerpt.value }),
    ...(image && { image: image.value }),
    authors: authors?.value ?? [],
    topics: topics?.value ?? [],
  }
}

/** As `readMetadata`, with where each field stood, how sure it is, and what else was said. */
export function findMetadata(page: Page, seen: SeenInList = {}, options: ReadingOptions = {}): Findings {
  const { published, updated } = findDatesOf(page, { ...options, seen: seen.published })
  return {
    ...known('title', decide([...claimTitle(page), ...claimListedTitle(seen)], isSameTitle)),
    ...known('authors', decideAuthors([...claimAuthors(page), ...listed(0.7, listedNames(seen.authors))])),
    ...known('topics', decide(claimTopics(page), isSameTopics)),
    ...known('language', decide(claimLanguage(page), isSameLanguage)),
    ...known('publishedAt', published),
    ...known('updatedAt', updated),
    ...known(
      'canonicalUrl',
      decide(claimCanonical(page), (a, b) => a === b),
    ),
    ...known(
      'originalUrl',
      decide(claimOriginal(page), (a, b) => a === b),
    ),
    ...known('excerpt', decide(claimExcerpt(page), isSameExcerpt)),
    ...known('image', findImage(page, listed(0.7, seen.image))),
  }
}

/** A feed names its articles itself. A list of links may call them by a shorter headline, or cut it. */
function claimListedTitle({ title, guid }: SeenInList): Claim<string>[] {
  const isCut = /(?:…|\.\.\.|\[…\])\s*$/.test(title ?? '')
  const words = evenText(decode(title ?? ''), 500)
  return listed(isCut ? 0.3 : guid === undefined ? 0.85 : 0.995, words === '' ? undefined : words)
}

function listed<T>(weight: number, value: T | undefined): Claim<T>[] {
  return claimsOf('the feed or list', weight, value === undefined ? [] : [value])
}

function known<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, V>>)
}
