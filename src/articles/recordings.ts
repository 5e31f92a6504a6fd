/** Recordings and films: those that a text plays itself, and those that are offered beside it. */
import { type Element } from 'domhandler'
import { type Enclosure, type Episode, type Transcript } from '../model.ts'
import { evenText } from './characters.ts'
import { absolute, parseUrl } from './links.ts'
import { parseHtml } from './markup.ts'

/** By the ending of its name, what a file is; of streams, which are no files, nothing. */
const TYPES: Partial<Record<string, string>> = {
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  m4b: 'audio/mp4',
  aac: 'audio/aac',
  ogg: 'audio/ogg',
  oga: 'audio/ogg',
  opus: 'audio/ogg',
  flac: 'audio/flac',
  wav: 'audio/wav',
  weba: 'audio/webm',
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
  ogv: 'video/ogg',
  pdf: 'application/pdf',
  epub: 'application/epub+zip',
  vtt: 'text/vtt',
  srt: 'application/x-subrip',
}

/** The MIME type that a name tells, or nothing. */
export function typeByName(url: string): string | undefined {
  return TYPES[/\.([a-z\d]{2,5})$/i.exec(parseUrl(url)?.pathname ?? '')?.[1]?.toLowerCase() ?? '']
}

/** What stands for a list of pieces that a player loads one by one. */
const STREAM = /mpegurl|dash\+xml|\.(?:m3u8?|mpd|pls)$/i

/** The recordings and films that an untrusted text plays at web addresses, in their order, each once. */
export function playedIn(html: string, base: string): Enclosure[] {
  // Most have none, and need not be read once more for it.
  if (!/<(?:audio|video)\b/i.test(html)) return []
  const $ = parseHtml(html)
  const start = absolute($('base[href]').first().attr('href') ?? '', base) ?? base
  const found = new Map<string, Enclosure>()
  for (const element of $('audio, video')) {
    const { loop, muted } = element.attribs
    // Without sound and without end: a picture that moves.
    if (loop !== undefined && muted !== undefined) continue
    const sources: Element[] = [element, ...$(element).children('source')]
    const file = sources.map(({ attribs }) => fileOf(attribs, start)).find((one) => one !== undefined)
    if (file === undefined || found.has(file.url)) continue
    const title = evenText(element.attribs['title'] ?? element.attribs['aria-label'] ?? '', LONGEST_TITLE)
    found.set(file.url, { ...file, ...(title !== '' && { title }) })
  }
  return [...found.values()]
}

const LONGEST_TITLE = 500

function fileOf({ src = '', type = '' }: Record<string, string>, base: string): Enclosure | undefined {
  const url = absolute(src, base)
  if (url === undefined || STREAM.test(type) || STREAM.test(parseUrl(url)?.pathname ?? '')) return undefined
  return { url, type: essence(type) ?? typeByName(url) ?? '' }
}

/** A MIME type without its parameters, in small letters; nothing where it is none. */
function essence(type: string): string | undefined {
  return /^\s*([a-z\d][\w!#$&^.+-]*\/[a-z\d][\w!#$&^.+-]*)/i.exec(type)?.[1]?.toLowerCase()
}

const MOST_ENCLOSURES = 50

/** The files that are offered beside an article, at web addresses; of several that say something of one, the first. */
export function filesBeside(base: string, ...lists: (Enclosure[] | undefined)[]): Enclosure[] {
  const found = new Map<string, Enclosure>()
  for (const { url: address, type, bytes, title, seconds } of lists.flatMap(
    (list) => list?.slice(0, MOST_ENCLOSURES) ?? [],
  )) {
    const url = absolute(address, base)
    if (url === undefined || found.has(url)) continue
    found.set(url, {
      url,
      type: essence(type) ?? typeByName(url) ?? '',
      ...(isCount(bytes) && { bytes }),
      ...(title && { title }),
      ...(seconds !== undefined && seconds > 0 && Number.isFinite(seconds) && { seconds: Math.ceil(seconds) }),
    })
  }
  return [...found.values()].slice(0, MOST_ENCLOSURES)
}

/** What is said of an episode, as far as it can be: web addresses, numbers that count. Nothing where nothing is. */
export function evenEpisode(base: string, said: Episode | undefined): Episode | undefined {
  if (said === undefined) return undefined
  const { season, number, explicit, kind } = said
  const image = said.image === undefined ? undefined : absolute(said.image, base)
  const transcripts = (said.transcripts ?? []).slice(0, MOST_TRANSCRIPTS).flatMap((one): Transcript[] => {
    const url = absolute(one.url, base)
    const type = essence(one.type) ?? typeByName(url ?? '')
    return url === undefined || type === undefined ? [] : [{ ...one, url, type }]
  })
  const episode: Episode = {
    ...(image !== undefined && { image }),
    ...(explicit !== undefined && { explicit }),
    ...(isCount(season) && { season }),
    ...(isCount(number) && { number }),
    ...(kind !== undefined && { kind }),
    ...(transcripts.length > 0 && { transcripts }),
  }
  return Object.keys(episode).length === 0 ? undefined : episode
}

const MOST_TRANSCRIPTS = 10

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value > 0
}
