/**
 * Finds the article in a whole page: what the page says of it (`metadata.ts`), and the part of the page that it is
 * (`body/`). The document is read with parse5 (`markup.ts`): what is judged is a tree like the browser's.
 */
import { load } from 'cheerio'
import { type AnyNode, type Element, isTag, type ParentNode } from 'domhandler'
import { type Draft } from '../item.ts'
import { choosePassages } from './body/choose.ts'
import { textOf } from './body/element-text.ts'
import { settleEmbeds } from './body/embeds.ts'
import { finish } from './body/finish.ts'
import { articleBodyOf, hintsOf } from './body/hints.ts'
import { dropHead, wrapNamed } from './body/named.ts'
import { type Passages, readPassages } from './body/passages.ts'
import { escapeHtml, evenText } from './characters.ts'
import { readCredit } from './credit.ts'
import { parseHtml } from './markup.ts'
import { findMetadata, type Metadata, type ReadingOptions, type SeenInList, valuesOf } from './metadata.ts'
import { openPage, type Page } from './metadata/page.ts'
import { originsOf } from './origins.ts'
import { findParts } from './parts.ts'
import { findFence, isCut } from './teaser.ts'
import { judge, lookAt } from './verdict.ts'

/** What a person said of the pages of one site, as CSS selectors. */
export interface PageParts {
  /** What holds the text. */
  content?: string | undefined
  /** What is no part of it. */
  remove?: string[] | undefined
}

/**
 * The article on the page at `url`. Its HTML is a part of the page as it was: untrusted, with relative addresses. Where
 * nothing on the page matches `parts.content`, the article is found as on any page. What the feed or list that led here
 * said of it, `seen`, is counted with what the page says.
 */
export function extract(
  html: string,
  url: string,
  { content, remove = [] }: PageParts = {},
  seen?: SeenInList,
  options?: ReadingOptions,
): Draft {
  const $ = parseHtml(html, { keepData: true })
  const page = openPage($, url)
  const findings = findMetadata(page, seen, options)
  const parts = findParts(page)
  const metadata = { ...valuesOf(findings), origins: originsOf(findings), ...(parts && { parts }) }
  const look = lookAt(page, html)
  const fence = findFence(page)
  const lackOf = (text: string) => (fence !== undefined && isCut(fence, text) ? { lacks: 'paywall' as const } : {})
  const base = page.tagged('base').find(({ element }) => element.attribs['href'] !== undefined)?.element.attribs['href']
  for (const selector of remove) $(selector).remove()
  const named = content === undefined ? undefined : wrapNamed($, content)
  if (named !== undefined) dropHead($, named, metadata.title)
  const body = named ?? findBody(page, metadata)
  const verdict = judge(look, body, metadata, named !== undefined)
  if (typeof body === 'string') return { ...metadata, verdict, ...lackOf(body), html: body }
  const image = metadata.image && { ...leadWords(body), ...metadata.image }
  const inner = body.children.map((node) => $.html(node)).join('')
  // The part of the page keeps what its relative addresses begin with.
  const start = base === undefined ? '' : $.html($('<base>').attr('href', base))
  return { ...metadata, ...(image ? { image } : {}), verdict, ...lackOf(inner), html: start + inner }
}

/** What holds the text, with nothing else in it; the text that the page's data hold, where it does not show it. */
function findBody(page: Page, metadata: Metadata): ParentNode | string {
  settleEmbeds(rootOf(page), page.base)
  const found = readPassages(rootOf(page))
  const kept = choosePassages(found, hintsOf(page, metadata))
  const stated = articleBodyOf(page)
  if (stated !== undefined && stated.length > MUCH && lettersOf(found, kept) < stated.length * 0.3)
    return writeBody(stated)
  return finish(found, kept, page, metadata) ?? ''
}

/** In letters: so long a text in the page's data is no summary. */
const MUCH = 500

/** The body, or the whole document where there is none, as in one of frames. */
function rootOf({ $, tagged }: Page): ParentNode {
  const [document] = $.root()
  const root = tagged('body')[0]?.element ?? document
  if (root === undefined) throw new Error('a parsed document has a root')
  return root
}

function lettersOf({ passages }: Passages, kept: Set<number>): number {
  let letters = 0
  for (const index of kept) letters += passages[index]?.text.length ?? 0
  return letters
}

/** Text of JSON-LD as HTML: some sites write it as such, the others as plain lines. */
function writeBody(text: string): string {
  const plain = /<\/?(?:p|div|br)\b/i.test(text) ? text : undefined
  if (plain !== undefined) return plain
  const decoded = load(text.replaceAll('<', '&lt;'), { xml: { xmlMode: false, decodeEntities: true } }, false).text()
  return decoded
    .split(/\s*\n\s*|\s{4,}/)
    .filter((line) => line !== '')
    .map((line) => `<p>${escapeHtml(line)}</p>`)
    .join('\n')
}

/** What the article says of its first picture: caption, credit and words for those who cannot see it. */
function leadWords(article: ParentNode): { alt?: string; caption?: string; credit?: string } {
  const figure = firstOf(article, ({ name }) => name === 'figure')
  const picture = firstOf(figure ?? article, ({ name, attribs }) => name === 'img' && attribs['alt'] !== undefined)
  const alt = evenText(picture?.attribs['alt'] ?? '')
  const credit = figure === undefined ? '' : wordsOf(firstOf(figure, isCredit))
  const caption = figure === undefined ? '' : wordsOf(firstOf(figure, ({ name }) => name === 'figcaption'))
  const words = credit !== '' && caption.endsWith(credit) ? caption.slice(0, -credit.length).trim() : caption
  return {
    ...(alt === '' ? {} : { alt }),
    ...(words === '' ? {} : { caption: words }),
    ...(credit === '' ? {} : { credit: readCredit(credit) ?? credit }),
  }
}

function isCredit({ attribs }: Element): boolean {
  return /credit|copyright/i.test(attribs['class'] ?? '') || attribs['itemprop'] === 'copyrightHolder'
}

function firstOf(within: ParentNode, isWanted: (element: Element) => boolean): Element | undefined {
  const waiting: AnyNode[] = within.children.toReversed()
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!isTag(node)) continue
    if (isWanted(node)) return node
    for (const child of node.children.toReversed()) waiting.push(child)
  }
  return undefined
}

function wordsOf(element: Element | undefined): string {
  return element === undefined ? '' : textOf(element)
}
