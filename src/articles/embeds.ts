/** What a page shows of other sites: films, recordings, posts, maps, charts. In an article each is a link. */
import { type Element, isTag } from 'domhandler'
import { evenText } from './characters.ts'
import { findPicture, isTrackerAddress, isTrackingPixel } from './images.ts'
import { absolute, parseUrl } from './links.ts'
import { addressOf, findShown } from './players.ts'

export interface Embed {
  url: string
  title: string
  thumbnail?: string
}

/** Whether an element is there to show something of another site, and nothing else. */
export function isEmbed({ name, attribs }: Element): boolean {
  if (FRAMES.has(name)) return true
  return name.includes('-') && EMBED_NAME.test(name) && ADDRESSES.concat(IDS).some((key) => attribs[key] !== undefined)
}

/** Whether an element that could hold anything only keeps the place of such a thing until a script or a consent brings it. */
export function isPlaceholder({ name, attribs }: Element): boolean {
  if (!PLACES.has(name)) return false
  for (const key in attribs) if (PLACE_KEYS.has(key)) return true
  return false
}

/** What it shows; nothing where that is an advertisement, a tool of the page, unseen, or not at a web address. */
export function readEmbed(element: Element, base: string): Embed | undefined {
  if (isUnseen(element)) return undefined
  const address = addressIn(element)
  const at = address === undefined ? undefined : absolute(address, base)
  if (at === undefined || isTool(at) || (element.name === 'object' && !isKnownFile(element, at))) return undefined
  const { url, name, thumbnail } = findShown(at)
  if (/\.swf$/i.test(parseUrl(url)?.pathname ?? '') || absolute(url, base) === undefined) return undefined
  const own = thumbnailIn(element, base)
  const still = own ?? thumbnail
  return { url, title: titleIn(element) ?? name ?? nameOf(url), ...(still === undefined ? {} : { thumbnail: still }) }
}

const FRAMES = new Set(['iframe', 'embed', 'object', 'oembed'])
const EMBED_NAME =
  /youtube|vimeo|dailymotion|twitter|tweet|instagram|tiktok|soundcloud|spotify|facebook|embed|iframe|video/
const PLACES = new Set(['div', 'span', 'a', 'button', 'section', 'p'])

/** Where its address is, or is kept until a script or a consent asks for it. */
const ADDRESSES = ['src', 'data-src', 'data-lazy-src', 'data-cookieblock-src', 'data-src-cmplz', 'data-iframe-src', 'data-embed-src', 'data-embed-url', 'data-oembed-url', 'data-href', 'data', 'url'] // prettier-ignore
/** Its id at a service that the element or the attribute is named for. */
const IDS = ['videoid', 'video-id', 'video', 'data-videoid', 'data-video-id', 'data-youtube-id', 'data-youtubeid', 'data-yt-id', 'data-youtube', 'data-vimeo-id', 'data-tweetid', 'data-tweet-id', 'data-shortcode'] // prettier-ignore
const PLACE_KEYS = new Set(['data-iframe-src', 'data-embed-src', 'data-embed-url', 'data-oembed-url', 'data-youtube-id', 'data-youtubeid', 'data-yt-id', 'data-vimeo-id', 'data-tweet-id']) // prettier-ignore

function addressIn(element: Element): string | undefined {
  const { name, attribs } = element
  for (const key of ADDRESSES) {
    const value = attribs[key]?.trim() ?? ''
    if (value !== '' && !/^(?:about|data|javascript|blob):/i.test(value)) return value
  }
  for (const key of IDS) {
    const value = attribs[key]
    const found = value === undefined ? undefined : addressOf(`${name} ${key} ${attribs['class'] ?? ''}`, value)
    if (found !== undefined) return found
  }
  const movie = element.children.filter(isTag).find((child) => child.name === 'param' && /^(?:movie|src)$/i.test(child.attribs['name'] ?? '')) // prettier-ignore
  return (
    movie?.attribs['value'] ?? element.children.filter(isTag).find((child) => child.name === 'embed')?.attribs['src']
  )
}

function isUnseen({ attribs }: Element): boolean {
  const { width = '', height = '', style = '' } = attribs
  if (attribs['hidden'] !== undefined || attribs['aria-hidden'] === 'true') return true
  if ([width, height].some((size) => /^\s*[0-2](?:\.0*)?\s*(?:px)?\s*$/.test(size))) return true
  if (
    /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|(?:width|height)\s*:\s*[0-2](?:px)?\s*(?:;|$|!))/i.test(
      style,
    )
  )
    return true
  return NAMED_TOOL.test(`${attribs['id'] ?? ''} ${attribs['class'] ?? ''} ${attribs['name'] ?? ''}`)
}

