/** Which of the new articles go into an edition, which of them leads, and how the rest is grouped. */
import { type Article, type Image } from '../model.ts'

/** What goes in full, the lead first and then newest first, and what is only named. */
export interface Selection {
  articles: Article[]
  headlines: Article[]
}

/** Articles of one topic; `topic` is absent where the articles have none. */
export interface Section {
  topic?: string
  articles: Article[]
}

/** A picture on the story that leads is worth passing over the very newest, though not a stale one. */
const leadCandidates = 3

/** The lead picture spans the page: a thumbnail would be blown up. */
const leadPictureWidth = 400

/**
 * The newest `max` of `articles` in full, the rest as headlines; what the editor pinned comes before all others, and the
 * last of it leads. The order in which they are given has no effect.
 */
export function choose(articles: readonly Article[], { max }: { max: number }): Selection {
  const sorted = articles.toSorted((a, b) => pinOf(b) - pinOf(a) || byNewest(a, b))
  const full = sorted.slice(0, max)
  const isPinned = full[0]?.pinnedAt !== undefined
  const lead = (isPinned ? undefined : full.slice(0, leadCandidates).find(hasLeadPicture)) ?? full[0]
  return {
    articles: lead === undefined ? [] : [lead, ...full.filter((article) => article !== lead)],
    headlines: sorted.slice(max),
  }
}

/** Groups by first topic: the fullest section first, of equals the one with the newest article. */
export function arrange(articles: readonly Article[]): Section[] {
  const groups = new Map<string, Section>()
  for (const article of articles.toSorted(byNewest)) {
    const topic = article.topics[0]?.trim()
    const key = topic?.toLowerCase() ?? ''
    const section = groups.get(key)
    if (section !== undefined) section.articles.push(article)
    else groups.set(key, { ...(key !== '' && topic !== undefined && { topic }), articles: [article] })
  }
  // The sort is stable and the groups stand in order of their newest article. What has no topic closes the paper.
  return [...groups.values()].sort(
    (a, b) => Number(a.topic === undefined) - Number(b.topic === undefined) || b.articles.length - a.articles.length,
  )
}

/** The picture that may stand with an article in a mail; `least` is the width it needs, in pixels, where known. */
export function pictureOf(article: Article, least: number): Image | undefined {
  const image = article.images[0]
  return image !== undefined && /^https?:\/\//i.test(image.url) && (image.width ?? least) >= least ? image : undefined
}

/** The picture for the head of the page, if the article has one that is large enough. */
export function leadPictureOf(article: Article): Image | undefined {
  return pictureOf(article, leadPictureWidth)
}

function hasLeadPicture(article: Article): boolean {
  return leadPictureOf(article) !== undefined
}

function pinOf({ pinnedAt }: Article): number {
  return pinnedAt?.getTime() ?? 0
}

function byNewest(a: Article, b: Article): number {
  return dateOf(b) - dateOf(a) || (a.id < b.id ? -1 : Number(a.id > b.id))
}

/** A date in the future is a mistake of the site, and must not keep its article on top for ever. */
function dateOf(article: Article): number {
  return Math.min((article.publishedAt ?? article.firstSeenAt).getTime(), article.firstSeenAt.getTime())
}
