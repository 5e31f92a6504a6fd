/** What picture an `<img>`, `<picture>` or `<noscript>` really shows, wherever the page keeps its address for later. */
import { type Element, isTag, isText } from 'domhandler'
import { absolute, bestCandidate, type Candidate, parseSrcset } from './links.ts'
import { parseHtml } from './markup.ts'

export interface FoundPicture {
  url: string
  /** The other sizes of it, absolute; empty where there are none. */
  candidates: Candidate[]
}

// Where lazy loading keeps the address until the picture is near: best first.
const LAZY_SOURCES = ['data-src', 'data-lazy-src', 'data-original', 'data-lazy', 'data-original-src', 'data-image-src']
const SETS = ['data-srcset', 'data-lazy-srcset', 'data-original-set', 'data-src-set', 'srcset']

/** A stand-in until the real picture comes. */
const PLACEHOLDER =
  /(?:^|[/_-])(?:placeholder|blank|spacer|lazy(?:load)?|loading|loader|transparent|empty|1x1|pixel|grey|gray)[^/]*$/i

/** The picture of an `img` or a `picture`, or nothing when none of its addresses can be shown. */
export function findPicture(element: Element, base: string): FoundPicture | undefined {
  const images = element.name === 'picture' ? descendants(element, 'img') : [element]
  const image = images[0]
  const around =
    image?.parent instanceof Object && isTag(image.parent) && image.parent.name === 'picture' ? image.parent : element
  const sources = around.name === 'picture' ? descendants(around, 'source') : []

  const plain = resolve(image?.attribs['src'], base)
  const lazy = image && lazyOf(image, base)
  const ownSet = image ? setOf(image, base) : []
  // A browser takes the first source whose type it knows; a lone address must be one that every mail shows.
  const known = sources.filter((source) => !/avif|webp|jxl/i.test(source.attribs['type'] ?? ''))
  const sourceSet = firstOf([...known, ...sources].map((source) => nonEmpty(setOf(source, base)))) ?? []
  const candidates = ownSet.length > 0 ? ownSet : sourceSet
  const url = lazy ?? (plain !== undefined && !PLACEHOLDER.test(pathOf(plain)) ? plain : undefined)
  const found = url ?? bestCandidate(candidates)?.url ?? (sources.length + candidates.length > 0 ? undefined : plain)
  return found === undefined ? undefined : { url: found, candidates: ownSet.length > 0 ? ownSet : [] }
}

/** Whether it is there to be fetched, not to be seen. */
export function isTrackingPixel(element: Element, url: string): boolean {
  const { width = '', height = '', style = '' } = element.attribs
  if ([width, height].some((size) => /^\s*[01](?:\.0*)?\s*(?:px)?\s*$/.test(size))) return true
  if (/(?:^|;)\s*(?:max-)?(?:width|height)\s*:\s*[01](?:px)?\s*(?:!important\s*)?(?:;|$)/i.test(style)) return true
  return isTrackerAddress(url)
}

/** Whether the address has the shape of one that counts a visit. */
export function isTrackerAddress(url: string): boolean {
  const path = pathOf(url)
  if (
    /(?:^|\/)(?:pixel|beacon|tracker?|1x1|spacer|blank|clear|transparent|trans|counter|count|open|o|p|b|px)\.(?:gif|png|php|aspx?)$/i.test(
      path,
    )
  )
    return true
  if (/\/(?:pixel|beacon|wf\/open|track\/open|e\/o|open)\/?$/i.test(path)) return true
  return /[?&](?:w|width)=[01](?:&|$)/.test(url) && /[?&](?:h|height)=[01](?:&|$)/.test(url)
}

/** The picture that a `<noscript>` shows instead of one that scripts would have brought; none where one stands already. */
export function noscriptPicture(noscript: Element, base: string): Element | undefined {
  const [text] = noscript.children
  if (text === undefined || !isText(text) || text.data.length > 20_000 || !/<img\s/i.test(text.data)) return undefined
  const around = noscript.parent instanceof Object && isTag(noscript.parent) ? noscript.parent : undefined
  const others = around === undefined ? [] : descendants(around, 'img')
  if (others.length > 1 || others.some((image) => findPicture(image, base) !== undefined)) return undefined
  return parseHtml(text.data)('img')[0]
}

function lazyOf({ attribs }: Element, base: string): string | undefined {
  for (const name of LAZY_SOURCES) {
    const url = resolve(attribs[name], base)
    if (url !== undefined) return url
  }
  return undefined
}

function setOf(element: Element, base: string): Candidate[] {
  const written = SETS.find((name) => (element.attribs[name] ?? '') !== '')
  if (written === undefined) return []
  const found = parseSrcset(element.attribs[written] ?? '').flatMap(({ url, descriptor }) => {
    const resolved = resolve(url, base)
    return resolved === undefined ? [] : [{ url: resolved, descriptor }]
  })
  return found.filter(({ url }) => !PLACEHOLDER.test(pathOf(url)))
}

function resolve(address: string | undefined, base: string): string | undefined {
  // Some lazy loaders keep JSON or a template in these attributes.
  if (address === undefined || address.trim() === '' || /^\s*[[{]|\{\{|\{width\}/.test(address)) return undefined
  return absolute(address, base)
}

function pathOf(url: string): string {
  return url.split(/[?#]/, 1)[0] ?? ''
}

function firstOf<T>(values: (T | undefined)[]): T | undefined {
  return values.find((value) => value !== undefined)
}

function nonEmpty<T extends { length: number }>(value: T): T | undefined {
  return value.length > 0 ? value : undefined
}

/** Bounded: a lazy picture has its helpers near it. */
function descendants(element: Element, name: string, most = 50): Element[] {
  const found: Element[] = []
  const waiting = [...element.children].reverse()
  for (let seen = 0; seen < 500 && found.length < most; seen++) {
    const node = waiting.pop()
    if (node === undefined) break
    if (!isTag(node)) continue
    if (node.name === name) found.push(node)
    for (let index = Math.min(node.children.length, 500) - 1; index >= 0; index--) {
      const child = node.children[index]
      if (child !== undefined) waiting.push(child)
    }
  }
  return found
}
