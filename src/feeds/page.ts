/** The page of a feed for people: what it is, how to subscribe, and what is in it now. */
import { Liquid } from 'liquidjs'
import { feedAddress, listFile, type Addresses } from '../addresses.ts'
import { describe, Failure } from '../failures.ts'
import type { Article, Each, Feed, Site } from '../model.ts'
import { feedDocument } from './document.ts'
import { readEntries, type Entry } from './entry.ts'
import { isOnSite } from './foreign.ts'
import { readerLinks } from './readers.ts'

const SHOWN = 20

/** The feeds that the page of a feed speaks of. */
export interface Beside {
  /** Those that were made of it, each for one topic, author or source. */
  made: { feedId: string; kind: Each; name: string }[]
  /** The one that it was made of. */
  of?: Pick<Feed, 'id' | 'title'>
}

// With `templates` given, nothing is read from the disk, whatever the template asks for.
const liquid = new Liquid({
  outputEscape: 'escape',
  ownPropertyOnly: true,
  strictVariables: true,
  strictFilters: true,
  lenientIf: true,
  templates: {},
})

/**
 * A static page without script, from the text of `web/feed.html`; dates are in the language and time zone of the site.
 * Throws Failure `template.invalid`.
 */
export function renderFeedPage(
  feed: Feed,
  site: Site,
  addresses: Addresses,
  articles: readonly Article[],
  template: string,
  beside: Beside = { made: [] },
): string {
  const shown = readEntries(articles).entries.slice(0, feed.items)
  const { title, description, home, language, logo, updated, entries } = feedDocument(feed, site, addresses, shown)
  const day = dayWriter(site)
  const data = {
    site: { title: site.title, url: home, language, colour: site.colour, logo },
    feed: { title, description, url: feedAddress(addresses, feed.id), count: entries.length },
    addresses: (
      [
        ['RSS', 'rss.xml', 'application/rss+xml'],
        ['Atom', 'atom.xml', 'application/atom+xml'],
        ['JSON Feed', 'feed.json', 'application/feed+json'],
      ] as const
    ).map(([name, file, type]) => ({ name, file, type, url: feedAddress(addresses, feed.id, file) })),
    readers: readerLinks(feedAddress(addresses, feed.id, 'rss.xml')),
    health: healthOf(feed, entries),
    updated: entries.length > 0 ? day(updated) : undefined,
    items: entries.slice(0, SHOWN).map((entry) => itemData(entry, { site, addresses, day, feed })),
    of: beside.of && { title: beside.of.title, href: hrefFrom(feed, beside.of.id) },
    groups: groupsOf(feed, beside.made, site),
    list: `${upFrom(feed)}${listFile}`,
  }
  try {
    return String(liquid.parseAndRenderSync(template, data))
  } catch (error) {
    throw new Failure('template.invalid', { template: 'web/feed.html', feed: feed.id, reason: describe(error) }, error)
  }
}

/**
 * How lively the feed is. Measured from its newest article back and not from now, so that the same articles make the
 * same page; a week counts from the fourth article on.
 */
function healthOf({ retired }: Feed, entries: readonly Entry[]): { ended: boolean; perWeek?: number } {
  const times = entries.map(({ published }) => published.getTime()).toSorted((a, b) => b - a)
  const [newest = 0, oldest = 0] = [times[0], times.at(-1)]
  const weeks = (newest - oldest) / (7 * 24 * 3_600_000)
  const perWeek = times.length >= 4 && weeks > 0 ? (times.length - 1) / weeks : 0
  return { ended: retired === true, ...(perWeek > 0 && { perWeek: Math.max(1, Math.round(perWeek)) }) }
}

interface Day {
  iso: string
  text: string
}

function dayWriter({ language, timezone }: Site): (date: Date) => Day {
  const words = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: timezone })
  return (date) => ({ iso: date.toISOString(), text: words.format(date) })
}

function itemData(
  entry: Entry,
  { site, addresses, day, feed }: { site: Site; addresses: Addresses; day: (date: Date) => Day; feed: Feed },
) {
  const { url, title, excerpt, authors, topics, language, published, updated, picture } = entry
  const changed = day(updated)
  const names = new Intl.ListFormat(site.language, { type: 'conjunction' })
  return {
    url,
    title,
    excerpt,
    by: names.format(authors),
    topics,
    language: language ?? site.language,
    published: day(published),
    updated: changed.text === day(published).text ? undefined : changed,
    picture: picture && {
      src: besideFeed(feed, picture.url, addresses),
      alt: picture.alt ?? '',
      credit: picture.credit,
      width: picture.width,
      height: picture.height,
    },
    recording: recordingOf(entry, { site, addresses, feed }),
  }
}

/**
 * The recording or film of an article. It is played on the page where the article is ours; what is somebody else's is
 * heard and seen where they show it.
 */
function recordingOf(
  { url, enclosures: [file] }: Entry,
  { site, addresses, feed }: { site: Site; addresses: Addresses; feed: Feed },
) {
  const [kind] = /^(?:audio|video)(?=\/)/.exec(file?.type ?? '') ?? []
  if (file === undefined || kind === undefined) return undefined
  const isOurs = feed.podcast !== undefined || isOnSite(url, [site.url, addresses.server])
  const unit = (name: string, value: number | undefined) =>
    value === undefined
      ? undefined
      : new Intl.NumberFormat(site.language, { style: 'unit', unit: name }).format(Math.max(1, Math.round(value)))
  const minutes = file.seconds === undefined ? undefined : file.seconds / 60
  const megabytes = file.bytes === undefined ? undefined : file.bytes / 1_000_000
  return {
    ...{ kind, src: isOurs ? file.url : url, plays: isOurs && kind === 'audio' },
    facts: [unit('minute', minutes), unit('megabyte', megabytes)].filter((fact) => fact !== undefined),
  }
}

const KINDS: Each[] = ['topic', 'author', 'source']

function groupsOf(feed: Feed, made: Beside['made'], { language }: Site) {
  const order = new Intl.Collator(language)
  return KINDS.map((kind) => ({
    kind,
    feeds: made
      .filter((one) => one.kind === kind)
      .toSorted((one, other) => order.compare(one.name, other.name))
      .map(({ feedId, name }) => ({ name, href: hrefFrom(feed, feedId) })),
  })).filter(({ feeds }) => feeds.length > 0)
}

/** From the folder of a feed to another one: links work wherever the folder of feeds is served or opened. */
function hrefFrom(feed: Feed, id: string): string {
  return `${upFrom(feed)}${id.split('/').map(encodeURIComponent).join('/')}/`
}

function upFrom({ id }: Feed): string {
  return '../'.repeat(id.split('/').length)
}

/** Our own pictures are addressed from the feed's folder, so that the page shows them wherever that is served or opened. */
function besideFeed(feed: Feed, url: string, { publish }: Addresses): string {
  return url.startsWith(publish) ? `${upFrom(feed)}${url.slice(publish.length)}` : url
}
