/** Anybody's feed against docs/feed-checklist.md: RSS 2.0 (1.0 and 0.9x as far as they are the same), Atom and JSON Feed. */
import { parseFeed } from 'feedsmith'
import { describe } from '../failures.ts'
import { childrenOf, readXml, type ReadElement } from './read-xml.ts'
import { checkAtomEntry, checkAtomFeed } from './rules/atom.ts'
import { CHECKLIST, type Finding, type RuleId, type Tell } from './rules/checklist.ts'
import type { Facts } from './rules/item.ts'
import { checkJsonFeed, checkJsonItem, isFields, JSON_FEED_VERSIONS } from './rules/json.ts'
import { AHEAD_MS, MOST_BYTES, USUAL_BYTES } from './rules/limits.ts'
import { isPodcast } from './rules/podcast.ts'
import { checkChannel, checkRdfItem, checkRssItem } from './rules/rss.ts'

export type FeedKind = 'RSS 2.0' | 'RSS 1.0' | 'RSS 0.9' | 'Atom 1.0' | 'JSON Feed 1.1' | 'JSON Feed 1'

export interface LintReport {
  /** `undefined` when it is no feed that can be read. */
  kind: FeedKind | undefined
  items: number
  /** In the order of the file. */
  findings: Finding[]
}

export interface LintOptions {
  now: Date
  /** Where it was got from. */
  url?: string | undefined
}

const ATOM = '{http://www.w3.org/2005/Atom}'
const RDF = '{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF'
const RSS_1 = '{http://purl.org/rss/1.0/}'

/** Never throws: what cannot be read is a finding too. */
export function lintFeed(bytes: Uint8Array, { now, url }: LintOptions): LintReport {
  const findings: Finding[] = []
  const tell: Tell = (rule, found, at) => {
    findings.push({ rule, found: shorten(found), ...(at && { line: at.line, column: at.column }) })
  }
  if (bytes.length > USUAL_BYTES)
    tell('feed.bytes', `${bytes.length} bytes${bytes.length > MOST_BYTES ? ', more than large readers take' : ''}`)
  const text = readText(bytes, tell)
  const read = /^\s*[{[]/.test(text) ? lintJson(text, tell) : lintXml(text, tell)
  if (read === undefined) return { kind: undefined, items: 0, findings }

  for (const { facts, findings: some } of read.items) {
    const item = shorten(facts.name ?? `item ${read.items.findIndex((one) => one.facts === facts) + 1}`)
    findings.push(...some.map((finding) => ({ ...finding, found: shorten(finding.found), item })))
  }
  lintTogether(read, { now, url }, tell)
  lintAgain(text, read, tell)
  findings.sort((one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0))
  return { kind: read.kind, items: read.items.length, findings }
}

/** Whether anything in it is a fault, and not only less good than it could be. */
export function isFaulty({ findings }: LintReport): boolean {
  return findings.some(({ rule }) => CHECKLIST[rule].lint === 'fault')
}

interface ReadItem {
  facts: Facts
  findings: Finding[]
  at?: { line: number; column: number }
}

interface ReadFeed {
  kind: FeedKind
  self?: string
  updated?: Date
  items: ReadItem[]
}

function readText(bytes: Uint8Array, tell: Tell): string {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 200))
  const isUtf16 = /^(?:\xff\xfe|\xfe\xff)/.test(start)
  if (start.startsWith('\xef\xbb\xbf')) tell('text.bom', 'EF BB BF', { line: 1, column: 1 })
  const declared = /^(?:\xef\xbb\xbf)?<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(start)?.[1] ?? 'utf-8'
  if (isUtf16) tell('text.utf8', 'UTF-16', { line: 1, column: 1 })
  else if (!/^utf-?8$/i.test(declared)) tell('text.utf8', `encoding="${declared}"`, { line: 1, column: 1 })
  const label = isUtf16 ? (start.startsWith('\xff') ? 'utf-16le' : 'utf-16be') : declared
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes)
  } catch {
    const text = new TextDecoder().decode(bytes)
    tell('text.utf8', `bytes that are not ${label}`, placeOf(text, text.indexOf('\ufffd')))
    return text
  }
}

function lintXml(text: string, tell: Tell): ReadFeed | undefined {
  const unfit = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.exec(text)
  if (unfit) {
    tell('xml.char', codePoint(unfit[0]), placeOf(text, unfit.index))
    return undefined
  }
  let root: ReadElement
  try {
    root = readXml(text, { onDoctype: (at) => tell('xml.doctype', '<!DOCTYPE …>', at) })
  } catch (thrown) {
    const { line, column, words } = placed(describe(thrown))
    tell(ruleOf(words), words, line === undefined ? undefined : { line, column })
    return undefined
  }
  return root.name === `${ATOM}feed` ? lintAtom(root, tell) : lintRss(root, tell)
}

function lintAtom(root: ReadElement, tell: Tell): ReadFeed {
  const { hasAuthor, ...head } = checkAtomFeed(root, tell)
  const items = childrenOf(root, `${ATOM}entry`).map((entry) =>
    readItem((found) => checkAtomEntry(entry, found, { hasAuthor }), entry),
  )
  return { kind: 'Atom 1.0', ...head, items }
}

