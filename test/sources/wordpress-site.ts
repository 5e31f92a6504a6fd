/** A site on loopback that answers as WordPress does, for tests of what reads it. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'

export interface Post {
  id: number
  title?: string
  text?: string
  /** `YYYY-MM-DDTHH:MM:SS`, UTC. */
  date: string
  modified?: string
  [field: string]: unknown
}

export interface Wordpress {
  url: string
  authority: string
  posts: Post[]
  /** What is asked, as `path?the=query` without what every question holds, in order. */
  seen: string[]
  /** How it differs from a plain installation. */
  ways: {
    /** Where the API is; the usual place if not given. `query`: only at `?rest_route=`. */
    at?: string
    /** Answers every question of the API with this status. */
    closed?: number
    /** Brings nothing along, whatever is asked. */
    bare?: boolean
    /** Users may not be looked up. */
    hidesUsers?: boolean
    /** Does not know `modified_after`. */
    old?: boolean
    robots?: string
  }
  close(): Promise<void>
}

const AUTHORS: Record<number, string> = { 3: 'Ana Prado', 4: 'Rui S&aacute;' }
const TERMS: Record<number, { name: string; slug: string; taxonomy: string }> = {
  1: { name: 'Uncategorized', slug: 'uncategorized', taxonomy: 'category' },
  7: { name: 'Harbour &amp; Quay', slug: 'harbour', taxonomy: 'category' },
  9: { name: 'storm', slug: 'storm', taxonomy: 'post_tag' },
}

export async function openWordpress(posts: Post[], ways: Wordpress['ways'] = {}): Promise<Wordpress> {
  const site = { posts, ways, seen: [] as string[], url: '', authority: '' }
  const rendered = (post: Post, embeds: boolean) => {
    const { id, title = `Post ${id}`, text = `<p>Text of post ${id}.</p>`, date, modified = date, ...more } = post
    return {
      id,
      link: `${site.url}${date.slice(0, 4)}/post-${id}/`,
      guid: { rendered: `${site.url}?p=${id}` },
      status: 'publish',
      type: 'post',
      date: date.replace('T', 'T'),
      date_gmt: date,
      modified_gmt: modified,
      title: { rendered: title },
      content: { rendered: text, protected: false },
      excerpt: { rendered: '<p>The beginning [&hellip;]</p>' },
      author: 3,
      featured_media: 21,
      categories: [7, 1],
      tags: [9],
      ...(embeds && {
        _embedded: {
          author: [
            site.ways.hidesUsers
              ? { code: 'rest_user_invalid_id', message: 'Invalid user ID.' }
              : { id: 3, name: AUTHORS[3] },
          ],
          'wp:term': [
            [
              { id: 7, ...TERMS[7] },
              { id: 1, ...TERMS[1] },
            ],
            [{ id: 9, ...TERMS[9] }],
          ],
          'wp:featuredmedia': [medium(21)],
        },
      }),
      ...more,
    }
  }
  const medium = (id: number) => ({
    id,
    media_type: 'image',
    source_url: `${site.url}uploads/${id}.jpg`,
    alt_text: 'The quay',
    caption: { rendered: '<p>At <em>noon</em></p>' },
  })
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', site.url)
    const send = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      response.writeHead(status, {
        'content-type': typeof body === 'string' ? 'text/html' : 'application/json',
        ...headers,
      })
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    }
    if (url.pathname === '/robots.txt') {
      send(site.ways.robots === undefined ? 404 : 200, site.ways.robots ?? '')
      return
    }
    const { at = '/wp-json/' } = site.ways
    const route =
      at === 'query'
        ? url.searchParams.get('rest_route')?.slice(1)
        : url.pathname.startsWith(at)
          ? url.pathname.slice(at.length)
          : undefined
    const query = Object.fromEntries(url.searchParams)
    site.seen.push(
      url.pathname +
        ['page', 'per_page', 'include', 'modified_after']
          .filter((name) => query[name] !== undefined)
          .map((name, place) => `${place === 0 ? '?' : '&'}${name}=${query[name]}`)
          .join(''),
    )
    if (route === undefined) {
      const head = at === '/wp-json/' || at === 'query' ? '' : `<link rel="https://api.w.org/" href="${at}" />`
      if (url.pathname === '/') {
        send(200, `<!doctype html><html><head>${head}</head><body><h1>Gazette</h1></body></html>`)
        return
      }
      send(404, '<!doctype html><h1>Not found</h1>')
      return
    }
    if (site.ways.closed !== undefined) {
      send(site.ways.closed, { code: 'rest_login_required', message: 'API access is restricted.', data: {} })
      return
    }
    const [, , type = ''] = route.split('/')
    const ids = (query['include'] ?? '').split(',').map(Number)
    if (type === 'users') {
      if (site.ways.hidesUsers === true) send(401, { code: 'rest_user_cannot_view' })
      else
        send(
          200,
          ids.map((id) => ({ id, name: AUTHORS[id] })),
        )
      return
    }
    if (type === 'categories' || type === 'tags') {
      send(
        200,
        ids.map((id) => ({ id, ...TERMS[id] })),
      )
      return
    }
    if (type === 'media') {
      send(200, ids.map(medium))
      return
    }
    if (type !== 'posts') {
      send(404, { code: 'rest_no_route', message: 'No route was found.' })
      return
    }
    const key = query['orderby'] === 'modified' ? ('modified' as const) : ('date' as const)
    const of = (post: Post) => post[key] ?? post.date
    const chosen = site.posts
      .filter(
        (post) =>
          site.ways.old === true ||
          query['modified_after'] === undefined ||
          (post.modified ?? post.date) > query['modified_after'],
      )
      .toSorted((a, b) => of(b).localeCompare(of(a)))
    const size = Number(query['per_page'] ?? 10)
    const page = Number(query['page'] ?? 1)
    const pages = Math.ceil(chosen.length / size)
    if (page > Math.max(1, pages)) {
      send(400, { code: 'rest_post_invalid_page_number', message: 'The page number is too large.' })
      return
    }
    const embeds = site.ways.bare !== true && query['_embed'] !== undefined
    send(
      200,
      chosen.slice((page - 1) * size, page * size).map((post) => rendered(post, embeds)),
      { 'x-wp-total': String(chosen.length), 'x-wp-totalpages': String(pages) },
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  site.authority = `127.0.0.1:${(server.address() as AddressInfo).port}`
  site.url = `http://${site.authority}/`
  return Object.assign(site, {
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
}
