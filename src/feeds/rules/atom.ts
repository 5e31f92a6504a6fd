/** The rules of Atom 1.0 (RFC 4287). */
import { childrenOf, textOf, type ReadElement } from '../read-xml.ts'
import type { Tell } from './checklist.ts'
import { checkOnce } from './element.ts'
import { checkLink, checkTitle, type Facts, type HtmlCheck } from './item.ts'
import { checkEnclosure, checkMedia } from './media.ts'
import { checkHtml } from './html.ts'
import { isAbsolute, isLanguage, isMediaType, isoDate } from './values.ts'

const ATOM = '{http://www.w3.org/2005/Atom}'

/** Its self link, when it was updated, and whether it has an author for all of its entries. */
export function checkAtomFeed(feed: ReadElement, tell: Tell): { self?: string; updated?: Date; hasAuthor: boolean } {
  for (const name of ['id', 'title', 'updated']) checkOnce(feed, `${ATOM}${name}`, 'feed.required', tell)
  const id = textOf(feed, `${ATOM}id`)
  if (id?.trim() && !isAbsolute(id.trim())) tell('item.id', `the id of the feed: ${id}`, feed)
  const updated = checkDate(feed, 'updated', tell)
  checkPeople(feed, tell)
  const self = linksOf(feed, 'self')[0]
  if (!self) tell('feed.self', 'no link with rel="self"', feed)
  for (const link of childrenOf(feed, `${ATOM}link`)) checkLink(link.attributes['href'] ?? '', 'link', link, tell)
  const language = feed.attributes['xml:lang']
  if (language === undefined) tell('feed.language', 'no xml:lang', feed)
  else if (!isLanguage(language)) tell('feed.language', language, feed)
  return {
    ...(self?.attributes['href'] && { self: self.attributes['href'] }),
    ...(updated && { updated }),
    hasAuthor: childrenOf(feed, `${ATOM}author`).length > 0,
  }
}

export function checkAtomEntry(
  entry: ReadElement,
  tell: Tell,
  { hasAuthor, html = checkHtml }: { hasAuthor: boolean; html?: HtmlCheck },
): Facts {
  for (const name of ['id', 'title', 'updated']) {
    // A title may be empty (RFC 4287 §4.2.14 asks for a text construct, which may hold nothing).
    if (name === 'title' && childrenOf(entry, `${ATOM}title`).length === 1) continue
    checkOnce(entry, `${ATOM}${name}`, 'item.required', tell)
  }
  const id = textOf(entry, `${ATOM}id`)?.trim()
  if (id && !isAbsolute(id)) tell('item.id', id, entry)
  const [title] = childrenOf(entry, `${ATOM}title`)
  if (title) checkText(title, tell, html)
  if (title && !title.text.trim() && title.children.length === 0) tell('item.recommended', 'an empty title', title)
  if (title && (title.attributes['type'] ?? 'text') === 'text') checkTitle(title.text, title, tell)
  const published = checkDate(entry, 'published', tell)
  const updated = checkDate(entry, 'updated', tell)
  if (published && updated && updated < published) tell('item.updated', updated.toISOString(), entry)
  checkPeople(entry, tell)
  const isNamed = hasAuthor || childrenOf(entry, `${ATOM}author`).length > 0 || sourceHasAuthor(entry)
  if (!isNamed) tell('item.author', 'no author, here or in the feed', entry)
  const language = entry.attributes['xml:lang']
  if (language && !isLanguage(language)) tell('item.language', language, entry)
  checkLinks(entry, tell)
  checkContent(entry, tell, html)
  checkMedia(entry, tell)
  const link = linksOf(entry, 'alternate')[0]?.attributes['href']
  return {
    name: id ?? link ?? title?.text,
    ...(id && { id }),
    ...(published && { published }),
    ...(updated && { updated }),
  }
}

function sourceHasAuthor(entry: ReadElement): boolean {
  return childrenOf(entry, `${ATOM}source`).some((source) => childrenOf(source, `${ATOM}author`).length > 0)
}

function linksOf(element: ReadElement, rel: string): ReadElement[] {
  return childrenOf(element, `${ATOM}link`).filter(({ attributes }) => (attributes['rel'] ?? 'alternate') === rel)
}

