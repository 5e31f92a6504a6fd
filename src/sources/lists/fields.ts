/** What a card says of its article: title, date, author, picture, a few words. */
import { isTag, isText, type AnyNode, type Element } from 'domhandler'
import { type Item, type Picture } from '../../model.ts'
import { webUrl } from '../web-url.ts'
import { isHeadingTag, within } from './outline.ts'
import { type Repeat } from './records.ts'
import { dateKind, oneLine, plainDigits, widthOf } from './words.ts'

export interface Fields {
  title?: string
  published?: string
  /** The page says day, month and year, or only some of it. */
  isWhole?: boolean
  authors?: string[]
  image?: Picture
  excerpt?: string
  hasHeading: boolean
  /** Something is for sale. */
  hasPrice: boolean
  /** Texts beside the link, in letters. */
  beside: number
}

/** A run of text between two breaks, where it stands and how it is named. */
interface Leaf {
  text: string
  width: number
  /** Names of the elements around it, up to the unit: `byline`, `author`, `title`. */
  names: string
  element: Element
  isHeading: boolean
  inLink: boolean
  inOtherLink: Element | undefined
}

const MOST_NODES = 1500
const INLINE =
  /^(?:a|abbr|b|bdi|bdo|cite|code|em|font|i|ins|kbd|mark|q|s|small|span|strong|sub|sup|u|time|data|wbr|img)$/

/** The fields of one record, seen for itself. */
export function readFields({ link, region }: Repeat, base: string): Fields {
  const leaves: Leaf[] = []
  const images: Element[] = []
  const stamps: { value: string; rank: number }[] = []
  const lazy: string[] = []
  let read = 0
  let isBroken = false
  for (const root of region) {
    isBroken = true
    readNode(root)
    for (const node of within(root)) {
      if (++read > MOST_NODES) break
      readNode(node)
    }
  }

  function readNode(node: AnyNode) {
    if (isText(node)) {
      addText(node, node.data)
      return
    }
    if (!isTag(node)) return
    const { name, attribs } = node
    // One after the other without a word between, they are fields in a row.
    const isNext = node.prev !== null && isTag(node.prev) && node.prev.name === name && INLINE.test(name)
    if (name === 'br' || name === 'hr' || isNext) isBroken = true
    if (name === 'img' || (name === 'source' && attribs['srcset'] !== undefined)) images.push(node)
    else if (name === 'noscript') lazy.push(...imagesIn(node))
    else if ((attribs['style'] ?? '').includes('url(') || attribs['data-bg'] !== undefined || attribs['data-background-image'] !== undefined) images.push(node) // prettier-ignore
    const stamp = attribs['datetime'] ?? (/date/i.test(attribs['itemprop'] ?? '') ? attribs['content'] : undefined)
    if (stamp !== undefined && /\p{Nd}/u.test(stamp) && stamps.length < 20) {
      const named = `${attribs['class'] ?? ''} ${attribs['itemprop'] ?? ''}`
      stamps.push({ value: stamp.trim().slice(0, 80), rank: /updated|modif/i.test(named) ? 1 : 0 })
    }
  }

  function addText(node: AnyNode, data: string) {
    const text = oneLine(data.slice(0, 4000))
    if (text === '' || leaves.length > 120) return
    const around = ancestry(node, region, link.element)
    const last = leaves.at(-1)
    // Words in a row, some of them in bold or linked, are one text: but a date or a name of its own stays one.
    const isSame =
      last?.element === around.element && last.inOtherLink === around.inOtherLink && last.inLink === around.inLink
    if (last !== undefined && isSame && !isBroken) {
      last.text = oneLine(`${last.text} ${text}`)
      last.width += widthOf(text) + 0.5
      return
    }
    isBroken = false
    leaves.push({ text, width: widthOf(text), ...around })
  }

  const title = titleOf(leaves, link)
  const date = dateOf(
    leaves.filter((leaf) => leaf !== title?.leaf),
    stamps,
  )
  const authors = authorsOf(leaves, title, date?.leaf)
  const used = new Set([title?.text])
  const excerpt = leaves
    .filter((leaf) => !leaf.isHeading && !leaf.inOtherLink && leaf.width >= 25 && !used.has(leaf.text))
    .filter((leaf) => leaf !== date?.leaf && (!leaf.inLink || leaf !== title?.leaf) && !authors.includes(leaf.text))
    .toSorted((a, b) => b.width - a.width)[0]
  const image = imageOf(images, lazy, base)
  const beside = leaves.reduce((sum, leaf) => sum + (leaf.inLink ? 0 : leaf.width), 0)
  return {
    ...(title && { title: title.text }),
    ...(date && { published: date.value, isWhole: date.isWhole }),
    ...(authors.length > 0 && { authors }),
    ...(image && { image }),
    ...(excerpt && { excerpt: excerpt.text }),
    hasHeading: leaves.some(({ isHeading }) => isHeading),
    hasPrice: leaves.some(({ text, width }) => width < 30 && PRICE.test(plainDigits(text))),
    beside,
  }
}

