/** A site with a feed and a front page, whose server fails in every way, and which notes how politely it is read. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo } from 'node:net'
import { type Chance } from './chance.ts'

export interface Story {
  /** Such as `s12x`: in its title, and nowhere else. */
  token: string
  kind: 'wire' | 'www' | 'desk'
  at: Date
  edits: number
}

/** How a host answers just now. */
export type Weather = (typeof storms)[number] | 'fine'

export const storms = [
  'error',
  'hang',
  'hangUp',
  'garbage',
  'cut',
  'empty',
  'missing',
  'later',
  'many',
  'loop',
] as const

export interface SoakSite {
  port: number
  weather: Record<'wire' | 'www', Weather>
  stories: Story[]
  /** What was not polite, in words. */
  faults: string[]
  /** How often the feed or the front page was given in full, was unchanged, how often an article's page was given, and how often it was looked at and unchanged. */
  counts: { full: number; unchanged: number; pages: number; looks: number }
  /** A process was killed: what it was given may be asked for again. */
  forgive(): void
  close(): Promise<void>
}

const gapMs = 1000

/** `now` is the reader's clock; undefined while a reader with another clock is at work. */
export async function openSoakSite(chance: Chance, now: () => number | undefined): Promise<SoakSite> {
  let inFlight = 0
  let endedAt = 0
  /** By path: the entity tag that was given in full last. */
  const given = new Map<string, string>()
  const asked = new Map<string, number>()
  const site = {
    weather: { wire: 'fine', www: 'fine' } as SoakSite['weather'],
    stories: [] as Story[],
    faults: [] as string[],
    counts: { full: 0, unchanged: 0, pages: 0, looks: 0 },
  }

  const answer = (request: IncomingMessage, response: ServerResponse, host: 'wire' | 'www') => {
    const path = request.url ?? '/'
    const say = (status: number, body = '', headers: Record<string, string> = {}) => {
      response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers })
      response.end(body)
    }
    const tag = request.headers['if-none-match']
    const weather = site.weather[host]
    if (path !== '/robots.txt' && weather !== 'fine') {
      // A body that is none comes with a tag as well: to remember it would be to miss what follows.
      const junk = { etag: '"junk"' }
      if (host === 'www' && path !== '/' && ['garbage', 'cut', 'empty'].includes(weather)) {
        say(502)
        return
      }
      const storm: Record<(typeof storms)[number], () => void> = {
        error: () => say(500),
        hang: () => undefined,
        hangUp: () => request.socket.destroy(),
        garbage: () => say(200, '<html><body><h1>Database error</h1></body></html>', junk),
        cut: () => say(200, host === 'wire' ? feed(site.stories).slice(0, -300) : '', junk),
        empty: () => {
          // A feed without items is a feed, and may be remembered; what comes after it is another.
          given.delete(host)
          say(200, host === 'wire' ? feed([]) : '<p>Nothing here</p>', junk)
        },
        missing: () => say(404),
        later: () => say(503, '', { 'retry-after': '3600' }),
        many: () => say(429),
        loop: () => say(302, '', { location: path.startsWith('/loop') ? path.replace('/loop', '/') : `/loop${path}` }),
      }
      storm[weather]()
      return
    }
    if (path === '/robots.txt') {
      say(host === 'wire' ? 404 : 200, 'User-agent: *\nDisallow: /secret\n')
      return
    }
    if (path === '/feed.xml' || path === '/') {
      const body = host === 'wire' ? feed(site.stories) : front(site.stories)
      const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`
      if (tag === etag) {
        site.counts.unchanged += 1
        response.writeHead(304, { etag }).end()
        return
      }
      if (given.get(host) === etag)
        site.faults.push(`${host}${path} was asked for in full again, with ${tag ?? 'no tag'}`)
      if (given.has(host) && tag === undefined) site.faults.push(`${host}${path} was asked for without a condition`)
      given.set(host, etag)
      site.counts.full += 1
      say(200, body, { etag, ...(host === 'wire' && { 'content-type': 'application/rss+xml' }) })
      return
    }
    const story = site.stories.find(
      ({ token, kind }) => kind === host && (path === `/${token}` || path === `/moved/${token}`),
    )
    if (story === undefined) {
      say(404)
      return
    }
    // Young pages are looked at again: with a condition, which costs nothing while they are the same.
    const etag = `"${story.token} ${story.edits}"`
    if (tag === etag) {
      site.counts.looks += 1
      response.writeHead(304, { etag }).end()
      return
    }
    const times = (asked.get(path) ?? 0) + 1
    asked.set(path, times)
    if (chance.happens(0.1, 'page', path, times)) {
      // The list is read in full until every page was.
      given.delete('www')
      say(tag === undefined ? chance.pick([500, 404], 'page status', path, times) : 500)
      return
    }
    const read = `page ${path} ${story.edits}`
    // Once because the list says something else, and once because a look came between that and a page that failed.
    const reads = Number(given.get(read) ?? 0) + 1
    if (reads > 2) site.faults.push(`${path} was read again, though nothing was said to have changed`)
    given.set(read, String(reads))
    site.counts.pages += 1
    say(200, page(story), { etag })
  }

  const server = createServer((request, response) => {
    const host = request.headers.host?.split('.')[0] === 'wire' ? 'wire' : 'www'
    const isHung = site.weather[host] === 'hang'
    const time = now()
    if (inFlight > 0) site.faults.push(`${host}${request.url ?? ''} was asked for while another answer was in the air`)
    if (time !== undefined && time - endedAt < gapMs) site.faults.push(`${request.url ?? ''} came without a pause`)
    if (!isHung) inFlight += 1
    response.on('close', () => {
      if (!isHung) inFlight -= 1
    })
    answer(request, response, host)
    endedAt = time ?? 0
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    ...site,
    port: (server.address() as AddressInfo).port,
    forgive: () => given.clear(),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const base = { wire: 'http://wire.harbour.example', www: 'http://www.harbour.example' }

export const titleOf = ({ token, edits }: Story): string => `Story ${token}${edits > 0 ? `, told again ${edits}` : ''}`

/** Moved to another address by every second edit; the guid stays. */
function feed(stories: Story[]): string {
  const items = stories
    .filter(({ kind }) => kind === 'wire')
    .slice(-40)
    .reverse()
    .map(
      (story) =>
        `<item><guid isPermaLink="false">wire:${story.token}</guid><title>${titleOf(story)}</title>` +
        `<link>${base.wire}/${story.edits > 1 ? 'moved/' : ''}${story.token}</link>` +
        `<pubDate>${story.at.toUTCString()}</pubDate><description>What the wire knows of it.</description></item>`,
    )
  const channel = `<title>Wire</title><link>${base.wire}/</link><description>News</description>`
  return `<?xml version="1.0"?>\n<rss version="2.0"><channel>${channel}${items.join('\n')}</channel></rss>\n`
}

function front(stories: Story[]): string {
  const cards = stories
    .filter(({ kind }) => kind === 'www')
    .slice(-40)
    .reverse()
    .map((story) => `<article class="card"><h2><a href="/${story.token}">${titleOf(story)}</a></h2></article>`)
  return `<!doctype html><title>Harbour</title><main>${cards.join('\n')}<article class="card"><h2><a href="/about">About us</a></h2></article></main>`
}

function page(story: Story): string {
  const text = '<p>Everybody on the quay saw it this morning, and by noon it was told all over the town.</p>'.repeat(4)
  return `<!doctype html><title>${titleOf(story)}</title><main><article><h1>${titleOf(story)}</h1><time datetime="${story.at.toISOString()}"></time>${text}</article></main>`
}
