/** A reader that knows nothing of Broadsheet: follows the links of RFC 5005 and of JSON Feed back to the first page. */
import assert from 'node:assert/strict'
import { XMLParser } from 'fast-xml-parser'

export type Format = 'rss.xml' | 'atom.xml' | 'feed.json'

export interface Read {
  url: string
  ids: string[]
  titles: string[]
  links: Partial<Record<string, string>>
  isArchive: boolean
  /** Of Atom alone: what is said to be gone. */
  gone: string[]
}

type Element = Record<string, unknown>

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  textNodeName: '#',
  parseTagValue: false,
})

const listOf = (value: unknown): Element[] => (value === undefined ? [] : ([value].flat() as Element[]))

const textOf = (value: unknown): string => {
  const text = typeof value === 'object' && value !== null ? (value as Element)['#'] : value
  return typeof text === 'string' ? text : ''
}

export function readDocument(url: string, format: Format, text: string): Read {
  if (format === 'feed.json') {
    const { items, next_url } = JSON.parse(text) as { items: { id: string; title: string }[]; next_url?: string }
    const links = { ...(next_url !== undefined && { 'prev-archive': next_url }) }
    return {
      url,
      ids: items.map(({ id }) => id),
      titles: items.map(({ title }) => title),
      links,
      isArchive: false,
      gone: [],
    }
  }
  const root = parser.parse(text) as Element
  const isRss = format === 'rss.xml'
  const feed = (isRss ? (root['rss'] as Element)['channel'] : root['feed']) as Element
  const links = listOf(feed[isRss ? 'atom:link' : 'link']).map((link) => [String(link['@rel']), String(link['@href'])])
  const items = listOf(feed[isRss ? 'item' : 'entry'])
  return {
    url,
    ids: items.map((item) => textOf(item[isRss ? 'guid' : 'id'])),
    titles: items.map(({ title }) => textOf(title)),
    links: Object.fromEntries(links) as Read['links'],
    isArchive: 'fh:archive' in feed,
    gone: listOf(feed['at:deleted-entry']).map((entry) => String(entry['@ref'])),
  }
}

/** The feed itself, then its archive from the newest page to the first. `get` answers for public addresses. */
export async function readHistory(url: string, format: Format, get: (url: string) => Promise<string>): Promise<Read[]> {
  const read: Read[] = []
  for (let next: string | undefined = url; next !== undefined; next = read.at(-1)?.links['prev-archive']) {
    assert.ok(!read.some((one) => one.url === next), `${next} leads back to itself`)
    read.push(readDocument(next, format, await get(next)))
  }
  return read
}