const PRICE = /^(?:\p{L}{2,8}:?\s)?(?:[$€£¥₽₹₩₺₴]|US\$|CHF|EUR|USD|kr\.?|zł)\s?\d[\d.,\s]*(?:\D{0,3})$|^(?:\p{L}{2,8}\s)?\d[\d.,\s]*(?:[€£¥₽₹₩₺₴円元원]|EUR|USD|kr\.?|zł|Kč|lei|Ft)(?:\W|$)/u // prettier-ignore

/** The item that fields and address make: with a date only where that says day, month and year. */
export function itemOf(url: string, { title, published, isWhole, authors, image, excerpt }: Fields): Item {
  return {
    url,
    ...(title !== undefined && { title }),
    ...(authors !== undefined && { authors }),
    // `14 March`, or `2 hours ago`, which would be another one at each look.
    ...(published !== undefined && isWhole === true && { published }),
    ...(excerpt !== undefined && { excerpt }),
    ...(image !== undefined && { image }),
  }
}

function ancestry(node: AnyNode, region: Element[], own: Element): Omit<Leaf, 'text' | 'width'> {
  let names = ''
  let isHeading = false
  let inLink = false
  let inOtherLink: Element | undefined
  let block: Element | undefined
  for (let { parent } = node; parent !== null && isTag(parent); { parent } = parent) {
    names += ` ${parent.name} ${parent.attribs['class'] ?? ''} ${parent.attribs['itemprop'] ?? ''} ${parent.attribs['rel'] ?? ''}`
    // A span of its own with a name, or a <time>, says something of its own within its line.
    if (block === undefined && (!INLINE.test(parent.name) || isNamed(parent))) block = parent
    if (isHeadingTag(parent.name) || parent.attribs['role'] === 'heading') isHeading = true
    if (parent === own) inLink = true
    else if (parent.name === 'a') inOtherLink ??= parent
    if (region.includes(parent)) break
  }
  return { names: names.slice(0, 600), element: block ?? own, isHeading, inLink, inOtherLink }
}

function isNamed({ name, attribs }: Element): boolean {
  return (
    name === 'time' ||
    name === 'a' ||
    name === 'cite' ||
    attribs['class'] !== undefined ||
    attribs['itemprop'] !== undefined
  )
}

const TITLE_NAMES =
  /(?:^|[\s_-])(?:title|headline|heading|hed|titel|titre|titulo|tytul|baslik|judul|p-name|entry-title)(?:$|[\s_-])/i

type Found = { text: string; leaf?: Leaf } | undefined

