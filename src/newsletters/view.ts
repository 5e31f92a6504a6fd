/** What a mail template is given: plain, tidied values under the names that docs/templates.md lists. */
import { feedAddress, type Addresses } from '../addresses.ts'
import { accentsOf } from '../colour.ts'
import { type Article, type Image, type Newsletter, type Site } from '../model.ts'
import { arrange, leadPictureOf, pictureOf } from './choose.ts'
import { marks, type Marks } from './personalize.ts'
import { readMinutes } from '../read-time.ts'
import { clip, tidy, tidyLines } from './tidy.ts'
import { directionOf, phrase, spacesLetters, wordsFor, type Words } from './words.ts'

/** All that one slice of an edition is made of. */
export interface SliceInput {
  newsletter: Newsletter
  site: Site
  addresses: Addresses
  /** The edition's number. */
  number: number
  /** As `choose` gives them: the lead first. At least one. */
  articles: Article[]
  /** Articles that are only named. */
  headlines: Article[]
  /** How many more there are than a mail can name. */
  unnamed?: number
  /** What the footer offers to feed readers; without it, it leads to the paper's page. */
  feeds?: { id: string; title: string }[]
  now: Date
}

export interface PictureView {
  url: string
  alt: string
  caption?: string
  /** With its word, such as `Photo: Ada Quay`. */
  credit?: string
  /** Caption and credit in one line, where there is either. */
  legend?: string
  /** As wide as the page, as half of it, and as a thumbnail. */
  wide: Size
  half: Size
  thumb: Size
}

/** Pixels as shown, at most; the height where the proportions are known. */
export interface Size {
  width: number
  height?: number
}

export interface StoryView {
  id: string
  url: string
  title: string
  excerpt: string
  topic?: string
  authors: string[]
  /** `By Ada Quay and Bo Holm`. */
  byline?: string
  minutes: number
  /** `4 min read`. */
  readTime: string
  /** Day of publication, unless it is the edition's own day. */
  date?: string
  /** `Updated 3 May, 14:05`, when the text changed after it was published. */
  updated?: string
  /** Byline, date and read time in one line. */
  meta: string
  image?: PictureView
  /** Only where it is not the paper's own. */
  language?: string
  direction?: 'ltr' | 'rtl'
  /** The whole article: cleaned HTML, for `{{ story.html | raw }}`, and text. */
  html: string
  text: string
}

export interface SectionView {
  title: string
  stories: StoryView[]
  /** Whether the first two have pictures of much the same shape, which look well side by side. */
  paired: boolean
}

export interface View {
  site: { title: string; url: string; description?: string; address: string[]; logo?: string }
  newsletter: { id: string; title: string }
  edition: { number: number; label: string; date: string }
  lead: StoryView
  /** All but the lead. */
  sections: SectionView[]
  /** All in full, the lead first. */
  stories: StoryView[]
  headlines: StoryView[]
  /** `… and 4 more on the site`, where there are more than a mail can name. */
  others?: string
  preheader: string
  /** Blank characters that keep an inbox from showing the mail's text after the preheader. */
  blanks: string
  words: Words
  /** The footer's sentence on why this came. */
  why: string
  links: { site: string; page: string; feeds: string }
  style: {
    accent: string
    accentDark: string
    direction: 'ltr' | 'rtl'
    start: 'left' | 'right'
    end: 'left' | 'right'
    tracking: string
    arrow: string
  }
  language: string
  reader: Marks
}

/** Pixels across the digest's text column, half of it, and a thumbnail. */
const widths = { wide: 560, half: 268, thumb: 150 }

/** Smaller changes in the first minutes are typing errors, not news. */
const updateMinutes = 10

/** The view of one slice. Dates are the site's, in its timezone and language. */
export function viewOf(input: SliceInput): View {
  const { site, newsletter, now } = input
  const words = wordsFor(site.language)
  const desk: Desk = { site, now, words, show: formats(site) }
  const [lead, ...others] = input.articles
  if (lead === undefined) throw new RangeError('an edition has at least one article')
  const title = tidy(newsletter.title)
  const leadView = storyView(desk, lead, 'lead')
  const sections = arrange(others).map(({ topic, articles }): SectionView => {
    const stories = articles.map((article) => storyView(desk, article, 'story'))
    const heading = topic === undefined ? words.more : headingOf(tidy(topic), site.language)
    return { title: heading, stories, paired: looksPaired(stories) }
  })
  const feed = input.feeds?.[0]
  return {
    site: siteViewOf(site),
    newsletter: { id: newsletter.id, title },
    edition: {
      number: input.number,
      label: phrase(words.edition, { number: input.number }),
      date: desk.show.fullDay.format(now),
    },
    lead: leadView,
    sections,
    stories: [leadView, ...sections.flatMap(({ stories }) => stories)],
    headlines: input.headlines.map((article) => storyView(desk, article, 'story')),
    ...(input.unnamed && { others: phrase(words.others, { count: input.unnamed }) }),
    preheader: '',
    blanks: '\u034F\u200C\u00A0'.repeat(60),
    words,
    why: phrase(words.why, { newsletter: title, email: marks.email }),
    links: {
      site: site.url,
      page: input.addresses.server,
      feeds: feed === undefined ? input.addresses.server : feedAddress(input.addresses, feed.id),
    },
    style: styleOf(site),
    language: site.language,
    reader: marks,
  }
}

/** What every mail says of the paper. */
export function siteViewOf(site: Site): View['site'] {
  const address = tidyLines(site.address ?? '')
  return {
    title: tidy(site.title),
    url: site.url,
    address: address === '' ? [] : address.split('\n'),
    ...(site.description !== undefined && { description: clip(tidy(site.description), 200) }),
    ...(site.logo !== undefined && { logo: site.logo }),
  }
}

