/** The items in the answer of any API, by the paths that its options name. */
import { describe, Failure } from '../failures.ts'
import { type Body, type Item } from '../item.ts'
import { type Picture } from '../model.ts'
import { valuesAt } from './json-path.ts'
import { webUrl } from './web-url.ts'

/** Where things are in the answer; all but `items` and `next` from each item on. */
export interface JsonPaths {
  items?: string | undefined
  url: string
  id?: string | undefined
  title?: string | undefined
  date?: string | undefined
  updated?: string | undefined
  author?: string | undefined
  tags?: string | undefined
  language?: string | undefined
  excerpt?: string | undefined
  image?: string | undefined
  html?: string | undefined
  markdown?: string | undefined
  text?: string | undefined
  next?: string | undefined
}

const MOST_ITEMS = 1000

/**
 * The items of one answer, in its order, and where the next one is. What has no address is told to `fault`.
 * @throws Failure `source.notJson`.
 */
export function parseItems(
  text: string,
  url: string,
  paths: JsonPaths,
  fault: (failure: Failure) => void = () => undefined,
): { items: Item[]; next?: string } {
  const data = read(text, url)
  const list = listIn(data, url, paths.items)
  const items = list.slice(0, MOST_ITEMS).flatMap((one, at) => {
    const item = itemOf(one, url, paths)
    if (item === undefined)
      fault(new Failure('source.item', { url, item: at, path: paths.url, reason: 'there is no address at the path' }))
    return item ?? []
  })
  if (items.length === 0 && list.length > 0)
    throw new Failure('source.notJson', {
      url,
      path: paths.url,
      reason: 'none of the items has an address at the path',
    })
  const next = paths.next === undefined ? undefined : webUrl(textsAt(data, paths.next)[0], url)
  return { items, ...(next !== undefined && { next }) }
}

function read(text: string, url: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (thrown) {
    const reason = /^\s*</.test(text) ? 'it is a web page or XML' : describe(thrown).slice(0, 200)
    throw new Failure('source.notJson', { url, reason }, thrown)
  }
}

function listIn(data: unknown, url: string, path: string | undefined): unknown[] {
  const found = path === undefined ? [data] : valuesAt(data, path)
  // `data.posts` leads to the list, `data.posts[*]` to what is in it; an API that has nothing to tell may leave it out.
  const list = found.length === 1 && Array.isArray(found[0]) ? (found[0] as unknown[]) : found
  const isList = list !== found || (path?.includes('*') ?? false)
  if (isList) return list
  const keys = typeof data === 'object' && data !== null ? Object.keys(data).slice(0, 20).join(', ') : typeof data
  const reason = path === undefined ? 'it is no list: name the path to it as `items`' : 'there is no list at the path'
  throw new Failure('source.notJson', { url, path, reason, found: keys })
}

function itemOf(one: unknown, base: string, paths: JsonPaths): Item | undefined {
  const url = webUrl(textsAt(one, paths.url)[0], base)
  if (url === undefined) return undefined
  const text = (path: string | undefined) => (path === undefined ? undefined : textsAt(one, path)[0])
  const names = (path: string | undefined) => (path === undefined ? [] : [...new Set(textsAt(one, path))].slice(0, 50))
  const authors = names(paths.author)
  const topics = names(paths.tags)
  return {
    url,
    ...known('guid', text(paths.id)),
    ...known('title', text(paths.title)),
    ...(authors.length > 0 && { authors }),
    ...(topics.length > 0 && { topics }),
    ...known('language', text(paths.language)),
    ...known('published', dateAt(one, paths.date)),
    ...known('updated', dateAt(one, paths.updated)),
    ...known('excerpt', text(paths.excerpt)),
    ...known('image', pictureAt(one, paths.image, base)),
    ...known('body', bodyOf(one, paths)),
  }
}

/** Texts and numbers, also within lists; of what has several fields, its name. */
function textsAt(data: unknown, path: string): string[] {
  return valuesAt(data, path).flatMap((value) => {
    const each: unknown[] = Array.isArray(value) ? value : [value]
    return each
      .slice(0, 100)
      .flatMap((one) => textOf(one) ?? textOf(fieldOf(one, ['name', 'title', 'label', 'url', 'href'])) ?? [])
  })
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

function fieldOf(value: unknown, names: string[]): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  const name = names.find((one) => textOf((value as Record<string, unknown>)[one]) !== undefined)
  return name === undefined ? undefined : (value as Record<string, unknown>)[name]
}

function dateAt(one: unknown, path: string | undefined): string | undefined {
  const [text] = path === undefined ? [] : textsAt(one, path)
  if (text === undefined || !/^-?\d+(?:\.\d+)?$/.test(text)) return text
  // Eight and fourteen digits are a date as it is read; else they count seconds or, since 1973, thousandths of them.
  const [, year, month, day, hour, minute, second] =
    /^((?:19|20)\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d))?$/.exec(text) ?? []
  if (year !== undefined)
    return `${year}-${month ?? ''}-${day ?? ''}${hour === undefined ? '' : `T${hour}:${minute ?? ''}:${second ?? ''}`}`
  const number = Number(text)
  const date = new Date(Math.abs(number) < 1e11 ? number * 1000 : number)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}

function pictureAt(one: unknown, path: string | undefined, base: string): Picture | undefined {
  const [found] = path === undefined ? [] : valuesAt(one, path)
  const picture: unknown = Array.isArray(found) ? found[0] : found
  const url = webUrl(textOf(picture) ?? textOf(fieldOf(picture, ['url', 'src', 'href', 'source_url'])), base)
  if (url === undefined) return undefined
  const words = (names: string[]) => textOf(fieldOf(picture, names))
  return {
    url,
    ...known('alt', words(['alt', 'alt_text'])),
    ...known('caption', words(['caption'])),
    ...known('credit', words(['credit', 'copyright'])),
  }
}

/** Of several pieces of text, all of them: editors that work in blocks give each paragraph for itself. */
function bodyOf(one: unknown, { html, markdown, text }: JsonPaths): Body | undefined {
  const at = (path: string | undefined) => (path === undefined ? '' : textsAt(one, path).join('\n\n'))
  if (at(html) !== '') return { form: 'fragment', value: at(html) }
  if (at(markdown) !== '') return { form: 'markdown', value: at(markdown) }
  const paragraphs = at(text)
    .split(/\r?\n[ \t]*\r?\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
  if (paragraphs.length === 0) return undefined
  const escaped = paragraphs.map((paragraph) =>
    paragraph.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replace(/\r?\n/g, '<br>'),
  )
  return { form: 'fragment', value: escaped.map((paragraph) => `<p>${paragraph}</p>`).join('\n') }
}

function known<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, V>>)
}
