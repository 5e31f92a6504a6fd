/** The check of what was rendered: each item once, the whole at every publish. */
import { describe } from '../failures.ts'
import type { FeedFile } from '../addresses.ts'
import { ATOM_ROOT } from './atom.ts'
import { textAsHtml } from './characters.ts'
import type { FeedDocument, Look } from './document.ts'
import type { Entry } from './entry.ts'
import { PODCAST_NAMESPACES } from './podcast.ts'
import { mediaLine, readAtomEntry, readJsonItem, readRssItem, type JsonItem, type ReadEntry } from './read-back.ts'
import { readOwnXml, readXml, type ReadElement } from './read-xml.ts'
import type { FeedFiles, Frames, Pieces } from './render.ts'
import { RSS_ROOT } from './rss.ts'
import { checkAtomEntry, checkAtomFeed } from './rules/atom.ts'
import { CHECKLIST, type Finding, type RuleId } from './rules/checklist.ts'
import { checkHtml } from './rules/html.ts'
import { checkJsonFeed, checkJsonItem, isFields } from './rules/json.ts'
import { checkChannel, checkRssItem } from './rules/rss.ts'
import { scanStructure } from './well-formed.ts'

/** Which rule an item breaks, in which file. */
export interface ItemFault {
  rule: RuleId
  file: FeedFile
  found: string
}

export type FileFinding = Pick<Finding, 'rule' | 'found'> & { file: FeedFile }

/**
 * Whether the pieces keep the rules, and say of their entries exactly what they should: read back from the
 * first character to the last. Gives the first fault of each, in the order of the entries, `undefined` where all is well.
 */
export function verifyItems(
  entries: readonly Entry[],
  pieces: readonly Pieces[],
  look: Look,
): (ItemFault | undefined)[] {
  const readers = [
    verifyFile('rss.xml', entries, pieces, readRss, (entry) => asInRss(entry, look)),
    verifyFile('atom.xml', entries, pieces, readAtom, (entry) => asInAtom(entry, look)),
    verifyFile('feed.json', entries, pieces, readJson, (entry) => asShown(entry, look)),
  ]
  return entries.map((entry, index) => {
    const fault = readers.map((faults) => faults[index]).find((found) => found !== undefined)
    return fault ?? contentFault(entry, look)
  })
}

/** Of the HTML once: that each file has this one, to the letter, is known then. */
function contentFault({ html }: Entry, { content }: Look): ItemFault | undefined {
  const [finding] = content === 'full' ? collect((tell) => checkHtml(html, tell)) : []
  return finding && { file: 'rss.xml', ...finding }
}

const elsewhere = (): void => undefined

interface Read {
  entry: ReadEntry
  findings: Pick<Finding, 'rule' | 'found'>[]
}

function verifyFile(
  file: FeedFile,
  entries: readonly Entry[],
  pieces: readonly Pieces[],
  read: (pieces: string[]) => Read[],
  expect: (entry: Entry) => ReadEntry,
): (ItemFault | undefined)[] {
  const texts = pieces.map((piece) => piece[file])
  // All at once, which is much less work; when one of them breaks the others, each by itself.
  const together = attempt(read, texts)
  return entries.map((entry, index) => {
    const alone = Array.isArray(together) ? [together[index]] : attempt(read, texts.slice(index, index + 1))
    if (!Array.isArray(alone)) return { file, ...alone }
    const [found] = alone
    if (found === undefined) return { file, rule: 'xml.well-formed', found: 'nothing' }
    const [finding] = [...found.findings, ...differences(expect(entry), found.entry)]
    return finding && { file, ...finding }
  })
}

/** As many as there are texts, or what is wrong with them. */
function attempt(read: (pieces: string[]) => Read[], texts: string[]): Read[] | Pick<Finding, 'rule' | 'found'> {
  try {
    const found = read(texts)
    if (found.length === texts.length) return found
    return { rule: 'xml.well-formed', found: `${found.length} items instead of ${texts.length}` }
  } catch (thrown) {
    return { rule: 'xml.well-formed', found: describe(thrown) }
  }
}

