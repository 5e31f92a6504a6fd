/** The rules of content: nothing in it runs, every address is whole. */
import { load } from 'cheerio'
import type { Tell } from './checklist.ts'

/** What runs, loads or speaks for the page that it stands in. */
const ACTIVE = new Set('script object embed applet base meta link frame frameset portal'.split(' '))

/** What readers take out, and what shows nothing or something else then. */
const EMBEDDED = new Set('iframe form input button select textarea style svg math dialog template'.split(' '))

const ADDRESSES = new Set(
  'href src cite poster background data action formaction longdesc usemap srcset xlink:href'.split(' '),
)

// What we write ourselves: small letters, one space, double quotes. Of all else an HTML parser judges.
const TAG = /<(?:\/([a-z][a-z0-9]*)|([a-z][a-z0-9]*)((?: [a-z-]+="[^"<>]*")*) ?\/?)>/y
// Most tags of most articles, which need no second look.
const HARMLESS = /<\/?(?:p|em|strong|[bi]|li|ul|ol|h[1-6]|blockquote|figure|figcaption|code|pre|br)>|<\/a>/y
const ATTRIBUTE = / ([a-z-]+)="([^"]*)"/g
const SURE = /^(?:https?:\/\/[^\s/&]|mailto:|tel:)/

export function checkHtml(html: string, tell: Tell): void {
  if (!isPlain(html)) checkParsed(html, tell)
}

/** Whether nothing can be said against it, seen without a parser; only HTML as we write it can be plain. */
function isPlain(html: string): boolean {
  for (let at = html.indexOf('<'); at !== -1; at = html.indexOf('<', at + 1)) {
    HARMLESS.lastIndex = at
    if (HARMLESS.test(html)) continue
    TAG.lastIndex = at
    const tag = TAG.exec(html)
    if (tag === null) return false
    const [, end, start = end, attributes = ''] = tag
    if (start === undefined || ACTIVE.has(start) || EMBEDDED.has(start)) return false
    if (attributes === '') continue
    for (const [, name = '', value = ''] of attributes.matchAll(ATTRIBUTE)) {
      if (name.startsWith('on') || name === 'style' || name === 'srcset') return false
      if (ADDRESSES.has(name) && !SURE.test(value)) return false
    }
  }
  return true
}

/** The HTML as a browser takes it. */
function checkParsed(html: string, tell: Tell): void {
  const $ = load(html, undefined, false)
  $('*').each((_, element) => {
    if (!('attribs' in element)) return
    const name = element.tagName.toLowerCase()
    if (ACTIVE.has(name)) tell('content.active', `<${name}>`)
    if (EMBEDDED.has(name)) tell('content.embedded', `<${name}>`)
    for (const [key, value] of Object.entries(element.attribs)) {
      if (/^on/i.test(key)) tell('content.active', `<${name} ${key}="…">`)
      if (!ADDRESSES.has(key.toLowerCase())) continue
      const addresses = key.toLowerCase() === 'srcset' ? addressesIn(value) : [value]
      for (const address of addresses) checkAddress(address, `<${name} ${key}="${shorten(address)}">`, tell)
    }
  })
}

function checkAddress(value: string, place: string, tell: Tell): void {
  // Browsers take these out before they look for the scheme.
  const address = value.replace(/[\u0000-\u0020]/g, '')
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(address)?.[1]?.toLowerCase()
  if (scheme === undefined) tell('content.relative', place)
  else if (/^(?:javascript|vbscript)$/.test(scheme) || (scheme === 'data' && !/^data:image\/(?!svg)/i.test(address)))
    tell('content.active', place)
  else if (/^https?$/.test(scheme) && !URL.canParse(value.trim())) tell('content.relative', place)
}

function addressesIn(srcset: string): string[] {
  return srcset
    .split(/,\s+/)
    .map((candidate) => candidate.trim().split(/\s+/)[0] ?? '')
    .filter((address) => address !== '')
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
