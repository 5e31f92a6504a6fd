/** What a page says of its article outside the text: for each field, the claim that is believed. */
import { type Item, type Picture } from '../model.ts'
import { claimAuthors, decideAuthors } from './metadata/authors.ts'
import { claimCanonical } from './metadata/canonical.ts'
import { type Claim, claimsOf, decide, type Finding } from './metadata/claim.ts'
import { claimExcerpt, isSameExcerpt } from './metadata/excerpt.ts'
import { claimLanguage, isSameLanguage } from './metadata/language.ts'
import { claimImage, isSamePicture } from './metadata/lead-image.ts'
import { type Page } from './metadata/page.ts'
import { claimPublished, claimUpdated, isSameDay } from './metadata/published.ts'
import { claimTitle, isSameTitle } from './metadata/title.ts'
import { claimTopics, isSameTopics } from './metadata/topics.ts'

export interface Metadata {
  title?: string
  authors: string[]
  topics: string[]
  language?: string
  publishedAt?: Date
  updatedAt?: Date
  canonicalUrl?: string
  excerpt?: string
  image?: Picture
}

/** What the feed or list that led to the page said of the article. */
export type SeenInList = Pick<Item, 'title' | 'authors' | 'image'>

/** For every field that the page says something of, what is believed and why. */
export type Findings = { [Field in keyof Metadata]?: Finding<NonNullable<Metadata[Field]>> }

/** Everything that a page says of its article; what it does not say is left out. */
export function readMetadata(page: Page, seen: SeenInList = {}): Metadata {
  const { title, authors, topics, language, publishedAt, updatedAt, canonicalUrl, excerpt, image } = findMetadata(page, seen) // prettier-ignore
  return {
    ...(title && { title: title.value }),
    ...(language && { language: language.value }),
    ...(publishedAt && { publishedAt: publishedAt.value }),
    ...(updatedAt && { updatedAt: updatedAt.value }),
    ...(canonicalUrl && { canonicalUrl: canonicalUrl.value }),
    ...(excerpt && { excerpt: excerpt.value }),
    ...(image && { image: image.value }),
    authors: authors?.value ?? [],
    topics: topics?.value ?? [],
  }
}

/** As `readMetadata`, with where each field stood, how sure it is, and what else was said. */
export function findMetadata(page: Page, seen: SeenInList = {}): Findings {
  const published = decide(claimPublished(page), isSameDay)
  const updated = decide(claimUpdated(page), isSameDay)
  const isChanged = updated !== undefined && updated.value.getTime() !== published?.value.getTime()
  return {
    ...known('title', decide([...claimTitle(page), ...listed(seen.title)], isSameTitle)),
    ...known('authors', decideAuthors([...claimAuthors(page), ...listed(seen.authors)])),
    ...known('topics', decide(claimTopics(page), isSameTopics)),
    ...known('language', decide(claimLanguage(page), isSameLanguage)),
    ...known('publishedAt', published),
    ...known('updatedAt', isChanged ? updated : undefined),
    ...known(
      'canonicalUrl',
      decide(claimCanonical(page), (a, b) => a === b),
    ),
    ...known('excerpt', decide(claimExcerpt(page), isSameExcerpt)),
    ...known('image', decide([...claimImage(page), ...listed(seen.image)], isSamePicture)),
  }
}

function listed<T>(value: T | undefined): Claim<T>[] {
  return claimsOf('the feed or list', 0.7, value === undefined ? [] : [value])
}

function known<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, V>>)
}
