/**
 * The trust boundary: untrusted HTML in, HTML out that is safe in a feed, a mail, an archive and an admin page.
 *
 * Nothing is filtered: a new document is built, of the elements, attributes and schemes that are named here and of
 * nothing else. It is read with parse5 (`markup.ts`), because only the parser of the standard sees what a browser would;
 * it is written by `blocks.ts`, in such a form that every parser reads it the same.
 */
import { type ChildNode, type Element, isTag, isText } from 'domhandler'
import { type SafeHtml } from '../model.ts'
import { type Anchors, findAnchors } from './anchors.ts'
import { attribute, VALUES } from './attributes.ts'
import { Blocks, type Wanted } from './blocks.ts'
import { evenText, wellFormed } from './characters.ts'
import { holdsCode, isLineNumbers, languageOf, listingIn } from './code.ts'
import { isEmbed, readEmbed } from './embeds.ts'
import { findPicture, isTrackerAddress, isTrackingPixel, noscriptPicture } from './images.ts'
import { absolute, withoutTracking } from './links.ts'
import { bodyOf, parseHtml } from './markup.ts'

export interface CleanOptions {
  /** The absolute address of the page, from which relative ones begin; a `<base>` in the page goes before it. */
  base: string
  /** Another address for one that the page names, such as our own copy of a picture. */
  rewrite?: ((url: string) => string | undefined) | undefined
}

/** Elements that stay, and the attributes that stay on them; `lang` and `dir` stay on all. */
const BLOCKS: Partial<Record<string, readonly string[]>> = {
  p: [], h1: [], h2: [], h3: [], h4: [], h5: [], h6: [], pre: [], figure: [], figcaption: [], dl: [], dt: [], dd: [],
  blockquote: ['cite'], ul: [], ol: ['start', 'reversed'], li: ['value'],
  table: [], caption: [], thead: [], tbody: [], tfoot: [], tr: [], td: ['colspan', 'rowspan'], th: ['colspan', 'rowspan', 'scope'],
} // prettier-ignore

const INLINE: Partial<Record<string, readonly string[]>> = {
  a: ['href', 'title'], em: [], strong: [], b: [], i: [], u: [], s: [], mark: [], small: [], sub: [], sup: [], cite: [],
  code: ['class'], kbd: [], samp: [], var: [], dfn: ['title'], abbr: ['title'], q: ['cite'], time: ['datetime'],
  del: ['cite', 'datetime'], ins: ['cite', 'datetime'], bdi: [], bdo: [], ruby: [], rt: [], rp: [],
} // prettier-ignore

/** Old names of the same. */
const RENAMED: Partial<Record<string, string>> = { strike: 's', tt: 'code', acronym: 'abbr', listing: 'pre', xmp: 'pre', plaintext: 'pre', dir: 'ul', menu: 'ul' } // prettier-ignore

/** What goes with all that is in it. Other elements that are not named above go alone, and what is in them stays. */
const DROPPED = new Set(
  (
    'script style iframe frame frameset object embed applet param template svg math canvas map area link meta base title head ' +
    'noembed noframes input button select datalist textarea option optgroup output progress meter dialog portal slot fencedframe ' +
    'col colgroup track keygen command bgsound marquee-script'
  ).split(' '),
)

/** Elements that begin and end a paragraph without being one. */
const BREAKING = new Set(
  (
    'div section article main header footer aside nav address hgroup details summary fieldset legend center form noscript ' +
    'body html search amp-img li dt dd figcaption'
  ).split(' '),
)

/**
 * The article's HTML with nothing in it that runs, loads or follows: addresses absolute, lazy pictures real, trackers
 * gone. Never throws, whatever it is given; cleaning the result changes nothing.
 */
export function clean(html: string, { base, rewrite }: CleanOptions): SafeHtml {
  const $ = parseHtml(html)
  const stated = /<base\s/i.test(html) ? $('base[href]').first().attr('href') : undefined
  const nodes = bodyOf($)?.children ?? []
  const cleaning: Cleaning = {
    base: (stated === undefined ? undefined : absolute(stated, base)) ?? base,
    rewrite: rewrite ?? (() => undefined),
    blocks: new Blocks(),
    anchors: findAnchors(nodes, base),
    place: undefined,
  }
  cleanAll(nodes, cleaning)
  return cleaning.anchors.settle(cleaning.blocks.toString()) as SafeHtml
}

interface Cleaning {
  base: string
  rewrite: (url: string) => string | undefined
  blocks: Blocks
  anchors: Anchors
  /** The name of a place whose own element is not written: the next one that is takes it. */
  place: string | undefined
}

function cleanAll(nodes: ChildNode[], cleaning: Cleaning): void {
  for (const node of nodes) {
    if (isText(node)) cleaning.blocks.text(wellFormed(node.data))
    else if (isTag(node)) cleanElement(node, cleaning)
  }
}

