/** The parts of an article that its site shows on several pages, as one: what stands on each of them stands in it once. */
import { load, type CheerioAPI } from 'cheerio'
import { type ChildNode, type Element, isTag } from 'domhandler'
import { type Draft } from '../item.ts'
import { clean } from './clean.ts'
import { fold } from './characters.ts'

/** An article, or a part of it, as it was read at `url`. */
export interface Part {
  url: string
  draft: Draft
}

/**
 * What was read so far with the next part behind it; nothing where that says nothing new, so that the article has ended.
 * All but the text is the first part's.
 */
export function joinParts(first: Part, next: Part): Draft | undefined {
  const before = open(first)
  const after = open(next)
  const title = fold(first.draft.title ?? '')
  const begins = commonBeginning(before.blocks, after.blocks)
  const ends = commonEnd(before.blocks, after.blocks.slice(begins))
  const known = new Set(before.blocks.map(({ key }) => key))
  const gone = new Set<Block>()
  for (const [at, block] of after.blocks.entries()) {
    const isInside = at >= begins && at < after.blocks.length - ends
    const isHeadline = at < HEAD && /^h[1-3]$/.test(block.element.name) && block.key === title
    // Short words may be said twice; what is long stands there again because it stands on each page.
    const isRepeated = isInside && known.has(block.key) && (isLong(block) || block.isPicture)
    if (at < begins || isHeadline || isRepeated) gone.add(block)
  }
  if (after.blocks.slice(0, after.blocks.length - ends).every((block) => gone.has(block))) return undefined
  // What ends every page ends the article.
  for (const block of before.blocks.slice(before.blocks.length - ends)) gone.add(block)
  for (const { element } of gone) remove(element)
  const { lacks } = next.draft
  return {
    ...first.draft,
    ...(lacks !== undefined && { lacks }),
    html: [before.$, after.$].map(($) => $.html()).join('\n'),
  }
}

/** The article with the text of the page that holds all of it; nothing where that holds less than the first part. */
export function takeWhole(first: Part, whole: Part): Draft | undefined {
  const part = open(first).blocks.filter(isLong)
  const known = new Set(open(whole).blocks.map(({ key }) => key))
  const found = part.filter(({ key }) => known.has(key))
  if (part.length === 0 || found.length < part.length * MOST_OF_IT || known.size <= part.length) return undefined
  const draft = { ...first.draft }
  delete draft.lacks
  return {
    ...draft,
    ...(whole.draft.lacks !== undefined && { lacks: whole.draft.lacks }),
    html: clean(whole.draft.html, { base: whole.url }),
  }
}

/** In letters and digits: so much is not said twice. */
const LONG = 40
/** In blocks: a headline that is repeated is among the first. */
const HEAD = 4
const MOST_OF_IT = 0.7

interface Block {
  element: Element
  /** What two of them are compared by: the words of it, or the picture. */
  key: string
  isPicture: boolean
}

/** What is not looked into: it is one thing. */
const ONE = new Set(['figure', 'table', 'pre', 'p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'li', 'dt', 'dd', 'hr', 'img'])

/** A part, made clean so that its addresses are whole, block by block. */
function open({ url, draft }: Part): { $: CheerioAPI; blocks: Block[] } {
  const html = clean(draft.html, { base: url })
  const $ = load(html, { xml: { xmlMode: false, decodeEntities: true, encodeEntities: 'utf8' } }, false)
  const blocks: Block[] = []
  const waiting: ChildNode[] = [...($.root()[0]?.children ?? [])].reverse()
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!isTag(node)) continue
    if (ONE.has(node.name)) blocks.push(blockOf($, node))
    else waiting.push(...node.children.toReversed())
  }
  return { $, blocks }
}

function blockOf($: CheerioAPI, element: Element): Block {
  const words = fold($(element).text())
  const picture = element.name === 'img' ? element : $(element).find('img').get(0)
  // A picture stays the same with other words below it.
  const isPicture = picture !== undefined && (element.name === 'figure' || words === '')
  return { element, isPicture, key: isPicture ? `picture ${picture.attribs['src'] ?? ''}` : words }
}

function isLong({ key }: Block): boolean {
  return key.length + (key.match(TELLING)?.length ?? 0) >= LONG
}

/** One of these says as much as several letters. */
const TELLING = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu

function commonBeginning(one: Block[], other: Block[]): number {
  let count = 0
  while (count < one.length && count < other.length && one[count]?.key === other[count]?.key) count++
  return count
}

function commonEnd(one: Block[], other: Block[]): number {
  let count = 0
  while (count < one.length && count < other.length && one.at(-1 - count)?.key === other.at(-1 - count)?.key) count++
  return count
}

/** Takes an element out, and what around it is empty without it. */
function remove(element: Element): void {
  let node: Element = element
  for (;;) {
    const { parent } = node
    if (parent === null) return
    const index = parent.children.indexOf(node)
    if (index >= 0) parent.children.splice(index, 1)
    if (!isTag(parent) || parent.children.some((child) => isTag(child) || ('data' in child && /\S/.test(child.data))))
      return
    node = parent
  }
}
