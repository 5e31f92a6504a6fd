/** The rules of files beside an item: enclosures, and Media RSS. */
import { childrenOf, type ReadElement } from '../read-xml.ts'
import type { Tell } from './checklist.ts'
import type { Spot } from './item.ts'
import { isCount, isMediaType, isWebAddress } from './values.ts'

const MEDIA = '{http://search.yahoo.com/mrss/}'
const MEDIUMS = ['image', 'audio', 'video', 'document', 'executable']

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
