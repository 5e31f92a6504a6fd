/** robots.txt (RFC 9309): what it says, and whether it lets us read an address. Pure. */

/** What a robots.txt asks of us. */
export interface Robots {
  rules: Rule[]
  /** Seconds between two requests. Not part of the RFC, but many sites ask for it. */
  crawlDelay?: number
}

interface Rule {
  allow: boolean
  /** Normalised, cut at each `*`. */
  pieces: string[]
  /** It ended with `$`: the path must end there too. */
  isAnchored: boolean
  /** Of the pattern in octets: the longest match decides. */
  length: number
}

interface Group {
  rules: Rule[]
  crawlDelay?: number
}

/** A parser must read so much of it and need not read more (RFC 9309, section 2.5). */
export const ROBOTS_BYTES = 500 * 1024

/** Nothing is asked: there is no robots.txt (RFC 9309, section 2.3.1.3). */
export const NO_ROBOTS: Robots = { rules: [] }

/**
 * What a robots.txt asks of the crawler that calls itself `product`: all groups that name it count as one; when none
 * does, those for everyone (`*`) do (RFC 9309, section 2.2.1).
 */
export function parseRobots(text: string, product: string): Robots {
  const groups = new Map<string, Group>()
  let current: Group[] = []
  let isNaming = false
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
    const record = /^\s*([A-Za-z-]+)\s*:(.*)$/.exec(line.replace(/#.*$/, ''))
    if (record === null) continue
    const [name = '', value = ''] = [record[1]?.toLowerCase(), record[2]?.trim()]
    if (name === 'user-agent') {
      // Lines that follow each other name the agents of one group.
      if (!isNaming) current = []
      isNaming = true
      const agent = agentOf(value)
      if (agent === undefined) continue
      const group = groups.get(agent) ?? { rules: [] }
      groups.set(agent, group)
      current.push(group)
    } else if (name === 'allow' || name === 'disallow') {
      isNaming = false
      const rule = ruleOf(name === 'allow', value)
      if (rule !== undefined) for (const group of current) group.rules.push(rule)
    } else if (name === 'crawl-delay' && /^\d+(\.\d+)?$/.test(value)) {
      // As any record that the RFC does not know, it ends no group (section 2.2.4).
      for (const group of current) group.crawlDelay = Math.max(group.crawlDelay ?? 0, Number(value))
    }
  }
  return groups.get(product.toLowerCase()) ?? groups.get('*') ?? NO_ROBOTS
}

/** Whether the address may be read: the longest rule that matches decides, and of two as long the one that allows. */
export function mayRead(robots: Robots, url: URL): boolean {
  if (url.pathname === '/robots.txt') return true
  const path = normalise(url.pathname + url.search, false)
  let decisive: Rule | undefined
  for (const rule of robots.rules) {
    const isWeaker =
      decisive !== undefined && (rule.length < decisive.length || (rule.length === decisive.length && !rule.allow))
    if (!isWeaker && matches(rule, path)) decisive = rule
  }
  return decisive?.allow ?? true
}

/** `*`, or the product token without its version, in lower case. */
function agentOf(value: string): string | undefined {
  return value.startsWith('*') ? '*' : /^[A-Za-z_-]+/.exec(value)?.[0].toLowerCase()
}

function ruleOf(allow: boolean, value: string): Rule | undefined {
  if (!/^[/*]/.test(value)) return undefined
  const isAnchored = value.endsWith('$')
  const pattern = normalise(isAnchored ? value.slice(0, -1) : value, true)
  return { allow, pieces: pattern.split('*'), isAnchored, length: pattern.length + (isAnchored ? 1 : 0) }
}

/** Piece after piece, each at its first place: no pattern can make this slow. */
function matches({ pieces, isAnchored }: Rule, path: string): boolean {
  const [first = '', ...rest] = pieces
  if (!path.startsWith(first)) return false
  const last = isAnchored ? rest.pop() : undefined
  if (isAnchored && last === undefined) return path === first
  let at = first.length
  for (const piece of rest) {
    const found = path.indexOf(piece, at)
    if (found === -1) return false
    at = found + piece.length
  }
  return last === undefined || (path.length - last.length >= at && path.endsWith(last))
}

/**
 * One spelling of a path with its query (RFC 9309, section 2.2.2): what is not ASCII is percent-encoded, what need not be
 * encoded is not, and hexadecimal digits are capitals. In a query `:` `/` `?` and `@` may stand either way and mean the
 * same. `*` and `$` are special in a pattern only; in a path they are written as a pattern names them: %2A and %24.
 */
function normalise(text: string, isPattern: boolean): string {
  const query = text.indexOf('?')
  const [path, rest] = query === -1 ? [text, ''] : [text.slice(0, query), text.slice(query)]
  return spell(path, /[\w.~-]/, isPattern) + spell(rest, /[\w.~:/?@-]/, isPattern)
}

function spell(text: string, plain: RegExp, isPattern: boolean): string {
  return text.replace(/%([0-9a-f]{2})|[^\x21-\x7e]+|[*$]/gi, (found, hex: string | undefined) => {
    if (hex !== undefined) {
      const character = String.fromCharCode(parseInt(hex, 16))
      return plain.test(character) ? character : found.toUpperCase()
    }
    if (found === '*') return isPattern ? '*' : '%2A'
    if (found === '$') return '%24'
    return encodeURIComponent(found.toWellFormed())
  })
}
