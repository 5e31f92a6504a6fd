/** Rules that several formats share. */
import { childrenOf, type ReadElement } from '../read-xml.ts'
import type { RuleId, Tell } from './checklist.ts'
import { isCount, isMediaType, isWebAddress } from './values.ts'

/** What the rules of the whole feed must know of an item. */
export interface Facts {
  /** What to call it in a message. */
  name: string | undefined
  id?: string
  published?: Date
  updated?: Date
}

/** The rules of an item's HTML, or of none where it is checked elsewhere. */
export type HtmlCheck = (html: string, tell: Tell) => void

type Spot = { line: number; column: number } | undefined

const MEDIA = '{http://search.yahoo.com/mrss/}'
const MEDIUMS = ['image', 'audio', 'video', 'document', 'executable']

export function checkLink(href: string, what: string, at: Spot, tell: Tell): void {
  if (!isWebAddress(href.trim())) tell('link.absolute', `${what}: ${href || 'empty'}`, at)
}

export function checkOnce(parent: ReadElement, name: string, rule: RuleId, tell: Tell): void {
  const found = childrenOf(parent, name)
  const local = name.slice(name.indexOf('}') + 1)
  if (found.length === 0) tell(rule, `no <${local}>`, parent)
  else if (found.length > 1) tell(rule, `two <${local}>`, found[1])
  else if (found[0]?.text.trim() === '' && found[0].children.length === 0) tell(rule, `an empty <${local}>`, found[0])
}

/** Only what can hardly be meant: `Vector<int>` and `AT&amp;T` are fine titles of articles on such things. */
export function checkTitle(title: string, at: Spot, tell: Tell): void {
  const [found] = /<\/(?:b|i|em|strong|a|span|p|sup|sub|font)>|&(?:#\d{2,6}|#x[0-9a-f]{2,6}|amp|nbsp|[lr]squo|[lr]dquo|[nm]dash|hellip);/i.exec(title) ?? [] // prettier-ignore
  if (found !== undefined) tell('title.markup', found, at)
}

export function checkEnclosure(
  { url = '', type = '', length }: { url?: string | undefined; type?: string | undefined; length?: string | undefined },
  at: Spot,
  tell: Tell,
  leave?: 'length may be missing',
): void {
  if (!isWebAddress(url)) tell('item.enclosure', `its address: ${url || 'none'}`, at)
  if (!isMediaType(type)) tell('item.enclosure', `its type: ${type || 'none'}`, at)
  const mayBe = length === undefined ? leave !== undefined : isCount(length)
  if (!mayBe) tell('item.enclosure', `its length: ${length ?? 'none'}`, at)
}

/** Of an item, and of the groups in it. */
export function checkMedia(item: ReadElement, tell: Tell): void {
  const groups = [item, ...childrenOf(item, `${MEDIA}group`)]
  for (const media of groups.flatMap((group) => childrenOf(group, `${MEDIA}content`))) {
    const { url, type, medium, ...figures } = media.attributes
    if (url !== undefined && !isWebAddress(url)) tell('item.media', `url="${url}"`, media)
    if (url === undefined && childrenOf(media, `${MEDIA}player`).length === 0) tell('item.media', 'no url', media)
    if (type !== undefined && !isMediaType(type)) tell('item.media', `type="${type}"`, media)
    if (medium !== undefined && !MEDIUMS.includes(medium)) tell('item.media', `medium="${medium}"`, media)
    for (const name of ['fileSize', 'width', 'height', 'duration']) {
      const value = figures[name]
      if (value !== undefined && !isCount(value)) tell('item.media', `${name}="${value}"`, media)
    }
  }
  for (const thumbnail of groups.flatMap((group) => childrenOf(group, `${MEDIA}thumbnail`))) {
    if (!isWebAddress(thumbnail.attributes['url'] ?? '')) tell('item.media', 'a thumbnail without address', thumbnail)
  }
}
