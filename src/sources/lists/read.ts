/** Reads the articles off a page: its lists, its data and its mark-up, aligned by address and merged field by field. */
import { type CheerioAPI } from 'cheerio'
import { type Item } from '../../item.ts'
import { readData, type Stated } from './data.ts'
import { detect, type Detected } from './detect.ts'
import { readMicroformats } from './microformats.ts'
import { shapeOf } from './shape.ts'

/** What one page gave, channel by channel. */
export interface Reading extends Detected {
  /** How many items each channel gave. */
  channels: { name: string; items: number }[]
  /** Which one decided what is an article. */
  chosen: 'lists' | 'json-ld' | 'microformats' | 'state' | 'none'
}

/** A page as it was read: its text, and what was parsed of it. */
export interface PageText {
  html: string
  $: CheerioAPI
  url: string
}

export function readArticles({ html, $, url }: PageText): Reading {
  const stated = readData(html, url)
  const marked = readMicroformats($, url)
  const sure = [...stated.filter(({ isSure }) => isSure).flatMap(({ items }) => items), ...marked]
  const detected = detect($, url, new Set(sure.map((item) => keyOf(item.url))))
  const others: { name: Reading['chosen']; items: Item[] }[] = [
    ...stated.map(({ channel, items }: Stated) => ({ name: channel, items })),
    ...(marked.length > 0 ? [{ name: 'microformats' as const, items: marked }] : []),
  ]
  const channels = [
    { name: 'lists', items: detected.items.length },
    ...others.map(({ name, items }) => ({ name, items: items.length })),
  ]
  const isFound = detected.items.length > 0 && !isShell(detected, stated)
  // Where the page shows no list, as one that a script will fill, what its data holds is what will be shown.
  const spare = others.toSorted((a, b) => b.items.length - a.items.length).find(({ items }) => items.length > 1)
  const basis = isFound ? detected.items : (spare?.items ?? [])
  const chosen = isFound ? 'lists' : (spare?.name ?? 'none')
  return {
    ...detected,
    items: mergeItems(
      basis,
      others.map(({ items }) => items),
    ),
    channels,
    chosen,
  }
}

/** Whether the page is a frame that a script fills: its state holds dated articles, and nothing on it leads to any of them. */
function isShell({ page, lists }: Detected, stated: Stated[]): boolean {
  const state = stated.find(({ channel }) => channel === 'state')?.items ?? []
  if (state.length < 3 || state.filter(({ published }) => published !== undefined).length < state.length * 0.6)
    return false
  const keys = new Set(state.map(({ url }) => keyOf(url)))
  return !page.links.some(({ shape }) => keys.has(shape.key)) && lists.every(({ fill }) => fill.published < 0.3)
}

/**
 * The items of `basis`, each with what the others say of the same address: what a page shows of an article counts first,
 * but a moment given to machines is better than a day for people.
 */
export function mergeItems(basis: Item[], others: Item[][]): Item[] {
  const byKey = new Map<string, Item[]>()
  for (const item of others.flat()) {
    const key = keyOf(item.url)
    const same = byKey.get(key)
    if (same === undefined) byKey.set(key, [item])
    else same.push(item)
  }
  const merged = new Map<string, Item>()
  for (const item of basis) {
    const key = keyOf(item.url)
    const so = merged.get(key)
    merged.set(key, so === undefined ? [item, ...(byKey.get(key) ?? [])].reduce(merge) : merge(so, item))
  }
  return [...merged.values()]
}

function merge(a: Item, b: Item): Item {
  const isExact = (date: string | undefined) => /\d{4}-\d\d-\d\dT\d\d/.test(date ?? '')
  const published = isExact(b.published) && !isExact(a.published) ? b.published : (a.published ?? b.published)
  return { ...b, ...a, ...(published !== undefined && { published }) }
}

export function keyOf(url: string): string {
  return shapeOf(url)?.key ?? url
}
