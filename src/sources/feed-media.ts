/** Pictures and files beside an item of a feed: Media RSS, enclosures, attachments. */
import { type MediaNs } from 'feedsmith'
import { type Enclosure, type Item, type Picture } from '../model.ts'
import { webUrl } from './web-url.ts'

/** A file beside an item, whichever way its feed names it. */
export interface BesideFile {
  url?: string | undefined
  type?: string | undefined
  medium?: string | undefined
  bytes?: number | undefined
  title?: string | undefined
}

/** The lead picture, and the files that a reader may download: only those whose type and length are told. */
export function mediaOf(
  media: MediaNs.ItemOrFeed | undefined,
  base: string,
  beside: BesideFile[],
): Pick<Item, 'image' | 'enclosures'> {
  const groups = media?.groups ?? []
  const contents = [...(media?.contents ?? []), ...groups.flatMap((group) => group.contents ?? [])]
  const files = [...contents.map(fileOf), ...beside].flatMap((file) => {
    const url = webUrl(file.url, base)
    return url === undefined ? [] : [{ ...file, url }]
  })
  const shown = files.find(isPicture)
  const thumbnail = [media, ...groups, ...contents].flatMap((one) => one?.thumbnails ?? [])[0]
  const image = webUrl(shown?.url ?? thumbnail?.url, base)
  const words = [contents.find(({ url }) => webUrl(url, base) === image), media, ...groups]
  const alt = words.find((one) => one?.description !== undefined)?.description?.value
  const credit = words.find((one) => one?.credits !== undefined)?.credits?.[0]?.value
  const enclosures = files.flatMap((file): Enclosure[] => {
    const { url, type, bytes, title } = file
    if (type === undefined || isPicture(file)) return []
    if (bytes === undefined || !Number.isSafeInteger(bytes) || bytes <= 0) return []
    return [{ url, type, bytes, ...(title && { title }) }]
  })
  return {
    ...(image !== undefined && { image: pictureOf(image, alt, credit) }),
    ...(enclosures.length > 0 && { enclosures }),
  }
}

function fileOf({ url, type, medium, fileSize, title }: MediaNs.Content): BesideFile {
  return { url, type, medium, bytes: fileSize, title: title?.value }
}

function isPicture({ url = '', type, medium }: BesideFile): boolean {
  if (medium !== undefined && medium !== '') return medium.toLowerCase() === 'image'
  if (type !== undefined) return type.toLowerCase().startsWith('image/')
  return /\.(?:jpe?g|png|gif|webp|avif)(?:[?#]|$)/i.test(url)
}

function pictureOf(url: string, alt: string | undefined, credit: string | undefined): Picture {
  return { url, ...(alt && { alt }), ...(credit && { credit }) }
}
