/** Serves what `publish` wrote: feeds and their media, and nothing else that lies there. */
import { join } from 'node:path'
import { listFile, styleFile } from '../addresses.ts'
import { isFresh } from './fresh.ts'
import { localizeHtml } from './local.ts'
import { type Needs, type Page, type WebContext } from './needs.ts'
import { answerFor, crossOrigin, indexPolicy, typeOf } from './published.ts'
import { type Kept, openFile, type Shelf } from './shelf.ts'
import { type View } from './view.ts'

const mediaTypes: Partial<Record<string, string>> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
}

const mediaName = /^[0-9a-f]{16,64}\.([a-z]{3,4})$/

/** `/feeds/ID`: its page has links relative to the folder. */
export function redirectToFeed({ feeds, moved }: Needs, view: View): Page {
  return async (c) => {
    const id = c.req.param('id') ?? ''
    const address = findMoved({ feeds, moved }, id, '', view.home(c))
    const feed = feeds.find((each) => each.id === id)
    if (address === undefined && feed === undefined) return c.notFound()
    return c.redirect(address ?? `${view.home(c)}feeds/${id}/`, 301)
  }
}

/** Where a file of a feed that is called otherwise now, or has left the house, is to be found. */
function findMoved(
  { feeds, moved = {} }: Pick<Needs, 'feeds' | 'moved'>,
  id: string,
  rest: string,
  home: string,
): string | undefined {
  const renamed = feeds.find(({ was }) => was?.includes(id))
  const to = renamed?.id ?? (!feeds.some((feed) => feed.id === id) && Object.hasOwn(moved, id) ? moved[id] : undefined)
  if (to === undefined) return undefined
  if (!to.includes(':')) return `${home}feeds/${to}/${rest}`
  return to.endsWith('/') ? `${to}${rest}` : to
}

/** `/feeds/ID/` and the files below. */
export function serveFeeds(needs: Needs, view: View, shelf: Shelf): Page {
  const { feeds } = needs
  return async (c) => {
    const id = c.req.param('id') ?? ''
    const rest = c.req.param('rest') ?? ''
    const path = rest === '' || rest.endsWith('/') ? `${rest}index.html` : rest
    const type = typeOf(path)
    if (!isPlain(path)) return c.notFound()
    const feed = feeds.find((each) => each.id === id)
    if (type === undefined) {
      // The page of a feed that was made of another: its links are relative to the folder.
      const isFolder = feed !== undefined && (await shelf.take(`${id}/${path}/index.html`)) !== undefined
      return isFolder ? c.redirect(`${view.home(c)}feeds/${encodeURI(`${id}/${path}`)}/`, 301) : c.notFound()
    }
    if (feed === undefined) {
      // Feed readers take a permanent redirect as the new address, and ask the old one no more.
      const address = findMoved(needs, id, rest, view.home(c))
      return address === undefined ? c.notFound() : c.redirect(address, 301)
    }
    if (feed.retired === true) return await sayRetired(c, { view, shelf, path: `${id}/${path}`, type })
    const found = await shelf.take(`${id}/${path}`)
    if (found === undefined) return c.notFound()
    const place = view.place(c)
    if (type.startsWith('text/html') && place.local) {
      return c.html(localizeHtml(found.forms.identity.body.toString('utf8'), place, 'document'), 200, {
        'Cache-Control': 'no-store',
        'Content-Security-Policy': indexPolicy,
      })
    }
    return respond(c, found, type)
  }
}

/**
 * Gone (RFC 9110, section 15.5.11): readers that know it stop asking. The last JSON comes with it, which says the same
 * of itself (`expired`, JSON Feed 1.1).
 */
async function sayRetired(
  c: WebContext,
  { view, shelf, path, type }: { view: View; shelf: Shelf; path: string; type: string },
): Promise<Response> {
  if (type.startsWith('text/html'))
    return await view.message(c, 'This feed has ended', 'Nothing new will come in it.', { status: 410 })
  const last = type.includes('json') ? await shelf.take(path) : undefined
  const headers = { ...crossOrigin, 'Cache-Control': 'public, max-age=86400' }
  if (last === undefined) return c.text('This feed has ended.\n', 410, headers)
  return c.body(bytesOf(last.forms.identity.body), 410, { ...headers, 'Content-Type': type })
}

/** Names as `publish` gives them: no step up, nothing hidden, nothing that a file system would read otherwise. */
function isPlain(path: string): boolean {
  return path.split('/').every((name) => /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*$/u.test(name))
}

/** `/feeds/media/NAME`: named by their content, so a copy is good for ever. */
export function serveMedia(needs: Needs): Page {
  return async (c) => {
    const name = c.req.param('name') ?? ''
    const type = mediaTypes[mediaName.exec(name)?.[1] ?? '']
    const file = type === undefined ? undefined : await openFile(join(needs.publishDirectory, 'media', name))
    if (type === undefined || file === undefined) return c.notFound()
    try {
      const etag = `"${name}"`
      const modifiedAt = (await file.stat()).mtime
      const headers = {
        ...crossOrigin,
        'Content-Type': type,
        'Cache-Control': 'public, max-age=31536000, immutable',
        ETag: etag,
        'Last-Modified': modifiedAt.toUTCString(),
      }
      const conditions = {
        ifNoneMatch: c.req.header('if-none-match'),
        ifModifiedSince: c.req.header('if-modified-since'),
      }
      if (isFresh(conditions, new Set([etag]), modifiedAt)) return c.body(null, 304, headers)
      return c.body(bytesOf(await file.readFile()), 200, headers)
    } finally {
      await file.close()
    }
  }
}

/** `/feeds/feed.css`: for whoever opens a feed in a browser. */
export function serveFeedStyle(shelf: Shelf): Page {
  return async (c) => {
    const found = await shelf.take(styleFile)
    return found === undefined ? c.notFound() : respond(c, found, 'text/css; charset=utf-8')
  }
}

/** `/feeds.opml`: all feeds in one list. */
export function serveFeedList(shelf: Shelf): Page {
  return async (c) => {
    const found = await shelf.take(listFile)
    return found === undefined ? c.notFound() : respond(c, found, 'text/x-opml; charset=utf-8')
  }
}

function respond(c: WebContext, found: Kept, type: string): Response {
  const { status, headers, body } = answerFor(found, type, {
    'if-none-match': c.req.header('if-none-match'),
    'if-modified-since': c.req.header('if-modified-since'),
    'accept-encoding': c.req.header('accept-encoding'),
  })
  return new Response(body === undefined ? null : bytesOf(body), { status, headers: pairs(headers) })
}

/** What a browser asks before a script of another site may send If-None-Match. */
export const answerPreflight: Page = (c) =>
  Promise.resolve(
    c.body(null, 204, {
      ...crossOrigin,
      'Access-Control-Allow-Methods': 'GET, HEAD',
      'Access-Control-Allow-Headers': 'If-None-Match, If-Modified-Since',
      'Access-Control-Max-Age': '86400',
    }),
  )

function pairs(headers: readonly string[]): [string, string][] {
  return headers.flatMap((name, at): [string, string][] => (at % 2 === 0 ? [[name, headers[at + 1] ?? '']] : []))
}

function bytesOf(buffer: Buffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer)
}
