/**
 * The addresses at which well-known players and networks show a film, a recording, a post or a map within a page, and
 * those at which a person sees the same. What none of these knows is led to where the page would have shown it.
 */
import { parseUrl } from './links.ts'

export interface Shown {
  /** Where a person sees it. */
  url: string
  /** Whose it is, where its title is not known. */
  name?: string
  thumbnail?: string
}

interface Player {
  name: string
  host: RegExp
  /** On path and query; what it finds in `id` (and `more`) makes the addresses. */
  at: RegExp
  url: (id: string, more: string) => string
  thumbnail?: (id: string) => string
}

const youtube = (id: string) => `https://www.youtube.com/watch?v=${id}`
const still = (id: string) => `https://i.ytimg.com/vi/${id}/hqdefault.jpg`
const dailymotion = (id: string) => `https://www.dailymotion.com/video/${id}`
const dailymotionStill = (id: string) => `https://www.dailymotion.com/thumbnail/video/${id}`
const tweet = (id: string) => `https://x.com/i/status/${id}`

const PLAYERS: Player[] = [
  { name: 'YouTube', host: /(?:^|\.)youtube(?:-nocookie)?\.com$/, at: /^\/(?:embed|v|e|shorts|live)\/(?!videoseries|live_stream)(?<id>[\w-]{11})(?![\w-])/, url: youtube, thumbnail: still },
  { name: 'YouTube', host: /(?:^|\.)youtube(?:-nocookie)?\.com$/, at: /^\/watch\?(?:.*&)?v=(?<id>[\w-]{11})(?![\w-])/, url: youtube, thumbnail: still },
  { name: 'YouTube', host: /(?:^|\.)youtube(?:-nocookie)?\.com$/, at: /[?&]list=(?<id>[\w-]{10,60})/, url: (id) => `https://www.youtube.com/playlist?list=${id}` },
  { name: 'YouTube', host: /^youtu\.be$/, at: /^\/(?<id>[\w-]{11})(?![\w-])/, url: youtube, thumbnail: still },
  { name: 'Vimeo', host: /^player\.vimeo\.com$/, at: /^\/video\/(?<id>\d+)(?:.*[?&]h=(?<more>[\da-f]+))?/, url: (id, more) => `https://vimeo.com/${id}${more && `/${more}`}` },
  { name: 'Dailymotion', host: /(?:^|\.)dailymotion\.com$/, at: /^\/embed\/video\/(?<id>\w+)/, url: dailymotion, thumbnail: dailymotionStill },
  { name: 'Dailymotion', host: /^geo\.dailymotion\.com$/, at: /[?&]video=(?<id>\w+)/, url: dailymotion, thumbnail: dailymotionStill },
  { name: 'X', host: /^platform\.(?:twitter|x)\.com$/, at: /^\/embed\/.*[?&]id=(?<id>\d+)/i, url: tweet },
  { name: 'TikTok', host: /(?:^|\.)tiktok\.com$/, at: /^\/(?:embed(?:\/v\d)?|player\/v\d)\/(?<id>\d+)/, url: (id) => `https://www.tiktok.com/@_/video/${id}` },
  { name: 'Spotify', host: /^open\.spotify\.com$/, at: /^\/embed(?:-podcast)?\/(?<id>\w+)\/(?<more>\w+)/, url: (kind, id) => `https://open.spotify.com/${kind}/${id}` },
  { name: 'Apple Podcasts', host: /^embed\.podcasts\.apple\.com$/, at: /^(?<id>\/[^?]*(?:\?i=\d+)?)/, url: (path) => `https://podcasts.apple.com${path}` },
  { name: 'Apple Music', host: /^embed\.music\.apple\.com$/, at: /^(?<id>\/[^?]*(?:\?i=\d+)?)/, url: (path) => `https://music.apple.com${path}` },
  { name: 'TED', host: /^embed(?:-ssl)?\.ted\.com$/, at: /^(?<id>\/talks\/[^?]*)/, url: (path) => `https://www.ted.com${path}` },
  { name: 'Reddit', host: /^(?:embed\.reddit|www\.redditmedia)\.com$/, at: /^(?<id>\/r\/[^?]*)/, url: (path) => `https://www.reddit.com${path}` },
  { name: 'Bluesky', host: /^embed\.bsky\.app$/, at: /^\/embed\/(?<id>[\w.:%-]+)\/app\.bsky\.feed\.post\/(?<more>\w+)/, url: (who, id) => `https://bsky.app/profile/${who}/post/${id}` },
  { name: 'Twitch', host: /^player\.twitch\.tv$/, at: /[?&]video=v?(?<id>\d+)/, url: (id) => `https://www.twitch.tv/videos/${id}` },
  { name: 'Twitch', host: /^player\.twitch\.tv$/, at: /[?&]channel=(?<id>\w+)/, url: (id) => `https://www.twitch.tv/${id}` },
  { name: 'Twitch', host: /^clips\.twitch\.tv$/, at: /^\/embed.*[?&]clip=(?<id>[\w-]+)/, url: (id) => `https://clips.twitch.tv/${id}` },
  { name: 'Streamable', host: /^streamable\.com$/, at: /^\/[eo]\/(?<id>\w+)/, url: (id) => `https://streamable.com/${id}` },
  { name: 'Loom', host: /(?:^|\.)loom\.com$/, at: /^\/embed\/(?<id>\w+)/, url: (id) => `https://www.loom.com/share/${id}` },
  { name: 'CodePen', host: /^codepen\.io$/, at: /^\/(?<id>[\w-]+)\/embed\/(?:preview\/)?(?<more>\w+)/, url: (who, id) => `https://codepen.io/${who}/pen/${id}` },
  { name: 'Bilibili', host: /^player\.bilibili\.com$/, at: /[?&]bvid=(?<id>\w+)/, url: (id) => `https://www.bilibili.com/video/${id}` },
  { name: 'Niconico', host: /^embed\.nicovideo\.jp$/, at: /^\/watch\/(?<id>\w+)/, url: (id) => `https://www.nicovideo.jp/watch/${id}` },
  { name: 'VK', host: /^(?:vk\.com|vkvideo\.ru)$/, at: /^\/video_ext\.php\?(?:.*&)?oid=(?<id>-?\d+)&(?:.*&)?id=(?<more>\d+)/, url: (who, id) => `https://vk.com/video${who}_${id}` },
  { name: 'Rutube', host: /^rutube\.ru$/, at: /^\/(?:play|video)\/embed\/(?<id>\w+)/, url: (id) => `https://rutube.ru/video/${id}/` },
  { name: 'Google Maps', host: /^(?:www|maps)\.google\.[a-z.]{2,6}$/, at: /^\/maps\/d\/(?:u\/\d+\/)?embed\?(?:.*&)?mid=(?<id>[\w-]+)/, url: (id) => `https://www.google.com/maps/d/viewer?mid=${id}` },
] // prettier-ignore

