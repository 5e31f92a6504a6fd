/** The picture on a card: the real one, where a placeholder stands before it. */
import { isText, type Element } from 'domhandler'
import { type Picture } from '../../model.ts'
import { webUrl } from '../web-url.ts'

const NO_PICTURE = /avatar|gravatar|\bicons?\b|emoji|sprite|pixel\.|spacer|placeholder|blank\.|1x1/i
/** Left only where there is another one. */
const DOUBTFUL_PICTURE = /logo|badge|author|byline|portrait|play|flag|arrow|\.svg|new\.gif/i

export function imageOf(images: Element[], lazy: string[], base: string): Picture | undefined {
  const found: Picture[] = []
  const doubtful = ({ attribs }: Element) =>
    DOUBTFUL_PICTURE.test(`${attribs['class'] ?? ''} ${attribs['src'] ?? ''}`) ? 1 : 0
  for (const element of images.slice(0, 20).toSorted((a, b) => doubtful(a) - doubtful(b))) {
    const { attribs, name } = element
    const small = smallSide(attribs)
    const called = `${attribs['class'] ?? ''} ${attribs['id'] ?? ''} ${attribs['src'] ?? ''}`
    const isLazy = Object.keys(attribs).some((one) => one.startsWith('data-') && /src|bg|original|lazy|image/.test(one))
    if (small <= 48 || (NO_PICTURE.test(called) && !isLazy)) continue
    const url = /^(?:img|amp-img|source)$/.test(name) ? pictureUrl(attribs, base) : backgroundUrl(attribs, base)
    const alt = attribs['alt']?.trim()
    if (url !== undefined) found.push({ url, ...(alt && { alt: alt.slice(0, 500) }) })
    if (name !== 'source' && found.length > 0) break
  }
  // The <img> of a <picture> comes last in it, and is what every browser knows.
  const best = found.at(-1)
  if (best !== undefined) return best
  const url = lazy.map((address) => webUrl(address, base)).find((address) => address !== undefined)
  return url === undefined ? undefined : { url }
}

/** The shorter side in pixels; `16` by `9` is a shape and no size. */
function smallSide(attribs: Element['attribs']): number {
  const [width, height] = [sizeOf(attribs['width']), sizeOf(attribs['height'])]
  return width <= 16 && height < width && height > 1 ? Infinity : Math.min(width, height)
}

/** In pixels; `100%` is none. */
function sizeOf(written: string | undefined): number {
  const size = /^\s*(\d+)(?:px)?\s*$/.exec(written ?? '')?.[1]
  return size === undefined ? Infinity : Number(size)
}

const PLACEHOLDER = /^data:|placeholder|blank\.|spacer|pixel\.|1x1|lazy\.|loading\./i

function pictureUrl(attribs: Element['attribs'], base: string): string | undefined {
  const lazy = [
    attribs['data-src'],
    attribs['data-lazy-src'],
    attribs['data-original'],
    attribs['data-image'],
    attribs['data-lazy'],
  ]
  const sets = [attribs['data-srcset'], attribs['data-lazy-srcset'], attribs['srcset']]
  const candidates = [
    ...lazy,
    attribs['src'],
    ...sets.map((set) => /^\s*(\S+?),?(?:\s|$)/.exec((set ?? '').slice(0, 5000))?.[1]),
  ]
  for (const address of candidates) {
    if (address === undefined || PLACEHOLDER.test(address)) continue
    const url = webUrl(address, base)
    if (url !== undefined) return url
  }
  return undefined
}

function backgroundUrl(attribs: Element['attribs'], base: string): string | undefined {
  const written = /url\(\s*(["']?)([^"')]{1,2000})\1\s*\)/.exec((attribs['style'] ?? '').slice(0, 4000))?.[2]
  const address =
    attribs['data-bg'] ?? attribs['data-background-image'] ?? attribs['data-background'] ?? attribs['poster'] ?? written
  return address === undefined || PLACEHOLDER.test(address) ? undefined : webUrl(address, base)
}

export function imagesIn(noscript: Element): string[] {
  const [text] = noscript.children
  if (text === undefined || !isText(text)) return []
  return [...text.data.slice(0, 4000).matchAll(/<img\b[^>]*?\ssrc\s*=\s*["']?([^"'\s>]{1,2000})/gi)].map(
    ([, src = '']) => src,
  )
}
