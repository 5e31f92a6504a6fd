/** What a card says of its article: title, date, author, picture, a few words. */
import { isTag, isText, type AnyNode, type Element } from 'domhandler'
import { type Item } from '../../item.ts'
import { type Picture } from '../../model.ts'
import { authorsOf } from './bylines.ts'
import { dateOf } from './card-dates.ts'
import { ancestry, INLINE, type Leaf } from './leaves.ts'
import { isHeadingTag, within } from './outline.ts'
import { imageOf, imagesIn } from './pictures.ts'
import { type Repeat } from './records.ts'
import { attributeTitle, titleOf } from './titles.ts'
import { oneLine, plainDigits, widthOf } from './words.ts'

export interface Fields {
  title?: string
  published?: string
  /** The page says day, month and year, or only some of it. */
  isWhole?: boolean
  authors?: string[]
  image?: Picture
  excerpt?: string
  /** What stands in the link or heading in an element of its own. */
  parts: { mark: string; text: string }[]
  hasHeading: boolean
  /** Something is for sale. */
  hasPrice: boolean
  /** Texts beside the link, in letters. */
  beside: number
}

const MOST_NODES = 1500
/** The fields of one record, seen for itself. */
export function readFields({ link, region }: Repeat, base: string, labels?: ReadonlySet<string>): Fields {
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
    if (name === 'img' || name === 'amp-img' || (name === 'source' && (attribs['srcset'] ?? attribs['data-srcset']) !== undefined)) images.push(node)
    else if (name === 'noscript') lazy.push(...imagesIn(node))
    else if ((attribs['style'] ?? '').includes('url(') || attribs['data-bg'] !== undefined || attribs['data-background-image'] !== undefined || attribs['data-background'] !== undefined || attribs['poster'] !== undefined) images.push(node) // prettier-ignore
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

  const unlabelled =
    labels === undefined ? leaves : leaves.filter((leaf) => !labels.has(markOf(leaf)) && !labels.has(`=${leaf.text}`))
  const title = titleOf(unlabelled, link) ?? titleOf(leaves, link) ?? attributeTitle(link.element, images)
  const parts = leaves.flatMap((leaf) =>
    (leaf.inLink || leaf.isHeading) && leaf.element !== link.element && !isHeadingTag(leaf.element.name)
      ? [{ mark: markOf(leaf), text: leaf.text }]
      : [],
  )
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
    parts,
    hasHeading: leaves.some(({ isHeading }) => isHeading),
    hasPrice: leaves.some(({ text, width }) => width < 30 && PRICE.test(plainDigits(text))),
    beside,
  }
}

function markOf({ element }: Leaf): string {
  return `${element.name}.${element.attribs['class'] ?? ''}`
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
