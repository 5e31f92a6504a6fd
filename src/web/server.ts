/** The routes: which page answers which address, and what every answer carries. */
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { routePath } from 'hono/route'
import { isOwnHub, listFile, styleFile } from '../addresses.ts'
import { Failure } from '../failures.ts'
import { documentAt, linkHeader } from '../hub/documents.ts'
import { showArticle } from './article.ts'
import { answerPreflight, redirectToFeed, serveFeedList, serveFeeds, serveFeedStyle, serveMedia } from './feeds.ts'
import { showHealth } from './health.ts'
import { showHome } from './home.ts'
import { showHub, takeRequest } from './hub.ts'
import { serveIcon, serveRobots, serveStyle } from './assets.ts'
import { downloadMail, listMailbox, showMail, showMailHtml } from './mailbox.ts'
import { createMetrics } from './metrics.ts'
import { type Needs, type Page, type Web, type WebContext, type WebEnv } from './needs.ts'
import { openQuick } from './quick.ts'
import { openShelf } from './shelf.ts'
import { confirm, showConfirm } from './confirm.ts'
import { showSubscribe, subscribe } from './subscribe.ts'
import { guardPrivate } from './private.ts'
import { showReady } from './ready.ts'
import { showUnsubscribe, unsubscribe } from './unsubscribe.ts'
import { createView, pagePolicy } from './view.ts'

/** A form of ours has a few hundred bytes, and so has a one-click request. */
const largestBody = 16 * 1024

const headers = {
  'Content-Security-Policy': pagePolicy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
}

/** The pages of an installation, to be handed to `listen`, or a `Request` in a test. */
export function createWeb(needs: Needs): Web {
  const { log, mailDirectory } = needs
  const view = createView(needs)
  const metrics = createMetrics(needs)
  const { addresses, feeds } = needs
  const { hub } = addresses
  const shelf = openShelf(needs.publishDirectory, undefined, (path) => {
    const topic = `${addresses.publish}${path.split('/').map(encodeURIComponent).join('/')}`
    const isFollowed = hub !== undefined && documentAt(addresses, feeds, topic) !== undefined
    return isFollowed ? linkHeader(hub, topic) : undefined
  })
  const web = new Hono<WebEnv>()

  web.use((c, next) => metrics.count(c, next))
  web.use(async (c, next) => {
    await next()
    for (const [name, value] of Object.entries(headers)) if (!c.res.headers.has(name)) c.header(name, value)
  })
  web.use(
    bodyLimit({
      maxSize: largestBody,
      onError: (c: WebContext) =>
        view.message(c, 'That is too much', 'Nothing here takes so large a form.', { status: 413 }),
    }),
  )

  web.get('/', showHome(needs, view))
  web.get('/articles/*', showArticle(needs, view))

  web.get('/feeds/media/:name', serveMedia(needs))
  web.get(`/feeds/${styleFile}`, serveFeedStyle(shelf))
  for (const path of [`/${listFile}`, `/feeds/${listFile}`]) web.get(path, serveFeedList(shelf))
  web.get('/feeds/:id', redirectToFeed(needs, view))
  web.get('/feeds/:id/:rest{.*}', serveFeeds(needs, view, shelf))
  web.options('/feeds/*', answerPreflight)

  web.get('/subscribe', showSubscribe(needs, view))
  web.post('/subscribe', subscribe(needs, view))
  web.get('/confirm/:token', showConfirm(needs, view))
  web.post('/confirm/:token', confirm(needs, view))
  web.get('/unsubscribe/:token', showUnsubscribe(needs, view))
  web.post('/unsubscribe/:token', unsubscribe(needs, view))

  if (isOwnHub(addresses)) {
    web.get('/hub', showHub(view))
    web.post('/hub', takeRequest(needs))
  }

  if (mailDirectory !== undefined) {
    web.use('/mail/*', guardPrivate(needs))
    web.get('/mail', (c) => c.redirect(`${view.home(c)}mail/`))
    web.get('/mail/', listMailbox(needs, mailDirectory, view))
    web.get('/mail/:id{.+\\.eml}', downloadMail(mailDirectory))
    web.get('/mail/:id/html', showMailHtml(mailDirectory, view))
    web.get('/mail/:id', showMail(needs, mailDirectory, view))
  }

  web.get('/healthz', showHealth(needs))
  web.get('/readyz', showReady(needs))
  web.use('/metrics', guardPrivate(needs))
  web.get('/metrics', metrics.show)
  web.get('/style.css', serveStyle(view))
  web.get('/favicon.ico', serveIcon(needs))
  web.get('/robots.txt', serveRobots())

  const refuse =
    (allowed: string): Page =>
    (c) =>
      view.message(c, 'That cannot be done here', 'This address answers to other methods only.', {
        status: 405,
        headers: { Allow: allowed },
      })
  if (isOwnHub(addresses)) web.all('/hub', refuse('GET, HEAD, POST'))
  for (const path of ['/subscribe', '/confirm/:token', '/unsubscribe/:token']) web.all(path, refuse('GET, HEAD, POST'))
  for (const path of [
    '/',
    '/articles/*',
    `/${listFile}`,
    '/healthz',
    '/readyz',
    '/metrics',
    '/style.css',
    '/favicon.ico',
    '/robots.txt',
  ])
    web.all(path, refuse('GET, HEAD'))
  web.all('/feeds/*', (c, next) => (isRead(c.req.method) ? next() : refuse('GET, HEAD, OPTIONS')(c)))

  web.notFound((c) =>
    view.message(c, 'There is no such page', 'It may have moved, or the address may have lost a letter.', {
      status: 404,
    }),
  )
  web.onError(async (thrown, c) => {
    // The pattern and not the path: a path may hold a reader's token.
    const failure = new Failure('web.page', { method: c.req.method, page: routePath(c, -1) }, thrown)
    log.error({ failure, err: thrown }, failure.message)
    const words = 'The fault is ours, and it was noted. Please try again in a little while.'
    try {
      return await view.message(c, 'Something went wrong here', words, { status: 500 })
    } catch {
      return c.text(`Something went wrong here. ${words}\n`, 500, { 'Cache-Control': 'no-store' })
    }
  })
  return Object.assign(web, { quick: openQuick(shelf, metrics.tally) })
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}
