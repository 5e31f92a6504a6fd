/** The scripts of a page, and the state that it begins with: found as text, parsed as JSON, never run. */
import { isObject, parseJson, type Json } from './json.ts'

const LONGEST_SCRIPT = 3_000_000
const MOST_SCRIPTS = 200

/** The scripts of a page as text, in order, in linear time. */
export function* scriptsOf(html: string): Generator<{ type: string; id: string; text: string }> {
  const open = /<script(?=[\s>])/gi
  const close = /<\/script\s*>/gi
  for (let count = 0; count < MOST_SCRIPTS; count++) {
    const start = open.exec(html)
    const tagEnd = start === null ? -1 : html.indexOf('>', start.index)
    if (start === null || tagEnd < 0) return
    close.lastIndex = tagEnd
    const end = close.exec(html)
    if (end === null) return
    const tag = html.slice(start.index, Math.min(tagEnd, start.index + 2000))
    const text = html.slice(tagEnd + 1, Math.min(end.index, tagEnd + LONGEST_SCRIPT))
    open.lastIndex = close.lastIndex
    const attribute = (name: string) => new RegExp(`\\b${name}\\s*=\\s*["']?([^"'\\s>]+)`, 'i').exec(tag)?.[1] ?? ''
    yield { type: attribute('type'), id: attribute('id'), text }
  }
}

/** The values of assignments such as `window.__STATE__ = {…}` and `JSON.parse("…")`, where they are plain JSON. */
export function statesIn(script: string): (Json | undefined)[] {
  if (script.length < 200) return []
  const values: (Json | undefined)[] = []
  const assignment =
    /(?:window|self|globalThis)?\s*(?:\.\s*|\[\s*["'])?([A-Za-z_$][\w$]{2,60})(?:["']\s*\])?\s*=\s*(?=[{[]|JSON\.parse\(\s*["'])/g
  let from = 0
  for (let tries = 0; tries < 20; tries++) {
    assignment.lastIndex = from
    const found = assignment.exec(script)
    if (found === null) break
    const start = assignment.lastIndex
    const isText = script.startsWith('JSON', start)
    const end = isText ? endOfString(script, start) : endOfValue(script, start)
    from = Math.max(start + 1, end ?? start + 1)
    if (end === undefined || end - start < 100) continue
    const written = script.slice(start, end)
    if (!isText) values.push(parseJson(written))
    else {
      const text = parseJson(written.replace(/^JSON\.parse\(\s*/, '').replace(/^'([^]*)'$/, (_, inner: string) => `"${inner.replaceAll("\\'", "'").replaceAll('"', '\\"').replaceAll('\\\\"', '\\"')}"`)) // prettier-ignore
      if (typeof text === 'string') values.push(parseJson(text))
    }
  }
  return values
}

/** What React sends to be shown, line by line: `self.__next_f.push([1,"5:[…]\\n"])`. */
export function flightIn(script: string): (Json | undefined)[] {
  const start = script.indexOf('__next_f.push(')
  const end = start < 0 ? undefined : endOfValue(script, script.indexOf('(', start) + 1)
  const call = end === undefined ? undefined : parseJson(script.slice(script.indexOf('(', start) + 1, end))
  const text = Array.isArray(call) ? call.findLast((part) => typeof part === 'string') : undefined
  if (typeof text !== 'string') return []
  return text
    .split('\n')
    .slice(0, 2000)
    .map((line) => parseJson(line.slice(line.indexOf(':') + 1)))
}

const STATE_ATTRIBUTE =
  /\s(?:data-[\w-]{2,40}|:[\w-]{2,40}|wire:\w+)\s*=\s*(?:'(?=[[{])|"(?=(?:[[{])(?:&quot;|&#34;|\{|\[)))/g

/** State that an element carries with it: `data-page="{&quot;…`. */
export function statesInAttributes(html: string): (Json | undefined)[] {
  const values: (Json | undefined)[] = []
  STATE_ATTRIBUTE.lastIndex = 0
  for (
    let found = STATE_ATTRIBUTE.exec(html);
    found !== null && values.length < 50;
    found = STATE_ATTRIBUTE.exec(html)
  ) {
    const start = STATE_ATTRIBUTE.lastIndex
    const end = html.indexOf(html.charAt(start - 1), start)
    if (end < 0) break
    STATE_ATTRIBUTE.lastIndex = end
    if (end - start < 200 || end - start > LONGEST_SCRIPT) continue
    const text = html.slice(start, end).replace(/&(?:quot|#34|#x22);/gi, '"').replace(/&(?:apos|#0?39|#x27);/gi, "'").replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&') // prettier-ignore
    values.push(parseJson(text))
  }
  return values
}

/** Nuxt writes its state flat: each value is the number of the place where it stands. */
export function revive(data: Json | undefined): Json | undefined {
  if (!Array.isArray(data) || data.length < 3) return data
  const isFlat = data.slice(0, 50).some((one) => isObject(one) && Object.values(one).length > 0 && Object.values(one).every((value) => typeof value === 'number')) // prettier-ignore
  if (!isFlat) return data
  const at = (index: Json, depth: number): Json => {
    const value = typeof index === 'number' ? (data[index] ?? null) : null
    if (depth > 3) return null
    if (Array.isArray(value)) return value.slice(0, 50).map((one) => at(one, depth + 1))
    if (isObject(value)) return Object.fromEntries(Object.entries(value).slice(0, 60).map(([key, one]) => [key, at(one, depth + 1)])) // prettier-ignore
    return value
  }
  const records = data
    .slice(0, 5000)
    .flatMap((one, index) => (isObject(one) && Object.keys(one).length > 2 ? [at(index, 0)] : []))
  return [...data.slice(0, 1), { records }]
}

/** Where the object or array that begins at `start` ends: brackets counted outside of texts. */
function endOfValue(script: string, start: number): number | undefined {
  let depth = 0
  const token = /["{}[\]]/g
  token.lastIndex = start
  for (let found = token.exec(script); found !== null; found = token.exec(script)) {
    const [mark] = found
    if (mark === '"') {
      const end = endOfQuote(script, found.index, '"')
      if (end === undefined) return undefined
      token.lastIndex = end
    } else if (mark === '{' || mark === '[') depth++
    else if (--depth === 0) return token.lastIndex
  }
  return undefined
}

function endOfString(script: string, start: number): number | undefined {
  const [open = ''] = /["']/.exec(script.slice(start, start + 40)) ?? []
  return open === '' ? undefined : endOfQuote(script, script.indexOf(open, start), open)
}

function endOfQuote(script: string, start: number, quote: string): number | undefined {
  const token = quote === '"' ? /["\\]/g : /['\\]/g
  token.lastIndex = start + 1
  for (let found = token.exec(script); found !== null; found = token.exec(script)) {
    if (found[0] === quote) return token.lastIndex
    token.lastIndex++
  }
  return undefined
}
