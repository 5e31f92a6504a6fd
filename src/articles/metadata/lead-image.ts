/** The picture that leads the article, with what the page says of it. */
import { type Picture } from '../../model.ts'
import { isTrackerAddress } from '../images.ts'
import { absolute } from '../links.ts'
import { type Claim, claimsOf, decide, type Finding } from './claim.ts'
import { type Data, isData, listOf, textOf } from './data.ts'
import { type Page } from './page.ts'
import { gatherPictures, type PictureSeen } from './pictures-seen.ts'

/** How far from the headline the leading picture may stand, in lines. */
const ABOVE = -12
const BELOW = 25

/** The picture that is believed, with the words of the same picture where it stands on the page. */
export function findImage(page: Page, seen: Claim<Picture>[] = []): Finding<Picture> | undefined {
  const pictures = gatherPictures(page)
  const found = decide([...claimImage(page, pictures), ...seen], isSamePicture)
  if (found === undefined) return undefined
  const shown = pictures.find(({ picture }) => isSamePicture(picture, found.value))?.picture
  return { ...found, value: { ...shown, ...found.value } }
}

function claimImage(page: Page, pictures = gatherPictures(page)): Claim<Picture>[] {
  const { article, base, data } = page
  const [alt] = page.meta('og:image:alt', 'twitter:image:alt')
  const named = (...names: string[]) => page.meta(...names).flatMap((address) => picturesOf(address, base, data)).map((picture) => ({ ...picture, ...(alt === undefined ? {} : { alt }) })) // prettier-ignore
  const linked = page.marked.filter(({ element, roles }) => element.name === 'link' && roles.includes('image_src'))
  const props = page.props('image').map(({ element: { attribs } }) => attribs['content'] ?? attribs['href'] ?? attribs['src']) // prettier-ignore
  const near = pictures.filter(({ steps }) => steps >= ABOVE && steps <= BELOW)
  const lead = near.find(({ isMarked }) => isMarked) ?? near.find(({ inFigure }) => inFigure)
  const logos = new Set(logosOf(page))
  const claims = [
    ...claimsOf('JSON-LD image', 0.85, [...picturesOf(article['image'], base, data), ...picturesOf(article['thumbnailUrl'], base, data)].slice(0, 3)),
    ...claimsOf('og:image', 0.85, named('og:image:secure_url', 'og:image', 'og:image:url').slice(0, 2)),
    ...claimsOf('twitter:image', 0.7, named('twitter:image', 'twitter:image:src').slice(0, 1)),
    ...claimsOf('link rel=image_src', 0.6, linked.flatMap(({ element }) => picturesOf(element.attribs['href'], base, data)).slice(0, 1)),
    ...claimsOf('itemprop image', 0.5, props.flatMap((address) => picturesOf(address, base, data)).slice(0, 1)),
    ...claimsOf('picture at the headline', lead?.isMarked ? 0.6 : 0.5, lead === undefined ? [] : [lead.picture]),
    ...claimsOf('first picture', 0.3, firstOf(pictures)),
  ] // prettier-ignore
  return claims.flatMap((claim) => {
    const { url } = claim.value
    if (logos.has(url) || isTrackerAddress(url)) return []
    // What stands for want of a picture: still what the paper chose to be seen with, where there is no other.
    if (isDefault(url)) return [{ ...claim, weight: claim.weight * 0.45 }]
    // A logo may be what an article is about, but it rarely is.
    return /(?:^|[/_-])(?:logo|icon)s?(?=[/_.\d-])/i.test(fileOf(url)) ? [{ ...claim, weight: claim.weight * 0.3 }] : [claim] // prettier-ignore
  })
}

function firstOf(pictures: PictureSeen[]): Picture[] {
  return pictures.filter(({ steps }) => steps >= ABOVE).slice(0, 1).map(({ picture }) => picture) // prettier-ignore
}

