/** Whether a request comes from this machine, and how our public addresses look from where it comes. */
import { load } from 'cheerio'
import { type Addresses } from '../addresses.ts'
import { type Site } from '../model.ts'
import { type WebContext, type WebEnv } from './needs.ts'

const loopbackHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i
const loopbackSocket = /^(::ffff:)?127(\.\d{1,3}){3}$|^::1$/i
const proxyHeader = /^(forwarded|via|x-real-ip|x-forwarded(-.*)?)$/i

/** How our addresses look to one request. */
export interface Place {
  /** The request was made to a loopback name: public addresses may not be reachable from there. */
  local: boolean
  /** Where a link or picture in one of our pages points. */
  href: (url: string) => string
  /** An address to read and copy. */
  shown: (url: string) => string
}

/** The request asks for a loopback name, and nothing in it says that a proxy passed it on. */
export function asksLocally(c: WebContext): boolean {
  // A proxy that keeps no Host, as nginx does unless told, still speaks HTTP/1.0 there or adds a header of these.
  if (incomingOf(c)?.httpVersion === '1.0') return false
  const headers = [...c.req.raw.headers.keys()]
  return loopbackHost.test(c.req.header('host') ?? '') && !headers.some((name) => proxyHeader.test(name))
}

/** The request came over a socket of this machine, asks for a loopback name, and was passed on by nobody. */
export function isFromHere(c: WebContext): boolean {
  return loopbackSocket.test(incomingOf(c)?.socket.remoteAddress ?? '') && asksLocally(c)
}

/**
 * Links to ourselves carry no host, so that a page works under whatever name it was asked by; other addresses stay,
 * except that a local request sees feeds, media and the paper's own front page here.
 */
export function placeOf(c: WebContext, site: Pick<Site, 'url'>, addresses: Addresses): Place {
  const server = normal(addresses.server)
  const publish = normal(addresses.publish)
  const front = normal(site.url)
  if (!asksLocally(c)) {
    const { origin } = new URL(server)
    const href = (url: string) => (normal(url).startsWith(server) ? normal(url).slice(origin.length) : url)
    return { local: false, href, shown: (url) => url }
  }
  const href = (url: string) => {
    const whole = normal(url)
    if (whole.startsWith(publish)) return `/feeds/${whole.slice(publish.length)}`
    if (whole.startsWith(server)) return `/${whole.slice(server.length)}`
    return whole === front ? '/' : url
  }
  const origin = `http://${c.req.header('host') ?? ''}`
  const shown = (url: string) => {
    const path = href(url)
    return path === url ? url : `${origin}${path}`
  }
  return { local: true, href, shown }
}

/** The same HTML with its links and pictures as `place` sees them; a whole document stays one. */
export function localizeHtml(html: string, place: Place, form: 'fragment' | 'document'): string {
  if (!place.local) return html
  const $ = load(html, undefined, form === 'document')
  for (const name of ['href', 'src', 'poster', 'background', 'cite']) {
    $(`[${name}]`).each((_, element) => {
      const $element = $(element)
      $element.attr(name, place.href($element.attr(name) ?? ''))
    })
  }
  $('[srcset]').each((_, element) => {
    const $element = $(element)
    $element.attr('srcset', ($element.attr('srcset') ?? '').replace(/\S+/g, place.href))
  })
  // The addresses to copy on a feed's page; in an article they are its author's words.
  if (form === 'document') $('code').each((_, element) => void $(element).text(place.shown($(element).text())))
  return $.html()
}

/** The same text with its addresses as `place` sees them. */
export function localizeText(text: string, place: Place): string {
  return text.replace(/https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]]/g, place.shown)
}

/** What came over the socket; a `Request` handed to the router came over none, and brings no environment either. */
function incomingOf(c: WebContext) {
  return (c.env as WebEnv['Bindings'] | undefined)?.incoming
}

/** One spelling of an address, to compare by; what is none stays. */
function normal(url: string): string {
  return URL.parse(url)?.href ?? url
}
