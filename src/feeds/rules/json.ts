/** The rules of JSON Feed 1.1. */
import type { Tell } from './checklist.ts'
import { checkLink, checkTitle, type Facts, type HtmlCheck } from './item.ts'
import { checkEnclosure } from './media.ts'
import { checkHtml } from './html.ts'
import { isLanguage, isoDate } from './values.ts'

type Fields = Record<string, unknown>

export const JSON_FEED_VERSIONS = ['https://jsonfeed.org/version/1.1', 'https://jsonfeed.org/version/1']

/** Of all but its items. */
export function checkJsonFeed(feed: Fields, tell: Tell): { self?: string } {
  if (typeof feed['title'] !== 'string' || !feed['title'].trim()) tell('feed.required', 'no title')
  if (!Array.isArray(feed['items'])) tell('feed.required', 'no items')
  for (const name of ['home_page_url', 'feed_url', 'next_url', 'icon', 'favicon']) checkAddress(feed, name, tell)
  if (feed['feed_url'] === undefined) tell('feed.self', 'no feed_url')
  const { language } = feed
  if (language === undefined) tell('feed.language', 'no language')
  else if (typeof language !== 'string' || !isLanguage(language)) tell('feed.language', show(language))
  checkAuthors(feed, tell)
  return typeof feed['feed_url'] === 'string' ? { self: feed['feed_url'] } : {}
}

export function checkJsonItem(item: unknown, tell: Tell, checkContent: HtmlCheck = checkHtml): Facts {
  if (!isFields(item)) {
    tell('item.required', 'an item that is no object')
    return { name: undefined }
  }
  const { id, title, language } = item
  if (id === undefined || id === '') tell('item.required', 'no id')
  else if (typeof id !== 'string') tell('item.id', show(id))
  const html = item['content_html']
  const text = item['content_text']
  if (typeof html !== 'string' && typeof text !== 'string')
    tell('item.required', 'neither content_html nor content_text')
  for (const name of ['title', 'summary', 'content_html', 'content_text']) {
    if (item[name] !== undefined && typeof item[name] !== 'string') tell('item.content', `${name}: ${show(item[name])}`)
  }
  if (item['url'] === undefined) tell('item.recommended', 'no url')
  for (const name of ['url', 'external_url', 'image', 'banner_image']) checkAddress(item, name, tell)
  if (typeof title === 'string') checkTitle(title, undefined, tell)
  if (typeof html === 'string') checkContent(html, tell)
  if (language !== undefined && (typeof language !== 'string' || !isLanguage(language)))
    tell('item.language', show(language))
  const published = checkDate(item, 'date_published', tell)
  const updated = checkDate(item, 'date_modified', tell)
  if (!published) tell('item.recommended', 'no date_published')
  if (published && updated && updated < published) tell('item.updated', updated.toISOString())
  checkAuthors(item, tell)
  const { tags, attachments } = item
  if (tags !== undefined && !(Array.isArray(tags) && tags.every((tag) => typeof tag === 'string')))
    tell('item.content', `tags: ${show(tags)}`)
  if (attachments !== undefined && !Array.isArray(attachments)) tell('item.enclosure', show(attachments))
  for (const file of Array.isArray(attachments) ? (attachments as unknown[]) : []) checkAttachment(file, tell)
  return {
    name: [id, item['url'], title].find((name) => typeof name === 'string'),
    ...(typeof id === 'string' && { id }),
    ...(published && { published }),
    ...(updated && { updated }),
  }
}

function checkAttachment(file: unknown, tell: Tell): void {
  if (!isFields(file)) {
    tell('item.enclosure', show(file))
    return
  }
  const { url, mime_type: type, size_in_bytes: bytes } = file
  checkEnclosure(
    {
      ...(typeof url === 'string' && { url }),
      ...(typeof type === 'string' && { type }),
      ...(bytes !== undefined && { length: show(bytes) }),
    },
    undefined,
    tell,
    'length may be missing',
  )
}

function checkAuthors(parent: Fields, tell: Tell): void {
  const { authors } = parent
  if (authors === undefined) return
  const isFine = (author: unknown) =>
    isFields(author) &&
    ['name', 'url', 'avatar'].some((name) => typeof author[name] === 'string' && author[name] !== '')
  if (!Array.isArray(authors) || !authors.every(isFine)) tell('item.author', show(authors))
}

function checkAddress(parent: Fields, name: string, tell: Tell): void {
  const value = parent[name]
  if (value !== undefined) checkLink(typeof value === 'string' ? value : show(value), name, undefined, tell)
}

function checkDate(item: Fields, name: string, tell: Tell): Date | undefined {
  const value = item[name]
  if (value === undefined) return undefined
  const date = typeof value === 'string' ? isoDate(value) : undefined
  if (!date) tell('item.date', `${name}: ${show(value)}`)
  return date
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function show(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
