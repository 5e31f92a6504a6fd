/** Reads an article out of text without mark-up, as it is saved from a site or pasted from a mail. */
import { type Draft } from '../item.ts'
import { escapeHtml, wellFormed } from './characters.ts'
import { readCredit } from './credit.ts'
import { readDate } from './dates.ts'
import { dropBoilerplate } from './boilerplate.ts'

/** The lines between two empty ones. */
type Block = string[]

/** The article in it: title, credit, byline and date from its head, headings, lists and quotes by their look. */
export function readPlain(text: string): Draft {
  const blocks = dropBoilerplate(splitBlocks(text))
  const head: Head = { authors: [], blocks }
  readHead(head)
  const { title, credit, authors, publishedAt } = head
  return {
    ...(title === undefined ? {} : { title }),
    ...(credit === undefined ? {} : { credit }),
    ...(publishedAt === undefined ? {} : { publishedAt }),
    authors,
    topics: [],
    html: writeBlocks(head.blocks),
  }
}

interface Head {
  title?: string
  credit?: string
  publishedAt?: Date
  authors: string[]
  /** What is still to be read. */
  blocks: Block[]
}

/** In a text without empty lines every line is a paragraph; in one with them a paragraph may be wrapped. */
function splitBlocks(text: string): Block[] {
  const lines = wellFormed(text)
    .split('\n')
    .map((line) => line.replace(/[\s\u00a0]+$/, ''))
  const blocks: Block[] = [[]]
  for (const line of lines) {
    if (line.trim() === '') blocks.push([])
    else blocks.at(-1)?.push(line)
  }
  const filled = blocks.filter((block) => block.length > 0)
  const isDense =
    filled.length < 3 && filled.some((block) => block.length > 3 && block.some((line) => line.length > 120))
  return isDense ? filled.flatMap((block) => block.map((line) => [line])) : filled.flatMap(splitWrapped)
}

/** Lines that are each a paragraph, for they are too long or too few to be wrapped; else one paragraph of several lines. */
function splitWrapped(block: Block): Block[] {
  if (isList(block) || isQuote(block)) return [block]
  return block.some((line) => line.length > 120) ? block.map((line) => [line]) : [block]
}

const BYLINE =
  /^(?:by|von|par|por|di|door|av|af|tekst|text|words by|written by|story by|author|autor|autora|auteur)(?::\s*|\s+)(\p{Lu}.{2,80})$/iu
const DATE_LABEL =
  /^(?:published|posted|updated|veröffentlicht|publié|publicado|pubblicato|gepubliceerd|date|datum|fecha)(?:\s*:|\s+(?:on|am|le|el|il|op))?\s+/iu

/** The credit, title, byline and date that stand before the text, the title first among them but for a credit. */
function readHead(head: Head): void {
  for (let read = 0; read < 12; read++) {
    const [lines, ...rest] = head.blocks
    const line = lines?.[0]?.trim()
    if (lines === undefined || line === undefined) return
    const others = lines.length > 1 ? [lines.slice(1), ...rest] : rest
    const credit = readCredit(line)
    if (credit !== undefined && head.credit === undefined) {
      head.credit = credit
      head.blocks = others
    } else if (head.title === undefined) {
      if (!isTitle(lines, others)) return
      // A long headline may be wrapped; one line of a block with more is the headline only when a byline follows.
      const takesOne = lines.length > 1 && (isByline(lines[1] ?? '') || (lines[1]?.length ?? 0) > 120)
      head.title = (takesOne ? line : lines.map((part) => part.trim()).join(' ')).replace(/^#+\s+/, '')
      head.blocks = takesOne ? others : rest
    } else if (readByline(line, head) || readDateLine(line, head)) head.blocks = others
    else return
  }
}

/** Short, and something follows it; a first paragraph is no title. */
function isTitle(lines: Block, others: Block[]): boolean {
  const text = lines.join(' ')
  return (
    text.length <= 250 &&
    lines.length <= 4 &&
    !isList(lines) &&
    others.length > 0 &&
    !/[.:;,]$/.test(text.replace(/\.{3}$/, ''))
  )
}

function isByline(line: string): boolean {
  return BYLINE.test(line.trim()) || readDate(line) !== undefined
}

function readByline(line: string, head: Head): boolean {
  const names = BYLINE.exec(line)?.[1]
  if (names === undefined || head.authors.length > 0 || /[.!?]$/.test(names.replace(/\b\p{L}{1,3}\.$/u, '')))
    return false
  // The date may follow on the same line: `By Jane Doe | January 28, 2021`.
  const parts = names.split(/\s*[|•·–—]\s*|\s+-\s+/)
  const [who = '', ...tail] = parts
  if (who.split(/\s+/).length > 12) return false
  head.authors = who
    .split(/\s*(?:,|;|&|\band\b|\bund\b|\bet\b|\by\b|\be\b|\ben\b)\s*/iu)
    .filter((name) => /\p{L}/u.test(name))
  for (const part of tail) readDateLine(part, head)
  return true
}

function readDateLine(line: string, head: Head): boolean {
  const publishedAt = readDate(line.replace(DATE_LABEL, ''))
  if (publishedAt === undefined) return false
  head.publishedAt ??= publishedAt
  return true
}

const BULLET = /^\s*[-*•·–]\s+(?=\S)/
const NUMBER = /^\s*\d{1,3}[.)]\s+(?=\S)/

