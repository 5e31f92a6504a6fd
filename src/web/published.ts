/** The answer to a request for a published file, the same over a bare socket and through the router. */
import { type Coding, chooseCoding } from './coding.ts'
import { isFresh } from './fresh.ts'
import { type Form, type Kept } from './shelf.ts'

export interface Answer {
  status: 200 | 304
  /** Names and values by turns, as `ServerResponse.writeHead` takes them. */
  headers: readonly string[]
  body: Buffer | undefined
}

/** The request headers that decide. */
export interface Asked {
  'if-none-match'?: string | undefined
  'if-modified-since'?: string | undefined
  'accept-encoding'?: string | undefined
}

const feedTypes = {
  'rss.xml': 'application/rss+xml; charset=utf-8',
  'atom.xml': 'application/atom+xml; charset=utf-8',
  json: 'application/feed+json; charset=utf-8',
  'index.html': 'text/html; charset=utf-8',
}

/** `rss.xml` in a feed's folder, and `archive/3.rss.xml`. */
const feedFile = /(?:^|\/)(?:feed\.(json)|(rss\.xml|atom\.xml|index\.html)|archive\/\d+\.(rss\.xml|atom\.xml|json))$/

/** The page for people is a file with its style inside, so that any web server can show it. */
export const indexPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https:; media-src 'self' https:; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'"

/** Feeds are public, and readers that run in a browser may read them. */
export const crossOrigin = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'ETag, Last-Modified',
  'Cross-Origin-Resource-Policy': 'cross-origin',
}

/** How long a reader or a cache may go without asking again, in seconds. */
export const maxAgeSeconds = 300

/** The media type of a published file by its path in the folder of feeds; undefined for what is not published. */
export function typeOf(path: string): string | undefined {
  const found = feedFile.exec(path)
  const kind = (found?.[1] ?? found?.[2] ?? found?.[3]) as keyof typeof feedTypes | undefined
  return kind && feedTypes[kind]
}

/** The answer to GET; HEAD has the same headers and no body. */
export function answerFor(kept: Kept, type: string, asked: Asked): Answer {
  const wanted = chooseCoding(asked['accept-encoding'])
  const coding: Coding = kept.forms[wanted] === undefined ? 'identity' : wanted
  const form = kept.forms[coding] ?? kept.forms.identity
  const conditions = { ifNoneMatch: asked['if-none-match'], ifModifiedSince: asked['if-modified-since'] }
  const status = isFresh(conditions, kept.etags, kept.modifiedAt) ? 304 : 200
  return { status, headers: headersOf(kept, form, coding, type)[status], body: status === 200 ? form.body : undefined }
}

/** Made once for each form: they are the same for everyone who gets it. */
const made = new WeakMap<Form, { type: string; 200: string[]; 304: string[] }>()

function headersOf({ modifiedAt, link }: Kept, form: Form, coding: Coding, type: string) {
  const known = made.get(form)
  if (known?.type === type) return known
  // All that an answer without a body is to say (RFC 9110, section 15.4.5): the client has the rest.
  const shared: Record<string, string> = {
    ...crossOrigin,
    'Cache-Control': `public, max-age=${maxAgeSeconds}`,
    ETag: form.etag,
    'Last-Modified': modifiedAt.toUTCString(),
    Vary: 'Accept-Encoding',
    // Where news of it can be had, and by which name (WebSub, section 4).
    ...(link !== undefined && { Link: link }),
  }
  const headers = {
    type,
    304: Object.entries(shared).flat(),
    200: Object.entries({
      ...shared,
      'Content-Type': type,
      'Content-Length': String(form.body.length),
      ...(coding !== 'identity' && { 'Content-Encoding': coding }),
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Content-Security-Policy': type.startsWith('text/html') ? indexPolicy : "default-src 'none'; style-src 'self'",
    }).flat(),
  }
  made.set(form, headers)
  return headers
}