function cleanElement(element: Element, cleaning: Cleaning): void {
  const { blocks } = cleaning
  const name = RENAMED[element.name] ?? element.name
  // What is not in HTML's own namespace (svg, math) may turn into something else when it is read again.
  if (element.namespace !== HTML || isHidden(element) || isLineNumbers(element)) return
  if (isEmbed(element)) linkEmbed(element, cleaning)
  if (DROPPED.has(name) || isEmbed(element)) return
  cleaning.place = cleaning.anchors.nameOf(element) ?? cleaning.place
  if (name === 'br') blocks.lineBreak()
  else if (name === 'hr') blocks.rule()
  else if (name === 'wbr') blocks.wordBreak()
  else if (name === 'img' || name === 'amp-img' || name === 'picture') cleanPicture(element, cleaning)
  else if (name === 'audio' || name === 'video') linkMedia(element, cleaning)
  else if (name === 'noscript') {
    const image = noscriptPicture(element, cleaning.base)
    if (image !== undefined) cleanPicture(image, cleaning)
  } else if (name === 'form' && !isPageInForm(element)) return
  else if (BLOCKS[name]) cleanBlock(name, element, cleaning)
  else if (INLINE[name]) cleanInline(name, element, cleaning)
  else if (BREAKING.has(name)) {
    blocks.break()
    cleanAll(element.children, cleaning)
    blocks.break()
  } else cleanAll(element.children, cleaning)
}

const HTML = 'http://www.w3.org/1999/xhtml'

function cleanBlock(name: string, element: Element, cleaning: Cleaning): void {
  const { blocks, place } = cleaning
  const listing = name === 'table' ? listingIn(element) : undefined
  if (listing !== undefined) {
    cleanAll(listing.children, cleaning)
    return
  }
  const language = name === 'pre' && !holdsCode(element) ? languageOf(element) : undefined
  const code: Wanted = { name: 'code', attributes: attribute('class', `language-${language ?? ''}`) }
  const isCode = language !== undefined && !blocks.wanted.some((around) => around.name === 'code')
  const block = name === 'p' && blocks.isInLine ? undefined : blocks.open(name, attributesOf(name, element, cleaning))
  if (block === undefined) {
    cleaning.place = place
    blocks.break()
  }
  if (isCode) blocks.wanted.push(code)
  cleanAll(element.children, cleaning)
  if (isCode) blocks.wanted.pop()
  if (block === undefined) blocks.break()
  else blocks.close(block)
}

function cleanInline(name: string, element: Element, cleaning: Cleaning): void {
  const { wanted } = cleaning.blocks
  const { place } = cleaning
  const attributes = attributesOf(name, element, cleaning)
  const has = (other: string) => wanted.some((around) => around.name === other)
  const isLost =
    has(name) ||
    (name === 'a' && !attributes.includes(' href=')) ||
    (name === 'bdo' && !attributes.includes(' dir=')) ||
    // Parsers close these where there is no ruby around them, or another of them.
    ((name === 'rt' || name === 'rp') && (!has('ruby') || has('rt') || has('rp')))
  const inline: Wanted = { name, attributes }
  if (isLost) cleaning.place = place
  else wanted.push(inline)
  cleanAll(element.children, cleaning)
  if (!isLost) wanted.pop()
}

function cleanPicture(element: Element, { base, rewrite, blocks }: Cleaning): void {
  const found = findPicture(element, base)
  const image = element.name === 'picture' ? element.children.filter(isTag).find(({ name }) => name === 'img') : element
  if (found === undefined || (image ? isTrackingPixel(image, found.url) : isTrackerAddress(found.url))) return
  const attribs = image?.attribs ?? {}
  const ours = rewritten(found.url, base, rewrite)
  const candidates = ours === undefined ? found.candidates : []
  const srcset = candidates.map(({ url, descriptor }) => `${url} ${descriptor}`.trim()).join(', ')
  const written = [
    attribute('src', ours ?? found.url),
    srcset === '' ? '' : attribute('srcset', srcset),
    attribute('alt', evenText(attribs['alt'] ?? '', 2000)),
    ...['title', 'width', 'height'].map((name) => {
      const value = VALUES[name]?.(attribs[name] ?? '', '')
      return value === undefined || value === '' ? '' : attribute(name, value)
    }),
  ]
  blocks.image(written.join(''))
}

