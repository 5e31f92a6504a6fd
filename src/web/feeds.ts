/** Serves what `publish` wrote: feeds and their media, and nothing else that lies there. */
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { Failure } from '../failures.ts'
import { localizeHtml } from './local.ts'
import { type Needs, type Page, type WebContext } from './needs.ts'
import { type View } from './view.ts'

interface Kept {
  /** Inode, time and size: a file that was replaced has another. */
  mark: string
  body: Buffer
  gzipped: Buffer
  hash: string
  modifiedAt: Date
}

const feedTypes: Partial<Record<string, string>> = {
  'rss.xml': 'application/rss+xml; charset=utf-8',
  'atom.xml': 'application/atom+xml; charset=utf-8',
  'feed.json': 'application/feed+json; charset=utf-8',
  'index.html': 'text/html; charset=utf-8',
}

const mediaTypes: Partial<Record<string, string>> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
}

const mediaName = /^[0-9a-f]{16,64}\.([a-z]{3,4})$/

/** The page for people is a file with its style inside, so that any web server can show it. */
const indexPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https:; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'"

const compress = promisify(gzip)

/** `/feeds/ID`: its page has links relative to the folder. */
export function redirectToFeed({ feeds }: Needs, view: View): Page {
  return async (c) => {
    const id = c.req.param('id') ?? ''
    const feed = feeds.find((each) => each.id === id) ?? findRenamed(feeds, id)
    return feed === undefined ? c.notFound() : c.redirect(`${view.home(c)}feeds/${feed.id}/`, 301)
  }
}

/** The feed that was called so before: its old addresses lead to the new ones. */
function findRenamed(feeds: Needs['feeds'], id: string): Needs['feeds'][number] | undefined {
  return feeds.find(({ was }) => was?.includes(id))
}

/** `/feeds/ID/` and its files. */
export function serveFeeds(needs: Needs, view: View): Page {
  const kept = new Map<string, Kept>()
  return async (c) => {
    const id = c.req.param('id') ?? ''
    const file = c.req.param('file') ?? 'index.html'
    const type = feedTypes[file]
    if (type === undefined) return c.notFound()
    if (!needs.feeds.some((feed) => feed.id === id)) {
      const feed = findRenamed(needs.feeds, id)
      if (feed === undefined) return c.notFound()
      // Feed readers take a permanent redirect as the new address, and ask the old one no more.
      return c.redirect(`${view.home(c)}feeds/${feed.id}/${c.req.param('file') ?? ''}`, 301)
    }
    const path = join(needs.publishDirectory, id, file)
    const found = await read(path, kept.get(path))
    if (found === undefined) return c.notFound()
    kept.set(path, found)
    const place = view.place(c)
    if (file === 'index.html' && place.local) {
      return c.html(localizeHtml(found.body.toString('utf8'), place, 'document'), 200, {
        'Cache-Control': 'no-store',
        'Content-Security-Policy': indexPolicy,
      })
    }
    return answer(c, found, {
      'Content-Type': type,
      'Cache-Control': 'public, max-age=300',
      ...(file === 'index.html' && { 'Content-Security-Policy': indexPolicy }),
    })
  }
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
      if (isFresh(c, [etag], modifiedAt)) return c.body(null, 304, headers)
      return c.body(bytesOf(await file.readFile()), 200, headers)
    } finally {
      await file.close()
    }
  }
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

/** Feeds are public, and readers that run in a browser may read them. */
const crossOrigin = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'ETag, Last-Modified',
  'Cross-Origin-Resource-Policy': 'cross-origin',
}

function answer(c: WebContext, { body, gzipped, hash, modifiedAt }: Kept, headers: Record<string, string>): Response {
  const zipped = /(^|,)\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*(,|$))|,|$)/i.test(c.req.header('accept-encoding') ?? '')
  // RFC 9110 8.8.3.3: each coding is a representation of its own, with a tag of its own.
  const tags = { plain: `"${hash}"`, zipped: `"${hash}-gzip"` }
  const all = {
    ...headers,
    ...crossOrigin,
    ETag: zipped ? tags.zipped : tags.plain,
    'Last-Modified': modifiedAt.toUTCString(),
    Vary: 'Accept-Encoding',
  }
  if (isFresh(c, [tags.plain, tags.zipped], modifiedAt)) return c.body(null, 304, all)
  const sent = zipped ? gzipped : body
  return c.body(bytesOf(sent), 200, {
    ...all,
    'Content-Length': String(sent.length),
    ...(zipped && { 'Content-Encoding': 'gzip' }),
  })
}

/** RFC 9110 13.1: If-None-Match is compared weakly, and where it stands If-Modified-Since is not looked at. */
function isFresh(c: WebContext, etags: string[], modifiedAt: Date): boolean {
  const wanted = c.req.header('if-none-match')
  if (wanted !== undefined) {
    if (wanted.trim() === '*') return true
    return [...wanted.matchAll(/"[^"]*"/g)].some(([tag]) => etags.includes(tag))
  }
  const since = Date.parse(c.req.header('if-modified-since') ?? '')
  // HTTP dates have no fractions of a second.
  return Math.floor(modifiedAt.getTime() / 1000) * 1000 <= since
}

async function read(path: string, before: Kept | undefined): Promise<Kept | undefined> {
  const file = await openFile(path)
  if (file === undefined) return undefined
  try {
    const { ino, mtime, mtimeMs, size } = await file.stat()
    const mark = `${ino} ${mtimeMs} ${size}`
    if (before?.mark === mark) return before
    const body = await file.readFile()
    const hash = createHash('sha256').update(body).digest('hex').slice(0, 32)
    return { mark, body, gzipped: await compress(body), hash, modifiedAt: mtime }
  } finally {
    await file.close()
  }
}

/** The open file; undefined when there is none. Throws Failure `file.unreadable`. */
async function openFile(path: string) {
  try {
    const file = await open(path, 'r')
    if ((await file.stat()).isFile()) return file
    await file.close()
    return undefined
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new Failure('file.unreadable', { path }, thrown)
  }
}

function bytesOf(buffer: Buffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer)
}