/** Every line is a point, or goes on with one, set in. */
function isList(block: Block): boolean {
  const mark = [BULLET, NUMBER].find((pattern) => pattern.test(block[0] ?? ''))
  return mark !== undefined && block.every((line) => mark.test(line) || /^\s+\S/.test(line))
}

function isQuote(block: Block): boolean {
  return block.every((line) => /^\s*>/.test(line))
}

function writeBlocks(blocks: Block[]): string {
  const html: string[] = []
  for (let at = 0; at < blocks.length; at++) {
    const block = blocks[at] ?? []
    if (isQuote(block)) html.push(`<blockquote>${writeBlocks(unquote(block))}</blockquote>`)
    else if (isList(block)) {
      // Points may stand with empty lines between them: they are one list.
      const isNumbered = NUMBER.test(block[0] ?? '')
      const lines = [...block]
      for (
        let next = blocks[at + 1];
        next && isList(next) && NUMBER.test(next[0] ?? '') === isNumbered;
        next = blocks[at + 1]
      ) {
        lines.push(...next)
        at++
      }
      html.push(writeList(lines, isNumbered))
    } else if (isHeading(block, blocks[at + 1]))
      html.push(`<h2>${escapeHtml((block[0] ?? '').trim().replace(/^#+\s+/, ''))}</h2>`)
    else html.push(`<p>${writeLines(block)}</p>`)
  }
  return html.join('\n')
}

/** One short line without a full stop, and a paragraph below it that is longer. */
function isHeading(block: Block, next: Block | undefined): boolean {
  const line = block[0]?.trim() ?? ''
  if (block.length !== 1 || next === undefined || line.length > 120) return false
  if (/^#{1,6}\s+\S/.test(line)) return true
  const isParagraph = !isQuote(next) && next.join(' ').length > Math.max(80, line.length)
  return (
    (isParagraph || isList(next)) &&
    /^["'“”„«(¿¡]?[\p{Lu}\p{Lo}\d]/u.test(line) &&
    !/[.,;:…"”»]$|^["“„«].*[”“"»]/u.test(line)
  )
}

function unquote(block: Block): Block[] {
  return splitBlocks(block.map((line) => line.replace(/^\s*> ?/, '')).join('\n'))
}

function writeList(lines: string[], isNumbered: boolean): string {
  const mark = isNumbered ? NUMBER : BULLET
  const points: string[][] = []
  for (const line of lines) {
    if (mark.test(line)) points.push([line.replace(mark, '')])
    else points.at(-1)?.push(line.trim())
  }
  const start = isNumbered ? Number(/\d+/.exec(lines[0] ?? '')?.[0] ?? 1) : 1
  const name = isNumbered ? 'ol' : 'ul'
  return `<${name}${start === 1 ? '' : ` start="${start}"`}>${points.map((point) => `<li>${writeLines(point)}</li>`).join('')}</${name}>`
}

/** Wrapped lines flow together; short ones, as of a poem or an address, stay lines. */
function writeLines(block: Block): string {
  const lines = block.map((line) => escapeHtml(line.trim()))
  const longest = Math.max(...lines.map((line) => line.length))
  const isWrapped = longest > 55 && lines.slice(0, -1).every((line) => line.length > longest * 0.6)
  return lines.join(isWrapped ? ' ' : '<br>')
}
