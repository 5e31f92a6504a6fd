/** What the chosen part of a page is like: how much is said in it, and how. */
import { type AnyNode, type Element, isTag, isText, type ParentNode } from 'domhandler'
import { type Draft } from '../../item.ts'
import { letterWorth, type PageSigns } from './page-signs.ts'
import { logOf, shareOf, type Signs, yes } from './signs.ts'

/** What the page says of its article. */
export type Stated = Pick<Draft, 'title' | 'authors' | 'publishedAt' | 'excerpt'>

const PARAGRAPHS = new Set(['p', 'blockquote', 'div', 'section', 'td', 'dd'])

/** The signs of the chosen part, beside those of the page. */
export function lookInto(
  body: ParentNode | undefined,
  { letters, prose, text }: PageSigns,
  { title, authors, publishedAt, excerpt }: Stated,
): Signs {
  const count = { letters: 0, linked: 0, links: 0, headings: 0, images: 0, points: 0, code: 0, cells: 0, times: 0 }
  const least = 80 / letterWorth(text)
  let paragraphs = 0
  let long = 0
  /** Of the block that is being read. */
  let line = 0
  const endLine = () => {
    if (line >= least) paragraphs++
    if (line >= least) long += line
    line = 0
  }
  const within = { a: 0, li: 0, pre: 0, td: 0 }
  const kind = (name: string) => (name in within ? (name as keyof typeof within) : undefined)
  walk(
    body,
    ({ name }) => {
      const inner = kind(name)
      if (inner) within[inner]++
      if (name === 'a') count.links++
      else if (name === 'img' || name === 'picture') count.images++
      else if (name === 'time') count.times++
      else if (/^h[2-5]$/.test(name)) count.headings++
      if (PARAGRAPHS.has(name) || name === 'li' || name === 'br' || /^h\d$/.test(name)) endLine()
    },
    ({ name }) => {
      const inner = kind(name)
      if (inner) within[inner]--
      if (PARAGRAPHS.has(name) || name === 'li' || /^h\d$/.test(name)) endLine()
    },
    (text) => {
      const size = text.trim().length
      count.letters += size
      line += size
      if (within.a > 0) count.linked += size
      if (within.li > 0) count.points += size
      if (within.pre > 0) count.code += size
      if (within.td > 0) count.cells += size
    },
  )
  endLine()
  const per = (number: number) => logOf((number * 2000) / (count.letters + 200))
  return {
    'body.letters': logOf(count.letters),
    'body.isShort': yes(count.letters < 600),
    'body.paragraphs': logOf(paragraphs),
    'body.paragraphLetters': logOf(paragraphs === 0 ? 0 : long / paragraphs),
    'body.longShare': shareOf(long, count.letters),
    'body.shareOfPage': shareOf(count.letters, letters),
    'body.shareOfProse': shareOf(long, prose),
    'body.linkShare': shareOf(count.linked, count.letters),
    'body.linkDensity': per(count.links),
    'body.headingDensity': per(count.headings),
    'body.imageDensity': per(count.images),
    'body.pointShare': shareOf(count.points, count.letters),
    'body.codeShare': shareOf(count.code, count.letters),
    'body.cellShare': shareOf(count.cells, count.letters),
    'body.timesInside': logOf(count.times),
    'body.hasAuthor': yes(authors.length > 0),
    'body.hasDate': yes(publishedAt !== undefined),
    'body.hasBoth': yes(authors.length > 0 && publishedAt !== undefined),
    'body.hasExcerpt': yes(excerpt !== undefined),
    'body.titleWords': Math.min(15, (title ?? '').split(/\s+/).length),
    'body.isShortTitle': yes((title ?? '').split(/\s+/).length <= 3 && !/[\u3040-\u9fff]/.test(title ?? '')),
    'body.isQuestion': yes(/[?？]$/.test(title ?? '')),
  }
}

/** Goes through all nodes in document order, without recursion. */
function walk(
  top: ParentNode | undefined,
  enter: (element: Element) => void,
  leave: (element: Element) => void,
  read: (text: string) => void,
): void {
  let node: AnyNode | null = top?.children[0] ?? null
  while (node !== null) {
    if (isTag(node)) {
      enter(node)
      const child: AnyNode | undefined = node.children[0]
      if (child !== undefined) {
        node = child
        continue
      }
      leave(node)
    } else if (isText(node)) read(node.data)
    while (node.next === null) {
      const parent: AnyNode | null = node.parent
      if (parent === null || parent === top) return
      if (isTag(parent)) leave(parent)
      node = parent
    }
    node = node.next
  }
}