/** Whose it is where a page shows it at an address that serves a person as well. */
const NAMES: [RegExp, string][] = [
  [/(?:^|\.)google\.[a-z.]{2,6}$/, 'Google Maps'],
  [/(?:^|\.)openstreetmap\.org$/, 'OpenStreetMap'],
  [/(?:^|\.)soundcloud\.com$/, 'SoundCloud'],
  [/(?:^|\.)bandcamp\.com$/, 'Bandcamp'],
  [/(?:^|\.)facebook\.com$/, 'Facebook'],
  [/(?:^|\.)instagram\.com$/, 'Instagram'],
  [/(?:^|\.)threads\.(?:net|com)$/, 'Threads'],
  [/(?:^|\.)vimeo\.com$/, 'Vimeo'],
]

/** What a page shows at `url`, an absolute address, and where a person sees it. */
export function findShown(url: string): Shown {
  const parsed = parseUrl(url)
  if (parsed === undefined) return { url }
  const place = parsed.pathname + parsed.search
  for (const { name, host, at, url: watch, thumbnail } of PLAYERS) {
    const found = host.test(parsed.hostname) ? at.exec(place)?.groups : undefined
    const { id, more = '' } = found ?? {}
    if (id !== undefined) return { url: watch(id, more), name, ...(thumbnail && { thumbnail: thumbnail(id) }) }
  }
  const asked = askedFor(parsed)
  if (asked !== undefined) return asked
  const name = NAMES.find(([host]) => host.test(parsed.hostname))?.[1]
  if (name === 'Google Maps') return { url, name }
  // The page itself, without the part of its address that asks for a piece of it to be shown elsewhere.
  parsed.pathname = parsed.pathname
    .replace(/\/embed(?:\/captioned)?\/?$/, '/')
    .replace('/videos/embed/', '/videos/watch/')
  return { url: parsed.href, ...(name === undefined ? {} : { name }) }
}

/** Some players are told in their address what to show, and by which picture. */
function askedFor({ searchParams, hostname }: URL): Shown | undefined {
  for (const key of ['url', 'href']) {
    const asked = /^(?:https?:)?\/\//.test(searchParams.get(key) ?? '')
      ? parseUrl(searchParams.get(key) ?? '', 'https://x')
      : undefined
    // An interface for machines shows a person nothing.
    if (asked === undefined || asked.hostname.startsWith('api.') || asked.hostname === hostname) continue
    const picture = searchParams.get('image') ?? searchParams.get('thumbnail')
    const thumbnail = picture !== null && /^https?:\/\//.test(picture) ? picture : undefined
    const shown: Shown = asked.searchParams.has(key) ? { url: asked.href } : findShown(asked.href)
    return { ...shown, ...(thumbnail === undefined ? {} : { thumbnail }) }
  }
  return undefined
}

/** The address of what an element named for a service shows, by its id there. */
export function addressOf(service: string, id: string): string | undefined {
  if (!/^[\w-]{4,60}$/.test(id)) return undefined
  if (/youtube|(?:^|-)yt(?:-|$)/.test(service)) return id.length === 11 ? youtube(id) : undefined
  if (service.includes('vimeo')) return /^\d+$/.test(id) ? `https://player.vimeo.com/video/${id}` : undefined
  if (service.includes('dailymotion')) return `https://www.dailymotion.com/embed/video/${id}`
  if (/twitter|tweet/.test(service)) return /^\d+$/.test(id) ? tweet(id) : undefined
  if (service.includes('instagram')) return `https://www.instagram.com/p/${id}/`
  if (service.includes('tiktok')) return /^\d+$/.test(id) ? `https://www.tiktok.com/embed/v2/${id}` : undefined
  return undefined
}
