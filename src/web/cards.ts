/** What pages show of an article, as templates are given it. */
import { readMinutes } from '../read-time.ts'
import { type Article, type Image, type Site } from '../model.ts'
import { type Place } from './local.ts'
import { dayOf } from './view.ts'

export interface Card {
  title: string
  /** Where its page is, as seen from the request. */
  url: string
  section: string | undefined
  byline: string | undefined
  published: { text: string; iso: string }
  /** Only when it was changed on a later day than it was published. */
  updated: { text: string; iso: string } | undefined
  minutes: number
  excerpt: string
  language: string | undefined
  picture: (Image & { alt: string }) | undefined
}

export function cardOf(article: Article, site: Site, place: Place): Card {
  const { title, url, topics, authors, language, images, excerpt, text } = article
  const published = dayOf(article.publishedAt ?? article.firstSeenAt, site)
  const updated = article.updatedAt === undefined ? undefined : dayOf(article.updatedAt, site)
  const [picture] = images
  return {
    title,
    url: place.href(url),
    section: topics[0],
    byline: authors.length === 0 ? undefined : new Intl.ListFormat(site.language).format(authors),
    published,
    updated: updated?.text === published.text ? undefined : updated,
    minutes: readMinutes(text, language),
    excerpt,
    language: language === site.language ? undefined : language,
    picture: picture && { ...picture, url: place.href(picture.url), alt: picture.alt ?? '' },
  }
}