const NAMED_TOOL = /(?:^|[\s_-])(?:ads?|advert\w*|adsense|google_ads|aswift|dfp|gpt|taboola|outbrain|sponsor\w*|banner|captcha|recaptcha|consent|cookie\w*|newsletter|sign-?up|subscri\w+|disqus|comments?|fb-like|share|sharing|chat\w*|paywall|login|tracking|pixel|gtm|piano)(?:[\s_-]|\d|$)/i // prettier-ignore

/** Hosts and paths of what stands in pages and is no part of any text: advertising, counting, forms, buttons. */
const TOOL_HOST = /(?:^|\.)(?:ads?\d*|adserver|adservice|adform|adnxs|amazon-adsystem|doubleclick|googlesyndication|googletagmanager|googleadservices|taboola|outbrain|criteo|teads|recaptcha|hcaptcha|disqus|addthis|sharethis|mailchimp|list-manage|hsforms|typeform|consent|cmp|tags?|pixel|tracking|analytics)\./i // prettier-ignore
const TOOL_PATH =
  /\/plugins\/(?:like|share_button|follow|page|comments|likebox)|\/widgets\/(?:follow|tweet)_button|recaptcha|\/(?:newsletters?|subscribe|sign-?up|login|comments?|consent|cookie)(?:[/?.]|$)/i

function isTool(url: string): boolean {
  const parsed = parseUrl(url)
  if (parsed === undefined || isTrackerAddress(url)) return true
  return TOOL_HOST.test(parsed.hostname) || TOOL_PATH.test(parsed.pathname)
}

/** An object may hold anything, and mostly what stands in it for those who cannot see it is better. */
function isKnownFile({ attribs }: Element, url: string): boolean {
  const path = parseUrl(url)?.pathname ?? ''
  return (
    findShown(url).thumbnail !== undefined ||
    /pdf|^(?:video|audio)\//i.test(attribs['type'] ?? '') ||
    /\.pdf$/i.test(path)
  )
}

/** What their makers call all that they show. */
const NO_TITLE = /^(?:(?:embedded|youtube|vimeo|dailymotion|spotify|soundcloud|tiktok|instagram|twitter|x|facebook|video|audio|media|map|google maps?|external|third.party|lecteur vidéo|reproductor|responsive)\s*){0,3}(?:video|player|iframe|embed|embedded|content|post|widget|frame|externe inhalte|tweet|map)?(?:\s+(?:player|embed|video|iframe|content))?\s*\d*$/i // prettier-ignore

function titleIn({ attribs }: Element): string | undefined {
  for (const key of ['data-title', 'title', 'playlabel', 'aria-label', 'alt', 'videotitle', 'video-title']) {
    const title = evenText(attribs[key] ?? '', 300).replace(/^(?:play|watch|youtube video player|vimeo video player)\s*[:–-]\s*/i, '') // prettier-ignore
    if (title !== '' && (key === 'data-title' || !NO_TITLE.test(title))) return title
  }
  return undefined
}

function thumbnailIn(element: Element, base: string): string | undefined {
  const { attribs } = element
  const styled = /background(?:-image)?\s*:[^;]*?url\(\s*["']?([^"')]+)/i.exec(attribs['style'] ?? '')?.[1]
  for (const value of [
    attribs['data-thumbnail'],
    attribs['poster'],
    attribs['data-poster'],
    attribs['data-thumb'],
    attribs['thumbnail'],
    styled,
  ]) {
    // prettier-ignore
    const url = value === undefined || value === '' ? undefined : absolute(value, base)
    if (url !== undefined && !isTrackerAddress(url)) return url
  }
  // A picture that stands in it until the film comes; not looked for deep.
  const inner = element.children
    .filter(isTag)
    .find(({ name }) => name === 'img' || name === 'picture' || name === 'amp-img')
  const still = inner && findPicture(inner, base)?.url
  return inner === undefined || still === undefined || isTrackingPixel(inner, still) ? undefined : still
}

/** The file's name or the site's. */
function nameOf(url: string): string {
  const parsed = parseUrl(url)
  const file = parsed?.pathname.split('/').at(-1) ?? ''
  if (/\.(?:pdf|mp[34]|m4[av]|webm|og[gv]|docx?|xlsx?|pptx?)$/i.test(file)) {
    try {
      return evenText(decodeURIComponent(file))
    } catch {
      return file
    }
  }
  return parsed?.hostname.replace(/^(?:www|embed|player)\./, '') ?? url
}