/** What the page calls its publisher's logo, and its own icons. */
function logosOf({ base, data, article, marked }: Page): string[] {
  const makers = [article['publisher'], ...data.slice(0, 100).filter((node) => node['logo'] !== undefined)]
  const icons = marked.filter(({ element, roles }) => element.name === 'link' && roles.some((role) => role.includes('icon'))) // prettier-ignore
  return [
    ...makers.flatMap((maker) => (isData(maker) ? picturesOf(maker['logo'], base, data) : [])).map(({ url }) => url),
    ...icons.flatMap(({ element }) => absolute(element.attribs['href'] ?? '', base) ?? []),
  ]
}

const DEFAULT_WORD = /^(?:\d+|\d+x\d+|site|web|default|og|opengraph|open|graph|share|sharing|shared|social|media|fb|facebook|twitter|card|logo|logos|icon|favicon|placeholder|fallback|no|not|available|image|img|thumb|thumbnail|blank|spacer|pixel|avatar|apple|touch|generic|missing|header|brand|meta|the|new|main|white|black|dark|light|bg|square|large|small|scaled|v\d+)$/ // prettier-ignore
const DEFAULT_CORE = /default|share|sharing|social|facebook|logo|icon|placeholder|fallback|blank|spacer|pixel|avatar|missing|opengraph|noimage|^og$|^fb$|^no$/ // prettier-ignore

/** A file that is named for being shown where there is no picture. */
function isDefault(url: string): boolean {
  const words = fileOf(url)
    .replace(/\.\w{3,4}$/, '')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '')
  return words.every((word) => DEFAULT_WORD.test(word)) && words.some((word) => DEFAULT_CORE.test(word))
}

/** The same file, whatever its size, its format and the host that it comes from. */
export function isSamePicture(a: Picture, b: Picture): boolean {
  if (a.url === b.url) return true
  const [one, other] = [nameOf(a.url), nameOf(b.url)]
  // Many files are called `image.jpg`: only a name of its own tells.
  return one === other && one.length >= 8 && !/^(?:image|photo|picture|default|index|original|large|thumb|cover|header|main|featured)[\W\d_]*$/.test(one) // prettier-ignore
}

function nameOf(url: string): string {
  return fileOf(url)
    .toLowerCase()
    .replace(/\.(?:jpe?g|png|webp|gif|avif)$/, '')
    .replace(
      /(?:[-_.@](?:\d{2,4}x\d{2,4}(?:x\d+)?|[wh]?\d{3,4}w?|scaled|\dx|large|medium|small|thumb(?:nail)?|crop))+$/,
      '',
    )
}

/** The last part of its path; of an address inside another, as image servers have it, the inner one's. */
function fileOf(url: string): string {
  const path = url.split(/[?#]/, 1)[0] ?? ''
  const inner = /[?&](?:url|src|image|u)=([^&]+)/.exec(url)?.[1]
  const whole = inner !== undefined && /\.(?:jpe?g|png|webp|gif)/i.test(inner) ? inner : path
  return decode(whole).split(/[?#]/, 1)[0]?.split('/').findLast((part) => part !== '') ?? '' // prettier-ignore
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function picturesOf(value: unknown, base: string, nodes: Data[]): Picture[] {
  return listOf(value).slice(0, 5).flatMap((one) => pictureOf(one, base, nodes)) // prettier-ignore
}

function pictureOf(value: unknown, base: string, nodes: Data[]): Picture[] {
  const data = isData(value) ? refer(value, nodes) : undefined
  const address = data === undefined ? value : [data['url'], data['contentUrl'], data['@id']].flatMap(listOf).find((one) => typeof one === 'string') // prettier-ignore
  const url = typeof address === 'string' && !address.startsWith('#') ? absolute(address, base) : undefined
  if (url === undefined) return []
  const caption = data === undefined ? undefined : textOf(data['caption'])
  const credit = data === undefined ? undefined : textOf(data['creditText'])
  return [{ url, ...(caption === undefined ? {} : { caption }), ...(credit === undefined ? {} : { credit }) }]
}

/** A picture that is only named by its `@id` is described elsewhere in the page's data. */
function refer(data: Data, nodes: Data[]): Data {
  const id = data['@id']
  if (data['url'] !== undefined || data['contentUrl'] !== undefined || typeof id !== 'string') return data
  return nodes.find((node) => node['@id'] === id && (node['url'] !== undefined || node['contentUrl'] !== undefined)) ?? data // prettier-ignore
}