function titleOf(leaves: Leaf[], link: Repeat['link']): Found {
  const inLink = leaves.filter((leaf) => leaf.inLink)
  const undated = inLink.filter(({ text }) => dateKind(text) === undefined)
  // A title that reads like a date is one all the same where the link holds nothing else.
  const isOwn = undated.length > 0 ? undated : inLink
  const heading = joinHeading(isOwn.filter(({ isHeading }) => isHeading))
  if (heading !== undefined) return heading
  const named = isOwn.find(({ names, width }) => TITLE_NAMES.test(names) && width > 1)
  if (named !== undefined && isOwn.length > 1) return { text: named.text, leaf: named }
  const elsewhere = joinHeading(leaves.filter(({ isHeading, inLink }) => isHeading && !inLink))
  const isWhole = link.width > 0 && isOwn.length <= 1
  // "Read more" is the same in every card; the heading is not.
  if (
    elsewhere !== undefined &&
    (!isWhole || elsewhere.leaf?.inOtherLink === undefined) &&
    (isOwn.length === 0 || widthOf(elsewhere.text) > link.width || isOwn.length > 2)
  )
    return elsewhere
  if (isOwn.length === 1 || (isOwn.length > 0 && !isOwn.some(({ element }) => !INLINE.test(element.name))))
    return { text: oneLine(isOwn.map(({ text }) => text).join(' ')), ...(isOwn[0] && { leaf: isOwn[0] }) }
  const strong = isOwn.find(({ names, width }) => /(?:^|\s)(?:strong|b)\s/.test(names) && width > 5)
  // A whole card that is a link, without any heading: the first text that is longer than a label.
  const first = strong ?? isOwn.find(({ width }) => width >= 16) ?? isOwn.toSorted((a, b) => b.width - a.width)[0]
  if (first !== undefined) return { text: first.text, leaf: first }
  const bold = leaves.find(
    ({ names, width, inOtherLink }) => TITLE_NAMES.test(names) && width > 1 && inOtherLink === undefined,
  )
  return bold === undefined ? undefined : { text: bold.text, leaf: bold }
}

/** A heading in parts, such as with a word in italics, is one; of two headings the first counts. */
function joinHeading(leaves: Leaf[]): Found {
  const [first] = leaves
  if (first === undefined) return undefined
  const own = headingOf(first.element)
  const all = leaves.filter(({ element }) => headingOf(element) === own)
  // A label in the heading, with a name of its own, is no part of the title.
  const parts = all.filter(
    (leaf) => leaf.element === own || TITLE_NAMES.test(leaf.names) || INLINE.test(leaf.element.name),
  )
  const bare = parts.filter(({ element }) => !/(?:^|[\s_-])(?:kicker|label|badge|tag|category|section|sr-only|screen-reader-text|eyebrow)/i.test(element.attribs['class'] ?? '')) // prettier-ignore
  const kept = bare.length > 0 ? bare : all
  return { text: oneLine(kept.map(({ text }) => text).join(' ')), leaf: first }
}

function headingOf(element: Element): Element {
  for (
    let node: AnyNode | null = element, steps = 0;
    node !== null && isTag(node) && steps < 12;
    node = node.parent, steps++
  )
    if (isHeadingTag(node.name) || node.attribs['role'] === 'heading') return node
  return element
}

interface FoundDate {
  value: string
  isWhole: boolean
  leaf?: Leaf
}

function dateOf(leaves: Leaf[], stamps: { value: string; rank: number }[]): FoundDate | undefined {
  const [stamp] = stamps.toSorted((a, b) => a.rank - b.rank)
  const dated = leaves.find(({ text, isHeading }) => !isHeading && dateKind(text) !== undefined)
  if (stamp !== undefined && dateKind(stamp.value.slice(0, 10)) === 'whole')
    return { value: stamp.value, isWhole: true, ...(dated && { leaf: dated }) }
  let part: FoundDate | undefined
  for (const leaf of leaves) {
    if (leaf.isHeading || leaf.width > 160) continue
    const pieces = piecesOf(leaf.text)
    // The shortest of them is the date without the words around it.
    const [whole] = pieces.filter((text) => dateKind(text) === 'whole').toSorted((a, b) => a.length - b.length)
    if (whole !== undefined) return { value: bareDate(whole), isWhole: true, leaf }
    const some = pieces.find((text) => dateKind(text) === 'part')
    if (some !== undefined) part ??= { value: some, isWhole: false, leaf }
  }
  return stamp === undefined ? part : { value: stamp.value, isWhole: false }
}

const SEPARATORS = /\s*[|·•∙⋅‧・／–—»›]\s*|\s+[-/]\s+|[()（）[\]【】]|\s{2,}/u

