/** Pictures, files and what podcasts say beside an item of a feed: Media RSS, enclosures, attachments, Apple's tags. */
import { type ItunesNs, type MediaNs, type PodcastNs } from 'feedsmith'
import { type Item } from '../item.ts'
import { type Enclosure, type Episode, type EpisodeKind, type Picture } from '../model.ts'
import { webUrl } from './web-url.ts'

/** A file beside an item, whichever way its feed names it. */
export interface BesideFile {
  url?: string | undefined
  type?: string | undefined
  medium?: string | undefined
  bytes?: number | undefined
  title?: string | undefined
  seconds?: number | undefined
  /** It stands as a file for readers to fetch, and not among pictures and players. */
  isOffered?: true
}

/** The lead picture, and the files that a reader may fetch; what is not told of them their hosts are asked for later. */
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
  const enclosures = files.filter(isFile).map(({ url, type = '', bytes, title, seconds }): Enclosure => ({
    url,
    type,
    ...(isCount(bytes) && { bytes }),
    ...(title && { title }),
    ...(seconds !== undefined && seconds > 0 && { seconds }),
  }))
  return {
    ...(image !== undefined && { image: pictureOf(image, alt, credit) }),
    ...(enclosures.length > 0 && { enclosures }),
  }
}

function fileOf({ url, type, medium, fileSize, title, duration }: MediaNs.Content): BesideFile {
  return { url, type, medium, bytes: fileSize, title: title?.value, seconds: duration }
}

/** A page that plays something is no file. */
function isFile(file: BesideFile): boolean {
  const { type = '', medium = '', bytes, isOffered } = file
  if (isPicture(file) || /html|x-shockwave-flash|mpegurl|dash\+xml/i.test(type)) return false
  if (isOffered || (type !== '' && isCount(bytes))) return true
  return type === '' ? /^(?:audio|video)$/i.test(medium) : PLAYED.test(type)
}

const PLAYED = /^(?:audio|video)\//i

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value > 0
}

/** How long an episode plays is said of the item (itunes:duration), and goes for the first of its recordings. */
export function withDuration(files: BesideFile[], seconds: number | undefined): BesideFile[] {
  const first = files.find(({ type = '' }) => PLAYED.test(type)) ?? files[0]
  return files.map((file) => (file === first && file.seconds === undefined ? { ...file, seconds } : file))
}

const KINDS: readonly string[] = ['full', 'trailer', 'bonus'] satisfies EpisodeKind[]

/** What a podcast says of an item; nothing where it is none. */
export function episodeOf(
  { image, explicit, season, episode, episodeType }: ItunesNs.Item = {},
  podcast: PodcastNs.Item = {},
  base: string,
): Episode | undefined {
  const kind = episodeType?.trim().toLowerCase() ?? ''
  const own = webUrl(image, base)
  const number = episode ?? podcast.episode?.number
  const ofSeason = season ?? podcast.season?.number
  const transcripts = (podcast.transcripts ?? []).flatMap(({ url: written, type, language, rel }) => {
    const url = webUrl(written, base)
    if (url === undefined || type === undefined) return []
    return [{ url, type, ...(language && { language }), ...(rel === 'captions' && { rel: 'captions' as const }) }]
  })
  const said: Episode = {
    ...(own !== undefined && { image: own }),
    ...(explicit !== undefined && { explicit }),
    ...(isCount(ofSeason) && { season: ofSeason }),
    ...(isCount(number) && { number }),
    ...(KINDS.includes(kind) && { kind: kind as EpisodeKind }),
    ...(transcripts.length > 0 && { transcripts }),
  }
  return Object.keys(said).length === 0 ? undefined : said
}

function isPicture({ url = '', type, medium }: BesideFile): boolean {
  if (medium !== undefined && medium !== '') return medium.toLowerCase() === 'image'
  if (type !== undefined) return type.toLowerCase().startsWith('image/')
  return /\.(?:jpe?g|png|gif|webp|avif)(?:[?#]|$)/i.test(url)
}

function pictureOf(url: string, alt: string | undefined, credit: string | undefined): Picture {
  return { url, ...(alt && { alt }), ...(credit && { credit }) }
}
