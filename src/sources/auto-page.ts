/** What a page of a site says of its articles, by its lists, data and links. */
import { type CheerioAPI } from 'cheerio'
import { z } from 'zod'
import { Failure } from '../failures.ts'
import { type Item } from '../item.ts'
import { linkedFeeds, wordpressApi } from './lists/feeds.ts'
import { readList, type ListAnswer, type ListMemory } from './lists/memory.ts'
import { mergeItems } from './lists/read.ts'
import { pageParts, selector } from './options.ts'
import * as page from './page.ts'

/** Where things are on the page, for whoever knows it better. */
export const select = z.strictObject({
  item: selector.optional().describe('Each article in the list, where what is found by itself is not right'),
  link: selector.optional().describe('In it: the link to the article'),
  title: selector.optional().describe('In it: the title'),
  date: selector.optional().describe('In it: when it was published'),
  author: selector.optional().describe('In it: who wrote it'),
  image: selector.optional().describe('In it: the picture'),
  ...pageParts,
})

export type AutoSelect = z.output<typeof select>

/** What the parser of a page gives: its lists, and the feeds it names. Plain values, made in another process. */
export interface AutoAnswer extends ListAnswer {
  feeds: string[]
  wordpress: string | null
}

/** What a page says by itself, beside what is remembered of it; `select` overrides where its list is. */
export function parse($: CheerioAPI, html: string, url: string, memory?: ListMemory, select?: AutoSelect): AutoAnswer {
  const found = readList({ $, html, url }, memory)
  const { item = found.lists[0]?.item, link, title, date, author, image, remove = [] } = select ?? {}
  const isTold = [select?.item, link, title, date, author, image].some((given) => given !== undefined)
  const own =
    isTold && item !== undefined
      ? page.parse($, url, { select: { item, link, title, date, author, image, remove }, fullText: true })
      : undefined
  return {
    ...found,
    ...(own && { items: mergeItems(own, [found.items]), state: 'same' as const, score: Infinity }),
    feeds: linkedFeeds($, url),
    wordpress: wordpressApi($, url) ?? null,
  }
}

/** What stands in the same lists on a further page; nothing where they are not on it. */
export function parseFurther(
  $: CheerioAPI,
  html: string,
  url: string,
  lists: ListMemory['lists'],
  select: AutoSelect,
): Item[] {
  const { items } = readList({ $, html, url })
  // Where the page listed nothing that a selector finds, its data told of the articles.
  if (lists.length === 0 && select.item === undefined) return items
  const { remove, ...told } = select
  const own = (select.item === undefined ? lists : [{ item: select.item }]).flatMap((list) => {
    try {
      return page.parse($, url, { select: { ...list, ...told, item: list.item, remove }, fullText: true })
    } catch (thrown) {
      if (thrown instanceof Failure && thrown.code === 'source.empty') return []
      throw thrown
    }
  })
  return mergeItems(own, [items])
}
