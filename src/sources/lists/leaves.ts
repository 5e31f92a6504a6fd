/** The texts of a card, each with where it stands and how that is named. */
import { isTag, type AnyNode, type Element } from 'domhandler'
import { isHeadingTag, spaceNames } from './outline.ts'

/** A run of text between two breaks, where it stands and how it is named. */
export interface Leaf {
  text: string
  width: number
  /** Names of the elements around it, up to the unit: `byline`, `author`, `title`. */
  names: string
  element: Element
  isHeading: boolean
  inLink: boolean
  inOtherLink: Element | undefined
}

/** A text that was chosen for a field, and where it stood. */
export type Found = { text: string; leaf?: Leaf } | undefined

export const INLINE =
  /^(?:a|abbr|b|bdi|bdo|cite|code|em|font|i|ins|kbd|mark|q|s|small|span|strong|sub|sup|u|time|data|wbr|img)$/

export function ancestry(node: AnyNode, region: AnyNode[], own: Element): Omit<Leaf, 'text' | 'width'> {
  let names = ''
  let isHeading = false
  let inLink = false
  let inOtherLink: Element | undefined
  let block: Element | undefined
  if (region.includes(node)) return { names, element: own, isHeading, inLink, inOtherLink }
  for (let { parent } = node; parent !== null && isTag(parent); { parent } = parent) {
    names += ` ${parent.name} ${spaceNames(parent.attribs['class'] ?? '')} ${parent.attribs['itemprop'] ?? ''} ${parent.attribs['rel'] ?? ''}`
    // A span of its own with a name, or a <time>, says something of its own within its line.
    if (block === undefined && (!INLINE.test(parent.name) || isNamed(parent))) block = parent
    if (isHeadingTag(parent.name) || parent.attribs['role'] === 'heading') isHeading = true
    if (parent === own) inLink = true
    else if (parent.name === 'a') inOtherLink ??= parent
    if (region.includes(parent)) break
  }
  return { names: names.slice(0, 600), element: block ?? own, isHeading, inLink, inOtherLink }
}

export function isNamed({ name, attribs }: Element): boolean {
  return (
    name === 'time' ||
    name === 'a' ||
    name === 'cite' ||
    attribs['class'] !== undefined ||
    attribs['itemprop'] !== undefined
  )
}