function lintRss(root: ReadElement, tell: Tell): ReadFeed | undefined {
  if (root.name === RDF) {
    const [channel] = childrenOf(root, `${RSS_1}channel`)
    if (!channel) {
      tell('feed.required', 'no <channel>', root)
      return undefined
    }
    tell('feed.version', 'RSS 1.0', root)
    const items = childrenOf(root, `${RSS_1}item`).map((item) => readItem((found) => checkRdfItem(item, found), item))
    return { kind: 'RSS 1.0', ...checkChannel(channel, tell, RSS_1), items }
  }
  const [channel] = childrenOf(root, '{}channel')
  if (root.name !== '{}rss' || !channel) {
    if (root.name === '{}rss') tell('feed.required', 'no <channel>', root)
    else tell('feed.kind', root.name.replace(/^\{\}/, ''), root)
    return undefined
  }
  const { version = 'no version' } = root.attributes
  if (version !== '2.0') tell('feed.version', version, root)
  const podcast = { isPodcast: isPodcast(channel) }
  const items = childrenOf(channel, '{}item').map((item) =>
    readItem((found) => checkRssItem(item, found, podcast), item),
  )
  return { kind: version === '2.0' ? 'RSS 2.0' : 'RSS 0.9', ...checkChannel(channel, tell), items }
}

function lintJson(text: string, tell: Tell): ReadFeed | undefined {
  let feed: unknown
  let isHalved = false as boolean
  try {
    feed = JSON.parse(text, (key, value: unknown) => {
      isHalved ||= !key.isWellFormed() || (typeof value === 'string' && !value.isWellFormed())
      return value
    })
  } catch (thrown) {
    const words = describe(thrown)
    const at = Number(/position (\d+)/.exec(words)?.[1] ?? Number.NaN)
    tell('json.well-formed', words, Number.isNaN(at) ? undefined : placeOf(text, at))
    return undefined
  }
  if (!isFields(feed)) {
    tell('json.well-formed', 'no object')
    return undefined
  }
  const version = feed['version']
  if (typeof version !== 'string' || !JSON_FEED_VERSIONS.includes(version)) {
    tell('feed.kind', typeof version === 'string' ? version : 'no version')
    return undefined
  }
  if (isHalved) tell('text.surrogate', 'half of a pair')
  const isNewest = version === JSON_FEED_VERSIONS[0]
  if (!isNewest) tell('feed.version', version)
  const items = Array.isArray(feed['items']) ? (feed['items'] as unknown[]) : []
  return {
    kind: isNewest ? 'JSON Feed 1.1' : 'JSON Feed 1',
    ...checkJsonFeed(feed, tell),
    items: items.map((item) => readItem((found) => checkJsonItem(item, found))),
  }
}

function readItem(check: (tell: Tell) => Facts, at?: { line: number; column: number }): ReadItem {
  const findings: Finding[] = []
  const facts = check((rule, found, place) =>
    findings.push({ rule, found, ...(place && { line: place.line, column: place.column }) }),
  )
  return { facts, findings, ...(at && { at }) }
}

/** What only the whole can tell. */
function lintTogether({ self, updated, items }: ReadFeed, { now, url }: LintOptions, tell: Tell): void {
  if (url !== undefined && self !== undefined && self !== url) tell('feed.served-at', `${self} instead of ${url}`)
  const seen = new Set<string>()
  let newest = 0
  for (const { facts, at } of items) {
    const { id, published, updated: changed } = facts
    if (id !== undefined && seen.has(id)) tell('item.unique', id, at)
    if (id !== undefined) seen.add(id)
    const last = Math.max(published?.getTime() ?? 0, changed?.getTime() ?? 0)
    if (last > now.getTime() + AHEAD_MS) tell('item.future', new Date(last).toISOString(), at)
    else newest = Math.max(newest, last)
  }
  if (updated && updated.getTime() + AHEAD_MS < newest)
    tell('feed.updated', `${updated.toISOString()}, before ${new Date(newest).toISOString()}`)
}

/** The same text once more, by another parser, which is made for whatever feeds there are. */
function lintAgain(text: string, { kind, items }: ReadFeed, tell: Tell): void {
  const rule: RuleId = kind.startsWith('JSON') ? 'json.well-formed' : 'xml.well-formed'
  try {
    const { feed } = parseFeed(text) as { feed: { items?: unknown[]; entries?: unknown[] } }
    const count = (feed.items ?? feed.entries ?? []).length
    if (count !== items.length) tell('feed.items', `${items.length}, of which another parser sees ${count}`)
  } catch (thrown) {
    if (items.length > 0) tell(rule, `another parser says: ${describe(thrown)}`)
  }
}

/** Which rule a message of saxes is about. */
function ruleOf(words: string): RuleId {
  if (words.includes('lone surrogate')) return 'text.surrogate'
  if (/namespace prefix|unbound/.test(words)) return 'xml.namespace'
  if (/disallowed character|character entity|out of.*range/.test(words)) return 'xml.char'
  return 'xml.well-formed'
}

/** saxes begins its messages with line and column. */
function placed(message: string): { line?: number; column: number; words: string } {
  const [, line, column, words] = /^(\d+):(\d+): (.*)$/s.exec(message) ?? []
  return line === undefined
    ? { column: 0, words: message }
    : { line: Number(line), column: Number(column), words: words ?? '' }
}

function placeOf(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, Math.max(0, at))
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') }
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > 160 ? `${line.slice(0, 160)}…` : line
}
