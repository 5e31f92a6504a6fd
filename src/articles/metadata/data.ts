/** What a page says of itself in JSON-LD. */
import { type Element, isText } from 'domhandler'
import { evenText } from '../characters.ts'
import { parseUrl } from '../links.ts'
import { decode } from './references.ts'

/** One node: its properties, as they are written. */
export type Data = Partial<Record<string, unknown>>

const MOST_NODES = 2000
const LONGEST = 2_000_000

/** Every node in the page's scripts of type `ld+json`, outermost first. */
export function readData(scripts: Element[]): Data[] {
  const nodes: Data[] = []
  for (const script of scripts) {
    if (!/ld\+json/i.test(script.attribs['type'] ?? '')) continue
    const text = script.children.map((child) => (isText(child) ? child.data : '')).join('')
    if (text.length > LONGEST) continue
    const waiting: unknown[] = [parse(text)]
    for (let at = 0; at < waiting.length && nodes.length < MOST_NODES && at < MOST_NODES * 5; at++) {
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
  const bare = text.replace(/^[\s\ufeff]*(?:<!--|(?:\/\/|\/\*)?\s*<!\[CDATA\[(?:\s*\*\/)?)?/, '').replace(/(?:-->|(?:\/\/|\/\*)?\s*\]\]>(?:\s*\*\/)?)?[\s;]*$/, '') // prettier-ignore
  for (const attempt of [bare, repair(bare)]) {
    try {
      return JSON.parse(attempt)
    } catch {
      // What a site gets wrong beyond this in its JSON says nothing; the other places remain.
    }
  }
  return undefined
}

/** Mends what templates get wrong and what can only be meant in one way: raw line ends in strings, commas too many, none between objects. */
function repair(text: string): string {
  const json = !text.includes('"') && text.includes('&quot;') ? text.replaceAll('&quot;', '"') : text
  const even = json.replace(/[\u0000-\u001f\u2028\u2029]+/g, ' ')
  let mended = ''
  let from = 0
  // Strings stay as they are: what is mended stands between them.
  const strings = /"(?:[^"\\]|\\.)*"/g
  const between = (part: string) => part.replace(/,(?=\s*[}\]])/g, '').replace(/,\s*,+/g, ',').replace(/\}(\s*)\{/g, '},$1{') // prettier-ignore
  for (let found = strings.exec(even); found !== null; found = strings.exec(even)) {
    mended += between(even.slice(from, found.index)) + found[0].replace(/\\(?!["\\/bfnrtu])/g, '\\\\').replace(/\\u(?![\da-f]{4})/gi, '\\\\u') // prettier-ignore
    from = found.index + found[0].length
  }
  const whole = balance(mended + between(even.slice(from)))
  return /^\s*\{/.test(whole) && /\}\s*,\s*\{/.test(whole) && !isWhole(whole) ? `[${whole}]` : whole
}

/** Drops brackets that close nothing at the end, and closes those that were left open there. */
function balance(text: string): string {
  const open: string[] = []
  for (const { 0: part, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (part === '{' || part === '[') open.push(part === '{' ? '}' : ']')
    else if (part === '}' || part === ']') {
      open.pop()
      if (open.length === 0 && /^[\s}\]]+$/.test(text.slice(index + 1))) return text.slice(0, index + 1)
    }
  }
  return text + open.reverse().join('')
}

function isWhole(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const ARTICLE_TYPE = /(?:Article|BlogPosting|Posting|Report)$/
const NEARLY =
  /^(?:.*Review|Recipe|HowTo|CreativeWork|WebPage.+|TechArticle|QAPage|VideoObject|PodcastEpisode|Book|Course)$/

/** The node that describes the article on the page at `url`; empty when none does. */
export function articleIn(nodes: Data[], url: string): Data {
  const here = pathOf(url)
  const rank = (node: Data) => {
    const types = listOf(node['@type']).filter((type) => typeof type === 'string')
    if (types.some((type) => type === 'JobPosting')) return 0
    const isArticle = types.some((type) => ARTICLE_TYPE.test(type))
    if (!isArticle && !types.some((type) => NEARLY.test(type))) return 0
    const owns = [node['url'], node['@id'], node['mainEntityOfPage']].flatMap((own) => {
      const address = isData(own) ? (own['@id'] ?? own['url']) : own
      return typeof address === 'string' ? [pathOf(address, url)] : []
    })
    const isHere = owns.includes(here)
    return (isArticle ? 4 : 1) + (isHere ? 3 : owns.length > 0 ? -0.5 : 0) + (node['headline'] === undefined ? 0 : 1)
  }
  let best: Data = {}
  let most = 0
  for (const node of nodes.slice(0, 300)) {
    const value = rank(node)
    if (value > most) [best, most] = [node, value]
  }
  return best
}

function pathOf(address: string, base?: string): string {
  return parseUrl(address, base)?.pathname.replace(/\/$/, '') ?? address
}

/** The node that a value is, or that it refers to by its `@id`. */
export function resolve(value: unknown, nodes: Data[]): Data | undefined {
  if (!isData(value)) return undefined
  const id = value['@id']
  if (typeof id !== 'string' || value['name'] !== undefined) return value
  return nodes.find((node) => node['@id'] === id && node['name'] !== undefined) ?? value
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
  const [first] = listOf(value)
  const one = isData(first) ? (first['@value'] ?? first['name']) : first
  return typeof one === 'string' ? evenText(decode(one.slice(0, 20_000))) || undefined : undefined
}
