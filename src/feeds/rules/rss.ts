/** The rules of RSS 2.0 and the profile of the RSS Advisory Board; and of RSS 1.0 as far as it is the same. */
import { childrenOf, textOf, type ReadElement } from '../read-xml.ts'
import type { RuleId, Tell } from './checklist.ts'
import { checkOnce } from './element.ts'
import { checkLink, checkTitle, type Facts, type HtmlCheck } from './item.ts'
import { checkEnclosure, checkMedia } from './media.ts'
import { checkHtml } from './html.ts'
import { checkEpisode, checkRecording, checkShow } from './podcast.ts'
import { isAbsolute, isEmail, isLanguage, isoDate, isWebAddress, rssDate } from './values.ts'

const ATOM = '{http://www.w3.org/2005/Atom}'
const DC = '{http://purl.org/dc/elements/1.1/}'
const CONTENT = '{http://purl.org/rss/1.0/modules/content/}'
const RSS_1 = '{http://purl.org/rss/1.0/}'

/** RSS 2.0 has no namespace of its own. */
type Space = '{}' | typeof RSS_1

/** Its self link and the newest date that it gives itself. */
export function checkChannel(channel: ReadElement, tell: Tell, space: Space = '{}'): { self?: string; updated?: Date } {
  for (const name of ['title', 'link', 'description']) checkOnce(channel, `${space}${name}`, 'feed.required', tell)
  const link = textOf(channel, `${space}link`)
  if (link) checkLink(link, 'link', channel, tell)
  for (const name of ['managingEditor', 'webMaster']) {
    const value = textOf(channel, `${space}${name}`)
    if (value !== undefined && !isEmail(value)) tell('item.author', `<${name}>${value}`, channel)
  }
  checkShow(channel, tell)
  const self = childrenOf(channel, `${ATOM}link`).find(({ attributes }) => attributes['rel'] === 'self')
  if (!self) tell('feed.self', 'no atom:link with rel="self"', channel)
  else checkLink(self.attributes['href'] ?? '', 'atom:link', self, tell)
  const language = textOf(channel, `${space}language`) ?? textOf(channel, `${DC}language`)
  if (language === undefined) tell('feed.language', 'no <language>', channel)
  else if (!isLanguage(language)) tell('feed.language', language, channel)
  const dates = ['lastBuildDate', 'pubDate'].map((name) => readDate(channel, name, tell))
  const [updated] = dates.filter((date) => date !== undefined)
  return { ...(self?.attributes['href'] && { self: self.attributes['href'] }), ...(updated && { updated }) }
}

export function checkRssItem(
  item: ReadElement,
  tell: Tell,
  {
    space = '{}',
    html: checkContent = checkHtml,
    isPodcast = false,
  }: { space?: Space; html?: HtmlCheck; isPodcast?: boolean } = {},
): Facts {
  const of = (name: string) => textOf(item, `${space}${name}`)
  const title = of('title')
  const description = of('description')
  const content = textOf(item, `${CONTENT}encoded`)
  if (!title?.trim() && !description?.trim()) tell('item.required', 'neither title nor description', item)
  for (const name of ['title', 'link', 'description', 'guid', 'pubDate', 'author']) {
    if (childrenOf(item, `${space}${name}`).length > 1) tell('item.required', `two <${name}>`, item)
  }
  if (title !== undefined) checkTitle(title, item, tell)
  else tell('item.recommended', 'no title', item)
  const link = of('link')
  if (link === undefined) tell('item.recommended', 'no link', item)
  else checkLink(link, 'link', item, tell)
  const id = space === RSS_1 ? item.attributes['rdf:about'] : checkGuid(item, tell)
  const published = space === RSS_1 ? checkIso(item, `${DC}date`, tell) : readDate(item, 'pubDate', tell)
  if (!published) tell('item.recommended', 'no date', item)
  const updated = checkIso(item, `${ATOM}updated`, tell)
  if (published && updated && updated < published) tell('item.updated', updated.toISOString(), item)
  const author = of('author')
  if (author !== undefined && !isEmail(author)) tell('item.author', `<author>${author}`, item)
  if (childrenOf(item, `${DC}creator`).some(({ text }) => !text.trim()))
    tell('item.author', 'an empty dc:creator', item)
  const language = textOf(item, `${DC}language`)
  if (language !== undefined && !isLanguage(language)) tell('item.language', language, item)
  checkDescription(item, `${space}description`, description, content, tell)
  for (const html of new Set([description, content]))
    if (html) checkContent(html, (rule, found) => tell(rule, found, item))
  const enclosures = childrenOf(item, `${space}enclosure`)
  if (enclosures.length > 1) tell('item.one-enclosure', `${enclosures.length} enclosures`, enclosures[1])
  for (const file of enclosures) {
    const { url, type, length } = file.attributes
    checkEnclosure({ url, type, length }, file, tell)
  }
  checkMedia(item, tell)
  checkEpisode(item, tell)
  if (isPodcast) checkRecording(item, tell)
  return {
    name: id ?? link ?? title,
    ...(id !== undefined && { id }),
    ...(published && { published }),
    ...(updated && { updated }),
  }
}

function checkGuid(item: ReadElement, tell: Tell): string | undefined {
  const [guid] = childrenOf(item, '{}guid')
  if (!guid) {
    tell('item.recommended', 'no guid', item)
    return undefined
  }
  const id = guid.text.trim()
  const { isPermaLink = 'true' } = guid.attributes
  if (id === '') tell('item.id', 'an empty guid', guid)
  else if (isPermaLink === 'true' && !isWebAddress(id)) tell('item.id', `${id}, without isPermaLink="false"`, guid)
  else if (!/^(?:true|false)$/.test(isPermaLink)) tell('item.id', `isPermaLink="${isPermaLink}"`, guid)
  return id || undefined
}

/** Some readers show whichever of the two comes last, some only the one. */
function checkDescription(
  item: ReadElement,
  name: string,
  description: string | undefined,
  content: string | undefined,
  tell: Tell,
): void {
  if (description === undefined || content === undefined) return
  const order = item.children.map((child) => child.name)
  if (order.indexOf(name) > order.indexOf(`${CONTENT}encoded`))
    tell('item.description', 'the content comes first', item)
  if (description.trim() === content.trim()) tell('item.description', 'both say the same', item)
}

function readDate(parent: ReadElement, name: string, tell: Tell): Date | undefined {
  return checkDate(parent, `{}${name}`, rssDate, 'item.date', tell)
}

function checkIso(parent: ReadElement, name: string, tell: Tell): Date | undefined {
  return checkDate(parent, name, isoDate, 'item.date', tell)
}

function checkDate(
  parent: ReadElement,
  name: string,
  read: (text: string) => Date | undefined,
  rule: RuleId,
  tell: Tell,
): Date | undefined {
  const [element] = childrenOf(parent, name)
  const date = element && read(element.text)
  if (element && !date) tell(rule, element.text, element)
  return date
}

export function checkRdfItem(item: ReadElement, tell: Tell): Facts {
  if (!isAbsolute(item.attributes['rdf:about'] ?? ''))
    tell('item.id', item.attributes['rdf:about'] ?? 'no rdf:about', item)
  for (const name of ['title', 'link']) checkOnce(item, `${RSS_1}${name}`, 'item.required', tell)
  return checkRssItem(item, tell, { space: RSS_1 })
}
