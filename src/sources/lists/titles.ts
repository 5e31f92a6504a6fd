/** The title on a card: a heading, a link, or the line that is no label. */
import { isTag, type AnyNode, type Element } from 'domhandler'
import { BY } from './bylines.ts'
import { INLINE, isNamed, type Found, type Leaf } from './leaves.ts'
import { isHeadingTag } from './outline.ts'
import { type Repeat } from './records.ts'
import { dateKind, oneLine, widthOf } from './words.ts'

const TITLE_NAMES =
  /(?:^|[\s_-])(?:title|headline|heading|hed|tit|ttl|titel|titre|titulo|tytul|baslik|judul|subject|p-name|entry-title)(?:$|[\s_-])/i

export function titleOf(leaves: Leaf[], link: Repeat['link']): Found {
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
  // Words of which one is in italics are one title; a line with a name of its own is not part of it.
  const isPlain = isOwn.every(
    ({ element }) => element === link.element || (INLINE.test(element.name) && !isNamed(element)),
  )
  if (isOwn.length === 1 || (isOwn.length > 0 && isPlain))
    return { text: oneLine(isOwn.map(({ text }) => text).join(' ')), ...(isOwn[0] && { leaf: isOwn[0] }) }
  const strong = isOwn.find(({ names, width }) => /(?:^|\s)(?:strong|b)\s/.test(names) && width > 5)
  // A whole card that is a link, without any heading: the first text that is longer than a label.
  const first = strong ?? isOwn.find(({ width }) => width >= 14) ?? isOwn.toSorted((a, b) => b.width - a.width)[0]
  if (first !== undefined) return { text: first.text, leaf: first }
  const bold = leaves.find(
    ({ names, width, inOtherLink }) => TITLE_NAMES.test(names) && width > 1 && inOtherLink === undefined,
  )
  if (bold !== undefined) return { text: bold.text, leaf: bold }
  if (inLink.length > 0) return undefined
  // The link itself says nothing: then the first line beside it does that is longer than a label, and no date.
  const line = leaves.find(
    ({ text, width, inOtherLink }) =>
      width >= 10 && inOtherLink === undefined && dateKind(text) === undefined && !BY.test(text),
  )
  return line === undefined ? undefined : { text: line.text, leaf: line }
}

/** Where a link holds no text but a picture. */
export function attributeTitle({ attribs }: Element, images: Element[]): Found {
  const texts = [attribs['aria-label'], attribs['title'], ...images.slice(0, 3).map((image) => image.attribs['alt'])]
  const text = texts.map((one) => oneLine((one ?? '').slice(0, 500))).find((one) => widthOf(one) > 3)
  return text === undefined ? undefined : { text }
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