/** The paper's colours and the direction of its script, as every mail has them. */
export function styleOf(site: Pick<Site, 'colour' | 'language'>): View['style'] {
  const direction = directionOf(site.language)
  const accent = accentsOf(site.colour)
  return {
    accent: accent.light,
    accentDark: accent.dark,
    direction,
    start: direction === 'rtl' ? 'right' : 'left',
    end: direction === 'rtl' ? 'left' : 'right',
    tracking: spacesLetters(site.language) ? '0.09em' : '0',
    arrow: direction === 'rtl' ? '←' : '→',
  }
}

/** What the inbox shows after the subject: the lead, unless the subject names it, and the stories that follow. */
export function preheaderOf(view: View, subject: string): string {
  const titles = [...view.stories, ...view.headlines].map(({ title }) => title)
  const unsaid = titles.filter((title) => !subject.includes(title.replace(/…$/, '')))
  const teaser = clip(unsaid.slice(0, 4).join(' · '), 150) || clip(view.lead.excerpt, 150)
  return teaser || `${view.newsletter.title} · ${view.edition.date}`
}

interface Desk {
  site: Site
  now: Date
  words: Words
  show: ReturnType<typeof formats>
}

function storyView(desk: Desk, article: Article, place: 'lead' | 'story'): StoryView {
  const { words, site, show, now } = desk
  const title = clip(tidy(article.title), 200)
  const minutes = readMinutes(article.text, article.language ?? site.language)
  const authors = article.authors.map((author) => clip(tidy(author), 80)).filter((author) => author !== '')
  const published = article.publishedAt
  const today = published === undefined || show.day.format(published) === show.day.format(now)
  const changed = (article.updatedAt?.getTime() ?? 0) - (published ?? article.firstSeenAt).getTime()
  const parts = {
    ...(authors.length > 0 && { byline: phrase(words.by, { authors: show.list.format(authors.slice(0, 4)) }) }),
    ...(!today && { date: show.day.format(published) }),
    readTime: phrase(words.readTime, { minutes }),
    ...(article.updatedAt !== undefined &&
      changed >= updateMinutes * 60_000 && {
        updated: phrase(words.updated, { time: show.moment.format(article.updatedAt) }),
      }),
  }
  const topic = article.topics[0]
  const picture = place === 'lead' ? leadPictureOf(article) : pictureOf(article, 80)
  const image = picture && pictureView(desk, picture, title)
  const language = languageOf(article.language ?? site.language)
  return {
    id: article.id,
    url: article.url,
    title,
    excerpt: clip(tidy(article.excerpt), place === 'lead' ? 320 : 200),
    ...(topic !== undefined && { topic: headingOf(tidy(topic), site.language) }),
    authors,
    minutes,
    ...parts,
    meta: [parts.byline, parts.date, parts.readTime].filter((part) => part !== undefined).join(' · '),
    ...(image !== undefined && { image }),
    ...(language !== undefined &&
      language !== languageOf(site.language) && { language, direction: directionOf(language) }),
    html: article.html
      .replace(/[\uFDD0-\uFDEF]/g, '')
      .replaceAll('{', '&#123;')
      .replaceAll('}', '&#125;'),
    text: tidyLines(article.text),
  }
}

function pictureView(desk: Desk, image: Image, title: string): PictureView {
  const caption = clip(tidy(image.caption ?? ''), 200)
  const credited = tidy(image.credit ?? '')
  const credit = credited && clip(phrase(desk.words.photo, { credit: credited }), 120)
  const legend = [caption, credit].filter((part) => part !== '').join(' · ')
  return {
    url: image.url,
    // The picture is a link, and a link without words has no name.
    alt: clip(tidy(image.alt ?? ''), 200) || title,
    ...(caption !== '' && { caption }),
    ...(credit !== '' && { credit }),
    ...(legend !== '' && { legend }),
    wide: sizeOf(image, widths.wide),
    half: sizeOf(image, widths.half),
    thumb: sizeOf(image, widths.thumb),
  }
}

function sizeOf(image: Image, most: number): Size {
  const width = Math.min(most, image.width ?? most)
  if (image.width === undefined || image.height === undefined) return { width }
  return { width, height: Math.round((width * image.height) / image.width) }
}

function looksPaired(stories: StoryView[]): boolean {
  const [one, other] = stories.slice(0, 2).map(({ image }) => image?.half)
  if (one?.height === undefined || other?.height === undefined) return false
  return one.width === widths.half && other.width === widths.half && Math.abs(one.height - other.height) <= 30
}

function formats(site: Site) {
  const timeZone = site.timezone
  return {
    fullDay: new Intl.DateTimeFormat(site.language, { timeZone, dateStyle: 'full' }),
    day: new Intl.DateTimeFormat(site.language, { timeZone, day: 'numeric', month: 'long' }),
    moment: new Intl.DateTimeFormat(site.language, {
      timeZone,
      day: 'numeric',
      month: 'long',
      hour: 'numeric',
      minute: '2-digit',
    }),
    list: new Intl.ListFormat(site.language, { type: 'conjunction' }),
  }
}

/** A topic as a heading: `town-council` reads `Town council`. */
function headingOf(topic: string, language: string): string {
  const text = clip(/^\p{Ll}[\p{Ll}\p{N}]*(-[\p{Ll}\p{N}]+)+$/u.test(topic) ? topic.replaceAll('-', ' ') : topic, 60)
  const first = String.fromCodePoint(text.codePointAt(0) ?? 32)
  return first.toLocaleUpperCase(language) + text.slice(first.length)
}

/** The language of a tag, without region; nothing where a page declared no real tag. */
function languageOf(tag: string): string | undefined {
  try {
    return new Intl.Locale(tag).language
  } catch {
    return undefined
  }
}