function readRss(pieces: string[]): Read[] {
  const [channel] = readOwnXml(`${RSS_ROOT}${PODCAST_NAMESPACES}><channel>${pieces.join('')}</channel></rss>`).children
  return (channel?.children ?? []).map((item) => ({
    entry: readRssItem(item),
    findings: collect((tell) => checkRssItem(expectName(item, '{}item'), tell, { html: elsewhere })),
  }))
}

function readAtom(pieces: string[]): Read[] {
  const feed = readOwnXml(`${ATOM_ROOT}>${pieces.join('')}</feed>`)
  return feed.children.map((entry) => ({
    entry: readAtomEntry(entry),
    findings: collect((tell) =>
      // The head of ours has one, which the check of the whole sees to.
      checkAtomEntry(expectName(entry, '{http://www.w3.org/2005/Atom}entry'), tell, {
        hasAuthor: true,
        html: elsewhere,
      }),
    ),
  }))
}

function readJson(pieces: string[]): Read[] {
  const items = JSON.parse(`[${pieces.join(',')}]`) as unknown[]
  return items.map((item) => ({
    entry: readJsonItem(item as JsonItem),
    findings: collect((tell) => checkJsonItem(item, tell, elsewhere)),
  }))
}

function expectName(element: ReadElement, name: string): ReadElement {
  if (element.name !== name) throw new Error(`${element.name} where ${name} should be`)
  return element
}

function collect(check: (tell: (rule: RuleId, found: string) => void) => unknown): Pick<Finding, 'rule' | 'found'>[] {
  const findings: Pick<Finding, 'rule' | 'found'>[] = []
  check((rule, found) => {
    if (CHECKLIST[rule].gate !== 'nothing') findings.push({ rule, found })
  })
  return findings
}

function asShown(entry: Entry, { content }: Look): ReadEntry {
  const { guid, url, title, authors, topics, published, updated, excerpt, html, picture, language } = entry
  return {
    id: guid,
    url,
    title,
    authors,
    topics,
    published: published.toISOString(),
    updated: updated > published ? updated.toISOString() : undefined,
    excerpt,
    html: content === 'full' ? html : undefined,
    // JSON Feed tells a picture by its address alone.
    media: [...(picture ? [mediaLine(undefined, undefined, picture.url)] : []), ...files(entry)],
    language,
    episode: entry.enclosures.flatMap(({ seconds }) => (seconds === undefined ? [] : [`duration ${seconds}`])),
  }
}

function files({ enclosures }: Entry): string[] {
  return enclosures.map(({ type, bytes, url }) => mediaLine(type, bytes, url))
}

function pictures({ picture }: Entry): string[] {
  return picture ? [mediaLine(picture.type, picture.bytes, picture.url)] : []
}

function asInRss(entry: Entry, look: Look): ReadEntry {
  // The first of its files has the one place for it, if its length is known.
  const known = entry.enclosures[0]?.bytes === undefined ? 0 : 1
  return {
    ...asShown(entry, look),
    // RFC 822 knows no fractions of a second.
    published: new Date(Math.floor(entry.published.getTime() / 1000) * 1000).toISOString(),
    excerpt: textAsHtml(entry.excerpt),
    media: [...files(entry).slice(0, known), ...pictures(entry), ...files(entry).slice(known)],
    episode: episode(entry, known),
  }
}

function asInAtom(entry: Entry, look: Look): ReadEntry {
  return {
    ...asShown(entry, look),
    id: entry.id,
    updated: entry.updated.toISOString(),
    media: [...pictures(entry), ...files(entry)],
    // Atom has no place for it.
    episode: [],
  }
}

function episode({ enclosures, episode: said = {} }: Entry, known: number): string[] {
  const { explicit, season, number, kind, image, transcripts = [] } = said
  const [duration] = enclosures.slice(0, known).map(({ seconds }) => seconds)
  return [
    ...(duration === undefined ? [] : [`duration ${duration}`]),
    ...(explicit === undefined ? [] : [`explicit ${explicit}`]),
    ...(season === undefined ? [] : [`season ${season}`]),
    ...(number === undefined ? [] : [`episode ${number}`]),
    ...(kind === undefined ? [] : [`episodeType ${kind}`]),
    ...(image === undefined ? [] : [`image ${image}`]),
    ...transcripts.map(({ url, type, language = '', rel = '' }) => `transcript ${url} ${type} ${language} ${rel}`),
  ]
}

