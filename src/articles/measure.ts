/** How much text and how many links are in each part of a page, all found in one walk over it. */
import { type AnyNode, isTag, isText, type ParentNode } from 'domhandler'

/** In letters, white space evened. */
export interface Measure {
  text: number
  /** Of it, in links. */
  links: number
  /** Of it, in paragraphs, points, cells, quotes and lesser headings. */
  paragraphs: number
}

const NOTHING: Measure = { text: 0, links: 0, paragraphs: 0 }
const PARAGRAPHS = new Set(['p', 'pre', 'blockquote', 'li', 'td', 'dd', 'h2', 'h3', 'h4'])
const UNSEEN = new Set(['script', 'style', 'noscript', 'template', 'head'])

/** The measure of a node. */
export type Measuring = (node: AnyNode | undefined) => Measure

/** The measures of all nodes under `root`, as they are now. */
export function measureAll(root: ParentNode): Measuring {
  const measures = new Map<AnyNode, Measure>()
  const walk = (node: AnyNode, isInLink: boolean, isInParagraph: boolean): Measure => {
    if (isText(node)) {
      const text = node.data.replace(/\s+/g, ' ').trim().length
      return { text, links: isInLink ? text : 0, paragraphs: isInParagraph ? text : 0 }
    }
    if (!('children' in node) || (isTag(node) && UNSEEN.has(node.name))) return NOTHING
    const isLink = isInLink || (isTag(node) && node.name === 'a')
    const isParagraph = isInParagraph || (isTag(node) && PARAGRAPHS.has(node.name))
    const sum = { ...NOTHING }
    for (const child of node.children) {
      const { text, links, paragraphs } = walk(child, isLink, isParagraph)
      sum.text += text
      sum.links += links
      sum.paragraphs += paragraphs
    }
    measures.set(node, sum)
    return sum
  }
  walk(root, false, false)
  return (node) => (node && measures.get(node)) ?? NOTHING
}

/** How much of the text is links, 0 to 1. */
export function linkShare({ text, links }: Measure): number {
  return text === 0 ? 0 : links / text
}
