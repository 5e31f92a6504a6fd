/** Plain text of an article: as a person would type it, and its beginning. */
import { type CheerioAPI, load } from 'cheerio'
import { type ChildNode, isTag, isText } from 'domhandler'
import { type SafeHtml } from '../model.ts'
import { evenSpace } from './characters.ts'

/**
 * Paragraphs, headings, list points and quotes with an empty line between them, links as their words. Pictures and
 * their captions are no part of the text. Read with htmlparser2: what `clean` wrote, it reads as parse5 does, faster.
 */
export function toText(html: SafeHtml, $ = parseClean(html)): string {
  return layOut($.root()[0]?.children ?? []).join('\n\n')
}

/** Clean HTML as a document, for those who look into it more than once. */
export function parseClean(html: SafeHtml): CheerioAPI {
  return load(html, { xml: { xmlMode: false, decodeEntities: true } }, false)
}

/** The blocks among the nodes, each as its lines. */
function layOut(nodes: ChildNode[]): string[] {
  const blocks: string[] = []
  let line: string[] = []
  const endLine = () => {
    const text = evenLines(line.join(''))
    if (text !== '') blocks.push(text)
    line = []
  }
  for (const node of nodes) {
    if (isText(node)) line.push(node.data)
    if (!isTag(node)) continue
    const inner = blockText(node.name, node.children)
    if (inner === undefined) line.push(inlineText(node))
    else {
      endLine()
      blocks.push(...inner)
    }
  }
  endLine()
  return blocks
}

/** The blocks that an element makes, or nothing when it is part of a line. */
function blockText(name: string, children: ChildNode[]): string[] | undefined {
  switch (name) {
    case 'ul':
    case 'ol': {
      const points = children.filter(isTag).map((point, index) => {
        const mark = name === 'ol' ? `${index + 1}. ` : '- '
        return (
          mark +
          layOut(point.children)
            .join('\n')
            .replaceAll('\n', `\n${' '.repeat(mark.length)}`)
        )
      })
      return [points.join('\n')]
    }
    case 'blockquote':
      return [layOut(children).join('\n\n').replace(/^/gm, '> ').replace(/^> $/gm, '>')]
    case 'table':
      return [rowsOf(children).join('\n')].filter((text) => text !== '')
    case 'pre':
      return [children.map(rawText).join('').replace(/\s+$/, '')]
    case 'figcaption':
    case 'hr':
      return []
    case 'p':
    case 'h1':
    case 'h2':
    case 'h3':
    case 'h4':
    case 'h5':
    case 'h6':
    case 'dl':
    case 'dt':
    case 'dd':
    case 'figure':
    case 'caption':
      return layOut(children)
    default:
      return undefined
  }
}

function rowsOf(nodes: ChildNode[]): string[] {
  return nodes.filter(isTag).flatMap((node) => {
    if (node.name === 'caption') return layOut(node.children)
    if (node.name !== 'tr') return rowsOf(node.children)
    const cells = node.children.filter(isTag).map((cell) => layOut(cell.children).join(' ').replaceAll('\n', ' '))
    return [cells.join(' | ')]
  })
}

function inlineText(node: ChildNode): string {
  if (isText(node)) return node.data
  if (!isTag(node)) return ''
  return node.name === 'br' ? '\u2028' : node.children.map(inlineText).join('')
}

function rawText(node: ChildNode): string {
  if (isText(node)) return node.data
  return isTag(node) ? node.children.map(rawText).join('') : ''
}

/** White space evened; U+2028, which `inlineText` puts for a `<br>`, ends a line. */
function evenLines(text: string): string {
  return text
    .split('\u2028')
    .map(evenSpace)
    .filter((line) => line !== '')
    .join('\n')
}

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
const SENTENCES = new Intl.Segmenter(undefined, { granularity: 'sentence' })
const WORDS = new Intl.Segmenter(undefined, { granularity: 'word' })

/**
 * The beginning of a text in one line of at most so many graphemes: whole sentences where they fill more than half of
 * it, else whole words and an ellipsis. What a reader sees as one character is never cut.
 */
export function excerptOf(text: string, graphemes = 280): string {
  // A grapheme may be long (family emoji, stacked accents), but not so long on the whole.
  const head = text.slice(0, graphemes * 12)
  const line = head
    .replace(/^(?:> ?|- |\d+\. )+/gm, '')
    .replace(/\s+/g, ' ')
    .trim()
  const whole = cut(line, graphemes)
  if (whole === line && head.length === text.length) return line
  const room = cut(line, graphemes - 1)
  let end = 0
  for (const { index, segment } of SENTENCES.segment(line)) {
    if (index + segment.trimEnd().length > whole.length) break
    end = index + segment.trimEnd().length
  }
  // The last sentence of what was cut off for length alone may go on.
  if (end > whole.length / 2 && end < line.length) return line.slice(0, end)
  let wordEnd = 0
  for (const { index, segment, isWordLike } of WORDS.segment(line.slice(0, room.length + 50))) {
    if (index + segment.length > room.length) break
    if (isWordLike === true) wordEnd = index + segment.length
  }
  return `${wordEnd > room.length / 2 ? room.slice(0, wordEnd) : room.trimEnd()}…`
}

function cut(text: string, graphemes: number): string {
  let count = 0
  for (const { index } of GRAPHEMES.segment(text)) if (count++ >= graphemes) return text.slice(0, index)
  return text
}
