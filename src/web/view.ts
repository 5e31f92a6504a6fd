/** Pages from templates: Liquid that escapes by default, one layout, the headers that every page carries. */
import { createHash } from 'node:crypto'
import { Liquid, type FS, type Template } from 'liquidjs'
import { describe, Failure } from '../failures.ts'
import { accentsOf } from '../colour.ts'
import { asksLocally, placeOf, type Place } from './local.ts'
import { type Needs, type WebContext } from './needs.ts'

export interface PageOptions {
  /** What the window is called; the paper's own title stands behind it. */
  title?: string
  description?: string | undefined
  /** The page's one public address. */
  canonical?: string
  /** A picture for whoever links to it. */
  picture?: string | undefined
  status?: 200 | 400 | 403 | 404 | 405 | 410 | 413 | 429 | 500
  /** Kept by nobody and found by no search engine: what a link holder or the operator sees. */
  private?: boolean
  headers?: Record<string, string>
}

export interface View {
  /** `templates/web/NAME.html` filled with `data`, inside the layout. Throws Failure `template.invalid`. */
  page: (c: WebContext, name: string, data: object, options?: PageOptions) => Promise<Response>
  /** A page of a heading and a few words. */
  message: (c: WebContext, heading: string, words: string, options?: PageOptions) => Promise<Response>
  place: (c: WebContext) => Place
  /** Where `/` is, as seen from the request: a path that ends in a slash. */
  home: (c: WebContext) => string
  /** `templates/web/style.css` with the paper's colours. */
  style: () => Promise<Style>
}

export interface Style {
  css: string
  /** Changes with the text. */
  version: string
}

/** What a page may load: its own style, pictures, nothing else; nothing runs. */
export const pagePolicy =
  "default-src 'none'; style-src 'self'; img-src 'self' https:; media-src 'self' https:; frame-src 'self'; " +
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

export function createView(needs: Needs): View {
  const { site, addresses, templates, mailDirectory } = needs
  const engine = new Liquid({
    outputEscape: 'escape',
    ownPropertyOnly: true,
    strictFilters: true,
    fs: reader(templates),
    root: 'web',
    relativeReference: false,
  })
  const parsed = new Map<string, { text: string; template: Template[] }>()
  let lastStyle: (Style & { source: string }) | undefined

  async function fill(path: string, data: object): Promise<string> {
    const text = await templates.read(path)
    try {
      let known = parsed.get(path)
      if (known?.text !== text) {
        known = { text, template: engine.parse(text, path) }
        parsed.set(path, known)
      }
      return String(await engine.render(known.template, data))
    } catch (thrown) {
      if (thrown instanceof Failure) throw thrown
      throw new Failure('template.invalid', { template: path, reason: describe(thrown) }, thrown)
    }
  }

  const homeOf = (c: WebContext) => placeOf(c, site, addresses).href(addresses.server)

  async function style(): Promise<Style> {
    const source = await templates.read('web/style.css')
    if (lastStyle?.source !== source) {
      const css = await fill('web/style.css', { accent: accentsOf(site.colour) })
      lastStyle = { source, css, version: createHash('sha256').update(css).digest('hex').slice(0, 12) }
    }
    return lastStyle
  }

  async function page(c: WebContext, name: string, data: object, options: PageOptions = {}): Promise<Response> {
    const place = placeOf(c, site, addresses)
    const home = homeOf(c)
    const common = {
      site,
      home,
      today: dayOf(needs.now(), site),
      mailbox: mailDirectory !== undefined && asksLocally(c) ? `${home}mail/` : undefined,
    }
    const content = await fill(`web/${name}.html`, { ...common, ...data })
    const html = await fill('web/layout.html', {
      ...common,
      page: { ...options, name, title: options.title ?? site.title },
      content,
      style: `${home}style.css?v=${(await style()).version}`,
      icon: `${home}favicon.ico`,
      newsletters: needs.newsletters.length > 0,
      feeds: needs.feeds.map((feed) => ({ title: feed.title, base: place.shown(`${addresses.publish}${feed.id}/`) })),
    })
    const shared = options.private === true || (options.status ?? 200) !== 200 || place.local
    return c.html(html, options.status ?? 200, {
      'Cache-Control': shared ? 'no-store' : 'public, max-age=60',
      ...(options.private === true && { 'X-Robots-Tag': 'noindex' }),
      ...options.headers,
    })
  }

  return {
    page,
    style,
    place: (c) => placeOf(c, site, addresses),
    home: homeOf,
    message: (c, heading, words, options = {}) =>
      page(c, 'message', { heading, words }, { title: heading, private: true, ...options }),
  }
}

/** A moment as pages say it, in the paper's language and time zone, and as machines read it. */
export function dayOf(date: Date, site: Needs['site'], time = false): { text: string; iso: string } {
  return { text: formatOf(site, time).format(date), iso: date.toISOString() }
}

/** Making one takes longer than all else that a page does. */
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf({ language, timezone }: Needs['site'], time: boolean): Intl.DateTimeFormat {
  const key = `${language} ${timezone} ${time}`
  let format = formats.get(key)
  if (format === undefined) {
    const clock = time ? ({ timeStyle: 'short' } as const) : {}
    format = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: timezone, ...clock })
    formats.set(key, format)
  }
  return format
}

/** Partials come from where templates come from, not from the disk. */
function reader(templates: Needs['templates']): FS {
  const never = () => {
    throw new TypeError('templates are read asynchronously')
  }
  return {
    readFile: (path) => templates.read(path),
    readFileSync: never,
    exists: () => Promise.resolve(true),
    existsSync: never,
    resolve: (directory, file) => `${directory}/${file}`,
    contains: () => Promise.resolve(true),
  }
}