function differences(expect: ReadEntry, found: ReadEntry): Pick<Finding, 'rule' | 'found'>[] {
  return (
    (Object.keys(expect) as (keyof ReadEntry)[])
      .filter((field) => said(found[field]) !== said(expect[field]))
      // What inherits the language of the feed need not say it.
      .filter((field) => field !== 'language' || found.language !== undefined)
      .map((field) => ({
        rule: field === 'title' ? 'same.title' : field === 'id' ? 'same.id' : 'same.fields',
        found: `${field}: ${shorten(found[field])} instead of ${shorten(expect[field])}`,
      }))
  )
}

/** What is not there says as much as what is empty. */
function said(value: string | string[] | undefined): string {
  return typeof value === 'string' ? value : value === undefined || value.length === 0 ? '' : JSON.stringify(value)
}

function shorten(value: string | string[] | undefined): string {
  const text = said(value)
  return text.length > 100 ? `${text.slice(0, 100)}…` : text || 'nothing'
}

/**
 * Whether the files as a whole may go out: each read from end to end, with as many items as it should have, and a head that
 * keeps the rules of its format. That the items do, and that their characters are XML's, is known of each of them.
 */
export function verifyWhole(document: FeedDocument, frames: Frames, files: FeedFiles, most: number): FileFinding[] {
  const count = document.entries.length
  const findings: FileFinding[] = []
  for (const [file, text] of Object.entries(files) as [FeedFile, string][]) {
    const tell = (rule: RuleId, found: string) => findings.push({ file, rule, found })
    try {
      // No character takes more than three bytes of UTF-8 for each of its units.
      if (text.length * 3 > most && Buffer.byteLength(text) > most) tell('feed.bytes', `more than ${most} bytes`)
      const { items, self, updated } = readWhole[file](text, frames, tell)
      if (items !== count) tell('feed.items', `${items} instead of ${count}`)
      const address = file === 'feed.json' ? document.current(file) : document.address(file)
      if (self !== address) tell('feed.served-at', `${self ?? 'nothing'} instead of ${address}`)
      // RSS has no fractions of a second; JSON Feed does not say it.
      if (updated && Math.abs(document.updated.getTime() - updated.getTime()) >= 1000)
        tell('feed.updated', updated.toISOString())
      const ids = document.entries.map((entry) => (file === 'atom.xml' ? entry.id : entry.guid))
      if (new Set(ids).size !== count) tell('item.unique', 'two items of one id')
    } catch (thrown) {
      tell(file === 'feed.json' ? 'json.well-formed' : 'xml.well-formed', describe(thrown))
    }
  }
  return findings
}

interface Whole {
  items: number
  self?: string
  updated?: Date
}

const readWhole: Record<
  FeedFile,
  (text: string, frames: Frames, tell: (rule: RuleId, found: string) => void) => Whole
> = {
  'rss.xml': (text, { 'rss.xml': { open, close } }, tell) => {
    const items = scanStructure(text, 'item')
    const root = readXml(`${open}${close}`)
    const [channel] = root.children
    if (root.name !== '{}rss' || channel?.name !== '{}channel') throw new Error('it is no RSS')
    return { items, ...checkChannel(channel, tell) }
  },
  'atom.xml': (text, { 'atom.xml': { open, close } }, tell) => {
    const items = scanStructure(text, 'entry')
    const feed = readXml(`${open}${close}`)
    if (feed.name !== '{http://www.w3.org/2005/Atom}feed') throw new Error('it is no Atom')
    const { hasAuthor, ...head } = checkAtomFeed(feed, tell)
    if (!hasAuthor) tell('item.author', 'no author')
    return { items, ...head }
  },
  'feed.json': (text, _, tell) => {
    if (!text.isWellFormed()) tell('text.surrogate', 'half of a pair')
    const feed: unknown = JSON.parse(text)
    if (!isFields(feed) || feed['version'] !== 'https://jsonfeed.org/version/1.1')
      throw new Error('it is no JSON Feed 1.1')
    const { items } = feed
    return { items: Array.isArray(items) ? items.length : 0, ...checkJsonFeed(feed, tell) }
  },
}