/** A line such as `By Ana Prado | 3 March 2026 | Sport`, in its parts, the whole one first. */
function piecesOf(line: string): string[] {
  const parts = line.split(SEPARATORS).filter((part) => part !== '')
  const commas = parts.flatMap((part) =>
    part.includes(',') ? [part.slice(part.indexOf(',') + 1).trim(), part.slice(0, part.indexOf(','))] : [],
  )
  // `Posted on 3 March 2026 by Ana Prado`: the date within a line of words.
  const plain = plainDigits(line)
  const found = INNER.exec(plain)
  const inner = found?.[0]
  // What stands before and after it may be a name.
  const around = found === null ? [] : [plain.slice(0, found.index), plain.slice(found.index + found[0].length)].map((part) => part.replace(/^[\s,;:–-]+|[\s,;:–-]+$/gu, '')) // prettier-ignore
  return [
    ...new Set([
      line,
      ...parts,
      ...commas,
      ...(inner === undefined ? [] : [inner]),
      ...around.filter((part) => part.length > 2),
    ]),
  ]
}

const INNER =
  /(?:(?:\d{4}[-./年년]\s?\d{1,2}[-./月월]\s?\d{1,2}[日일]?)|(?:\d{1,2}\.?\s(?:de\s)?[\p{L}\p{M}]{3,12}\.?,?\s(?:de\s)?\d{4})|(?:[\p{L}\p{M}]{3,12}\.?\s\d{1,2},?\s\d{4})|(?:\d{1,2}[./-]\d{1,2}[./-]\d{4}))(?:,?\s\d{1,2}:\d\d)?/u

/** Without a word such as `Published:` before it. */
function bareDate(text: string): string {
  const [, , rest = ''] = /^([\p{L}\p{M}\s]{2,30}[:：])\s*(.*)$/u.exec(text) ?? []
  return dateKind(rest) === 'whole' ? rest : text
}

const AUTHOR_NAMES = /(?:^|[\s_-])(?:author|authors|byline|by-line|byl|writer|autor|autora|autore|auteur|verfasser|forfatter|skribent|penulis|yazar|reporter|contributor|journalist|p-author|dc-creator|creator|vcard|fn)(?:$|[\s_-])/i // prettier-ignore
const NOT_AUTHOR = /(?:avatar|bio|count|author-?(?:image|img|photo|link-all))/i
const BY = /^(?:(?:written |posted |story |words |text )?by|von|text von|par|por|di|door|av|af|od|autor(?:a|e|em)?|auteur|verfasser|napisał[ao]?|pisze|автор|текст|автори?|بقلم|كتب|كتبت|نویسنده|مأخذ|מאת|oleh|yazan|yazar|szerző|írta|de la|kirjoittaja|skrevet av|skriver|γράφει|του|โดย|bởi|द्वारा|लेखक|作者|文|撰文|记者|記者|執筆|著者|글|기자)(?:[:：／/]\s*|\s+|(?<=[\p{Script=Han}])(?=\p{Script=Han}))/iu // prettier-ignore
const AFTER = /(?:\s*(?:기자|記者|记者|द्वारा))$/u

function authorsOf(leaves: Leaf[], title: Found, date: Leaf | undefined): string[] {
  const names: string[] = []
  const add = (text: string) => {
    for (const name of splitNames(text)) if (!names.includes(name) && names.length < 8) names.push(name)
  }
  const marked = leaves.filter(
    (leaf) =>
      leaf.text !== title?.text &&
      AUTHOR_NAMES.test(leaf.names) &&
      !NOT_AUTHOR.test(leaf.names) &&
      !isDated(leaf, date),
  )
  // A byline with the section in it too says by a word which of them is the name.
  const said = marked.filter(({ text }) => marked.length > 1 && (BY.test(text) || AFTER.test(text)))
  for (const { text } of said) add(text)
  if (names.length > 0) return names
  const linked = marked.filter(({ inOtherLink }) => inOtherLink !== undefined)
  for (const { text } of linked.length > 0 ? linked : marked) add(text)
  if (names.length > 0) return names
  for (const leaf of marked) for (const part of piecesOf(leaf.text).slice(1)) add(part)
  if (names.length > 0) return names
  for (const [at, leaf] of leaves.entries()) {
    if (leaf.isHeading || leaf === title?.leaf || leaf.width > 120) continue
    const href = leaf.inOtherLink?.attribs['href'] ?? ''
    if (
      leaf.inOtherLink !== undefined &&
      /\/(?:@|(?:authors?|autor(?:es|as)?|autori|auteurs?|by|people|profile|writers?|contributors?|redaktion|team|u|user|users)\/)[^/?]/i.test(
        href,
      )
    )
      add(leaf.text) // prettier-ignore
    else {
      for (const part of piecesOf(leaf.text)) {
        const by = BY.exec(part)
        if (by !== null || AFTER.test(part)) add(part)
        if (names.length > 0) break
      }
      // `by`, and then a link or a name in bold.
      const next = leaves[at + 1]
      if (names.length === 0 && next !== undefined && next.width < 60 && BY.test(`${leaf.text.split(/[|·•]/).at(-1)?.trim() ?? ''} `)) add(next.text) // prettier-ignore
    }
    if (names.length > 0) break
  }
  if (names.length > 0 || date === undefined) return names
  // Beside a date, what is written like a name is one: `Ana Prado · 3 March 2026`.
  for (const part of date.text.split(SEPARATORS)) if (names.length === 0 && isLikeName(part)) add(part)
  return names
}

