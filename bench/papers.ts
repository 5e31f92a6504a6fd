/** SITES: papers on loopback, in a process of their own, so that what they cost is nobody else's. They count what they are asked. */
import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'

/** How often each kind of thing was asked for since the last time that somebody wanted to know. */
export interface Asked {
  /** `/robots.txt`. */
  robots: number
  /** Feeds that were sent whole. */
  feeds: number
  /** Conditional requests for feeds that were answered with 304. */
  unchanged: number
  /** Pages of articles. */
  pages: number
  /** Anything else: there should be none. */
  other: number
}

export interface Papers {
  port: number
}

export const ARTICLES = 20

/** Each paper is a site under a name of its own, as far as the fetcher's manners can see. */
export const hostOf = (paper: number) => `paper${paper}.example`

// A linear congruential generator: the same words on every machine and in every run.
function wordsOf(seed: number): (count: number) => string {
  const words = `the of harbour and council said a ferry to in quay that was on storm for mayor it school bridge with is
    by night as bakery market from at Monday tide lamp were which museum has budget not road an be library`.split(/\s+/)
  let state = seed * 2654435761 + 12345
  const next = () => words[((state = (state * 1103515245 + 12345) % 2147483648) >>> 8) % words.length] ?? ''
  return (count) => Array.from({ length: count }, next).join(' ')
}

/** Some 4 kB, as newspapers write it: paragraphs, links, a picture with its caption, a quotation, a list, a tracker. */
function bodyOf(paper: number, number: number): string {
  const words = wordsOf(paper * 100_000 + number)
  const paragraph = (at: number) =>
    `<p class="text-block" style="margin:0">${words(40)} <a href="/topics/${at}?utm_source=feed&amp;utm_medium=rss">${words(3)}</a> ${words(30)} <em>${words(4)}</em>.</p>`
  return [
    `<figure><img src="/pictures/${number}.jpg" srcset="/pictures/${number}-2.jpg 2x" alt="${words(6)}" width="800" height="450"><figcaption>${words(9)}</figcaption></figure>`,
    ...[1, 2, 3].map(paragraph),
    `<blockquote><p>${words(25)}</p></blockquote><h2>${words(5)}</h2>`,
    ...[4, 5].map(paragraph),
    `<ul>${[1, 2, 3].map(() => `<li>${words(8)}</li>`).join('')}</ul>`,
    paragraph(6),
    `<img src="https://tracker.example/pixel.gif?article=${number}" width="1" height="1" alt="">`,
  ].join('\n')
}

const titleOf = (paper: number, number: number) => `${number}: ${wordsOf(paper * 7_000_000 + number)(6)}`

/** The feed when `newest` articles have appeared: the last twenty of them, the newest first. */
function feedOf(paper: number, newest: number, isWhole: boolean): string {
  const home = `http://${hostOf(paper)}/`
  const items = Array.from({ length: ARTICLES }, (_, at) => newest - at).map((number) => {
    const date = new Date(Date.UTC(2026, 0, 1, 0, number)).toUTCString()
    const text = isWhole ? `<content:encoded><![CDATA[${bodyOf(paper, number)}]]></content:encoded>` : ''
    return (
      `<item><title>${titleOf(paper, number)}</title><link>article-${number}</link><guid isPermaLink="false">${paper}-${number}</guid>` +
      `<pubDate>${date}</pubDate><dc:creator>Mara Lund</dc:creator><category>Town</category>` +
      `<description>${wordsOf(number)(25)}</description>${text}</item>`
    )
  })
  return (
    '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">' +
    `<channel><title>Paper ${paper}</title><link>${home}</link><description>News</description>${items.join('\n')}</channel></rss>`
  )
}

function pageOf(paper: number, number: number): string {
  const links = Array.from({ length: 30 }, (_, at) => `<li><a href="/topics/${at}">Topic ${at}</a></li>`).join('')
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${titleOf(paper, number)} | Paper ${paper}</title>` +
    `<meta property="og:type" content="article"><meta name="author" content="Mara Lund"></head><body><header><nav><ul>${links}</ul></nav></header>` +
    `<main><article><h1>${titleOf(paper, number)}</h1>${bodyOf(paper, number)}</article></main>` +
    `<aside><h2>Most read</h2><ul>${links}</ul></aside><footer><p>Paper ${paper}, all rights reserved.</p></footer></body></html>`
  )
}

/**
 * Serves the papers on one port, told apart by the Host header. `/feed.xml` holds whole articles, `/teasers.xml` only
 * their beginnings. POST `/turn` lets one more article appear in each paper, `/reset` begins again, `/asked` gives the counts.
 */
function servePapers(): void {
  let newest = ARTICLES
  let asked: Asked = { robots: 0, feeds: 0, unchanged: 0, pages: 0, other: 0 }
  const server = createServer((request, response) => {
    const { url: path = '/', method, headers } = request
    if (method === 'POST') {
      if (path === '/turn') newest += 1
      if (path === '/reset') newest = ARTICLES
      response.setHeader('content-type', 'application/json').end(JSON.stringify(asked))
      asked = { robots: 0, feeds: 0, unchanged: 0, pages: 0, other: 0 }
      return
    }
    const paper = Number(/^paper(\d+)\./.exec(headers.host ?? '')?.[1])
    const number = Number(/^\/article-(\d+)$/.exec(path)?.[1])
    const etag = `"${newest}"`
    if (path === '/feed.xml' || path === '/teasers.xml') {
      const isSame = headers['if-none-match'] === etag
      asked[isSame ? 'unchanged' : 'feeds'] += 1
      response.writeHead(isSame ? 304 : 200, { etag, 'content-type': 'application/rss+xml' })
      response.end(isSame ? undefined : feedOf(paper, newest, path === '/feed.xml'))
    } else if (Number.isFinite(number)) {
      asked.pages += 1
      response.setHeader('content-type', 'text/html; charset=utf-8').end(pageOf(paper, number))
    } else {
      asked[path === '/robots.txt' ? 'robots' : 'other'] += 1
      response.writeHead(404).end()
    }
  })
  // Longer than any pause of the bench: a connection is opened once, by whoever reads.
  server.keepAliveTimeout = 600_000
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port } satisfies Papers))
  process.on('disconnect', () => process.exit())
}

if (import.meta.main) servePapers()