/** A film or a recording as a link to it: nothing that loads by itself, and something that a mail can show. */
function linkMedia(element: Element, cleaning: Cleaning): void {
  const { blocks, base, rewrite } = cleaning
  const sources = [element, ...element.children.filter(isTag).filter(({ name }) => name === 'source')]
  const url = sources
    .map(({ attribs }) => absolute(attribs['src'] ?? '', base))
    .find((address) => address !== undefined)
  if (url === undefined) return
  const poster = absolute(element.attribs['poster'] ?? '', base)
  const isInLink = blocks.wanted.some(({ name }) => name === 'a')
  if (!isInLink)
    blocks.wanted.push({
      name: 'a',
      attributes: attribute('href', rewritten(url, base, rewrite) ?? withoutTracking(url)),
    })
  const title = evenText(element.attribs['title'] ?? element.attribs['aria-label'] ?? '', 500)
  if (poster === undefined || isTrackerAddress(poster)) blocks.text(title || decodeName(url))
  else blocks.image(attribute('src', rewritten(poster, base, rewrite) ?? poster) + attribute('alt', title))
  if (!isInLink) blocks.wanted.pop()
}

/** What the page shows of another site, as a link with its picture and title. */
function linkEmbed(element: Element, cleaning: Cleaning): void {
  const { blocks, base, rewrite } = cleaning
  const embed = readEmbed(element, base)
  if (embed === undefined) {
    // What an object holds is for those who cannot see it.
    if (element.name === 'object') cleanAll(element.children, cleaning)
    return
  }
  const { url, title, thumbnail } = embed
  const link: Wanted = {
    name: 'a',
    attributes: attribute('href', rewritten(url, base, rewrite) ?? withoutTracking(url)),
  }
  const show = (write: () => void) => {
    const isInLink = blocks.wanted.some(({ name }) => name === 'a')
    if (!isInLink) blocks.wanted.push(link)
    write()
    if (!isInLink) blocks.wanted.pop()
  }
  const picture = (alt: string) => {
    const source = thumbnail === undefined ? '' : (rewritten(thumbnail, base, rewrite) ?? thumbnail)
    blocks.image(attribute('src', source) + attribute('alt', alt))
  }
  // With a figure's own caption below it, the picture says what it is.
  if (blocks.isIn('figure')) show(() => (thumbnail === undefined ? blocks.text(title) : picture(title)))
  else {
    const figure = blocks.open('figure')
    if (thumbnail !== undefined) show(() => picture(''))
    const caption = figure && blocks.open('figcaption')
    show(() => blocks.text(title))
    if (caption) blocks.close(caption)
    if (figure) blocks.close(figure)
    else blocks.break()
  }
}

function decodeName(url: string): string {
  const name = new URL(url).pathname.split('/').at(-1) ?? ''
  try {
    return evenText(decodeURIComponent(name)) || url
  } catch {
    return name
  }
}

function rewritten(url: string, base: string, rewrite: (url: string) => string | undefined): string | undefined {
  const other = rewrite(url)
  return other === undefined ? undefined : absolute(other, base)
}

function attributesOf(name: string, element: Element, cleaning: Cleaning): string {
  const { base, rewrite, anchors, place } = cleaning
  cleaning.place = undefined
  if (name !== 'code' && !hasAttributes(element)) return place === undefined ? '' : attribute('id', place)
  const allowed = [...(BLOCKS[name] ?? INLINE[name] ?? []), 'lang', 'dir']
  const written = allowed.flatMap((key) => {
    const raw = key === 'class' ? classOf(element) : element.attribs[key]
    const within = key === 'href' && raw !== undefined ? anchors.leadsTo(raw) : undefined
    if (within !== undefined) return [attribute(key, `#${within}`)]
    const value = raw === undefined ? undefined : VALUES[key]?.(raw, base)
    if (value === undefined) return []
    return [attribute(key, key === 'href' ? (rewritten(value, base, rewrite) ?? value) : value)]
  })
  return (place === undefined ? '' : attribute('id', place)) + written.join('')
}

function hasAttributes({ attribs }: Element): boolean {
  for (const _ in attribs) return true
  return false
}

function classOf(element: Element): string | undefined {
  const language = languageOf(element)
  return language === undefined ? undefined : `language-${language}`
}

function isHidden({ name, attribs }: Element): boolean {
  if (attribs['hidden'] !== undefined && attribs['hidden'] !== 'until-found') return true
  // A lazy picture may be hidden until it is there.
  return name !== 'img' && /(?:^|;)\s*display\s*:\s*none/i.test(attribs['style'] ?? '')
}

/** Some systems put the whole page into one form: the controls go, the article stays. */
function isPageInForm(form: Element): boolean {
  let letters = 0
  const waiting: ChildNode[] = [...form.children]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!isTag(node) || DROPPED.has(node.name)) continue
    if (node.name === 'p')
      letters += node.children.reduce((sum, child) => sum + (isText(child) ? child.data.trim().length : 0), 0)
    if (letters > 500) return true
    for (const child of node.children) waiting.push(child)
  }
  return false
}