const PARTICLE = /^(?:de|da|do|dos|di|del|della|van|von|der|den|la|le|du|al|el|bin|ibn|y|e)$/u

/** Two to four words that all begin with a capital letter. */
function isLikeName(text: string): boolean {
  const parts = text.trim().split(' ')
  return (
    parts.length >= 2 &&
    parts.length <= 4 &&
    parts.every((part) => /^\p{Lu}[\p{L}\p{M}.'’-]*$/u.test(part) || PARTICLE.test(part)) &&
    dateKind(text) === undefined &&
    widthOf(text) < 32
  )
}

function isDated(leaf: Leaf, date: Leaf | undefined): boolean {
  return leaf === date && dateKind(leaf.text) !== undefined
}

/** The names in a byline; none of what cannot be one. */
function splitNames(line: string): string[] {
  const [bare = ''] = line
    .replace(BY, '')
    .replace(AFTER, '')
    .split(/\s*[|·•]\s*|\s+[–—-]\s+|\s+on\s+(?=\p{L}+ \d)/u)
  return bare
    .split(/\s*(?:,|;|&|、|،|\s(?:and|und|et|y|e|i|og|och|en|и|та|و|ו|ve|dan|και|और|és|ja|și|a)\s)\s*/u)
    .map((name) => oneLine(name).replace(/^[:：]\s*/, ''))
    .filter((name) => name !== '' && widthOf(name) <= 40 && !/\p{Nd}|@|https?:|[?!。]/u.test(name) && /\p{L}/u.test(name) && name.split(' ').length <= 6 && dateKind(name) === undefined && !/^(?:by|author)$/i.test(name)) // prettier-ignore
}

const NO_PICTURE = /avatar|gravatar|\bicons?\b|emoji|sprite|pixel\.|spacer|placeholder|blank\.|1x1/i
/** Left only where there is another one. */
const DOUBTFUL_PICTURE = /logo|badge|author|byline|portrait/i

function imageOf(images: Element[], lazy: string[], base: string): Picture | undefined {
  const found: Picture[] = []
  const doubtful = ({ attribs }: Element) =>
    DOUBTFUL_PICTURE.test(`${attribs['class'] ?? ''} ${attribs['src'] ?? ''}`) ? 1 : 0
  for (const element of images.slice(0, 20).toSorted((a, b) => doubtful(a) - doubtful(b))) {
    const { attribs, name } = element
    const small = Math.min(sizeOf(attribs['width']), sizeOf(attribs['height']))
    const called = `${attribs['class'] ?? ''} ${attribs['id'] ?? ''} ${attribs['src'] ?? ''}`
    const isLazy = Object.keys(attribs).some((one) => one.startsWith('data-') && /src|bg|original|lazy|image/.test(one))
    if (small <= 48 || (NO_PICTURE.test(called) && !isLazy)) continue
    const url = name === 'img' || name === 'source' ? pictureUrl(attribs, base) : backgroundUrl(attribs, base)
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
  const address = attribs['data-bg'] ?? attribs['data-background-image'] ?? written
  return address === undefined || PLACEHOLDER.test(address) ? undefined : webUrl(address, base)
}

function imagesIn(noscript: Element): string[] {
  const [text] = noscript.children
  if (text === undefined || !isText(text)) return []
  return [...text.data.slice(0, 4000).matchAll(/<img\b[^>]*?\ssrc\s*=\s*["']?([^"'\s>]{1,2000})/gi)].map(
    ([, src = '']) => src,
  )
}
