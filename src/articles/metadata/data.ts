/** What a page says of itself in JSON-LD. */
import { type Element, isText } from 'domhandler'
import { evenText } from '../characters.ts'

/** One node: its properties, as they are written. */
export type Data = Partial<Record<string, unknown>>

const ARTICLE_TYPE = /(?:Article|BlogPosting|Posting|Report|Review|Recipe|LiveBlogPosting)$/
const MOST_NODES = 2000

/** Every node in the page's scripts of type `ld+json`, outermost first. */
export function readData(scripts: Element[]): Data[] {
  const nodes: Data[] = []
  for (const script of scripts) {
    if (!/ld\+json/i.test(script.attribs['type'] ?? '')) continue
    const value = parse(script.children.map((child) => (isText(child) ? child.data : '')).join(''))
    const waiting = [value]
    for (let at = 0; at < waiting.length && nodes.length < MOST_NODES; at++) {
      const next = waiting[at]
      if (Array.isArray(next)) waiting.push(...(next as unknown[]).slice(0, 200))
      if (!isData(next)) continue
      nodes.push(next)
      for (const key of ['@graph', 'mainEntity', 'mainEntityOfPage', 'itemListElement', 'item'])
        if (typeof next[key] === 'object') waiting.push(next[key])
    }
  }
  return nodes
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.trim().replace(/^<!--|-->$|^\s*\/\/\s*<!\[CDATA\[|\/\/\s*\]\]>\s*$/g, ''))
  } catch {
    // What a site gets wrong in its JSON says nothing; the other places remain.
    return undefined
  }
}

/** The first node that is an article; empty when none is. */
export function articleIn(nodes: Data[]): Data {
  const isArticle = (type: unknown) => typeof type === 'string' && ARTICLE_TYPE.test(type)
  return nodes.find((node) => listOf(node['@type']).some(isArticle)) ?? {}
}

export function isData(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value that may be one or several, as several. */
export function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value.slice(0, 50) : [value]
}

/** The first text of a value; some sites escape it for HTML once more. */
export function textOf(value: unknown): string | undefined {
  const [one] = listOf(value)
  return typeof one === 'string' ? evenText(decode(one)) || undefined : undefined
}

const NAMED: Partial<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', '#39': "'", '#x27': "'", '#8217': '’', '#8216': '‘', '#8220': '“', '#8221': '”', '#8211': '–', '#8212': '—', '#038': '&' } // prettier-ignore

export function decode(text: string): string {
  return text.replace(/&(#?\w{2,6});/g, (whole, name: string) => NAMED[name.toLowerCase()] ?? whole)
}