function checkLinks(entry: ReadElement, tell: Tell): void {
  const alternates = new Set<string>()
  for (const link of childrenOf(entry, `${ATOM}link`)) {
    const { href = '', rel = 'alternate', type, length, hreflang } = link.attributes
    // Any scheme may be linked to (mailto: of a reply, say), but an article is on the web.
    if (rel === 'alternate' || !isAbsolute(href)) checkLink(href, `link rel="${rel}"`, link, tell)
    if (type !== undefined && !isMediaType(type)) tell('item.enclosure', `type="${type}"`, link)
    if (rel === 'enclosure') checkEnclosure({ url: href, type, length }, link, tell, 'length may be missing')
    if (rel !== 'alternate') continue
    const kind = `${type ?? ''} ${hreflang ?? ''}`
    if (alternates.has(kind)) tell('link.alternate', `two of ${kind.trim() || 'no type'}`, link)
    alternates.add(kind)
  }
  if (alternates.size === 0 && childrenOf(entry, `${ATOM}content`).length === 0)
    tell('link.alternate', 'neither content nor an alternate link', entry)
}

function checkContent(entry: ReadElement, tell: Tell, html: HtmlCheck): void {
  const contents = childrenOf(entry, `${ATOM}content`)
  const summaries = childrenOf(entry, `${ATOM}summary`)
  if (contents.length > 1) tell('item.required', 'two <content>', contents[1])
  if (summaries.length > 1) tell('item.required', 'two <summary>', summaries[1])
  for (const summary of summaries) checkText(summary, tell, html)
  const [content] = contents
  if (!content) return
  const { type = 'text', src } = content.attributes
  const isText = /^(?:text|html|xhtml)$/.test(type)
  if (src !== undefined) {
    checkLink(src, 'content src', content, tell)
    if (content.text.trim() || content.children.length > 0) tell('item.content', 'src, and text beside it', content)
    if (isText && content.attributes['type'] !== undefined) tell('item.content', `src, of type ${type}`, content)
  }
  if (!isText && !isMediaType(type)) tell('item.content', `type="${type}"`, content)
  const isReadable = isText || /^text\/|[+/]xml$/i.test(type)
  if ((src !== undefined || !isReadable) && summaries.length === 0)
    tell('item.content', 'no summary beside it', content)
  if (isText && src === undefined) checkText(content, tell, html)
}

/** A text construct (RFC 4287 §3.1). */
function checkText(element: ReadElement, tell: Tell, html: HtmlCheck): void {
  const { type = 'text' } = element.attributes
  if (!/^(?:text|html|xhtml)$/.test(type)) tell('item.content', `type="${type}"`, element)
  const [child] = element.children
  if (type === 'xhtml') {
    const isDiv = element.children.length === 1 && child?.name === '{http://www.w3.org/1999/xhtml}div'
    if (!isDiv) tell('item.content', 'xhtml that is not one div', element)
    if (child) checkXhtml(child, tell)
  } else if (child) tell('item.content', `elements in a text of type ${type}`, child)
  else if (type === 'html') html(element.text, (rule, found) => tell(rule, found, element))
}

/** Written out again, because its rules are those of the HTML that it is shown as. */
function checkXhtml(element: ReadElement, tell: Tell): void {
  const local = element.name.slice(element.name.indexOf('}') + 1)
  const attributes = Object.entries(element.attributes)
    .filter(([name]) => !/^xml/i.test(name))
    .map(([name, value]) => ` ${name}="${value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`)
  checkHtml(`<${local}${attributes.join('')}></${local}>`, (rule, found) => tell(rule, found, element))
  for (const child of element.children) checkXhtml(child, tell)
}

function checkPeople(parent: ReadElement, tell: Tell): void {
  for (const kind of ['author', 'contributor']) {
    for (const person of childrenOf(parent, `${ATOM}${kind}`)) {
      if (!textOf(person, `${ATOM}name`)?.trim()) tell('item.author', `an ${kind} without name`, person)
    }
  }
}

function checkDate(parent: ReadElement, name: string, tell: Tell): Date | undefined {
  const [element] = childrenOf(parent, `${ATOM}${name}`)
  const date = element && isoDate(element.text)
  if (element && !date) tell('item.date', element.text || `an empty <${name}>`, element)
  return date
}
