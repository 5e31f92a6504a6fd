/** Shows a page in Chromium until its scripts have made it, and gives the HTML. Chromium itself reaches no network. */
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, type Page, type Route } from 'playwright-core'
import { describe, Failure } from '../failures.ts'
import { type Fetch, type Fetched, type FetchRequest } from '../contracts.ts'

export interface BrowserOptions {
  /** Path of Chromium; found at its usual places without it. */
  executable?: string | undefined
  userAgent: string
  /** For one page, from its first byte to its HTML. */
  timeoutMs?: number
}

export interface RenderingBrowser {
  /**
   * The page at an address as it is once its scripts have run. Whatever it needs is read by `fetch`, and nothing else is.
   * Throws Failure `http.…`, `browser.missing`, `browser.failed` or `browser.waited`.
   */
  render: (url: string, request: FetchRequest, fetch: Fetch) => Promise<Fetched>
  close: () => Promise<void>
}

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

const TIMEOUT_MS = 60_000
/** Once nothing was asked for so long, the page is done. */
const QUIET_MS = 500
const MOST_REQUESTS = 150
const MOST_BYTES = 25_000_000
const LARGEST_HTML = 5_000_000
const LARGEST_PART = 5_000_000
/** Scripts that several pages share are read once. */
const MOST_SHARED_BYTES = 50_000_000
const MOST_NAVIGATIONS = 3
const HEAP_MB = 256

/** Where Chromium is on this machine, if it is. */
export function findChromium(executable?: string): string | undefined {
  return (executable === undefined ? PLACES : [executable]).find((place) => existsSync(place))
}

/** One Chromium for all pages, one page at a time; it starts with the first. */
export function openBrowser(options: BrowserOptions): RenderingBrowser {
  let running: Promise<Browser> | undefined
  let last: Promise<unknown> = Promise.resolve()
  let isClosed = false
  const shared: Shared = { answers: new Map(), bytes: 0 }
  return {
    async render(url, request, fetch) {
      // The document itself is read first: where it is no page, there is nothing to show.
      const document = await fetch(url, plain(request))
      if (!/^\s*(?:text\/html|application\/xhtml\+xml)/i.test(document.headers['content-type'] ?? 'text/html'))
        return document
      const turn = last.then(async () => {
        if (isClosed) throw new Failure('http.stopped', { url })
        running ??= launch(options)
        const browser = await running.catch((thrown: unknown) => {
          running = undefined
          throw thrown
        })
        if (!browser.isConnected()) running = undefined
        return await show(browser.isConnected() ? browser : await (running = launch(options)), {
          ...{ url, document, request, fetch, shared },
          userAgent: options.userAgent,
          timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
        })
      })
      last = turn.catch(() => undefined)
      return await turn
    },
    async close() {
      isClosed = true
      const browser = await running?.catch(() => undefined)
      await browser?.close()
    },
  }
}

/** Starts Chromium and gives its version. Throws Failure `browser.missing` or `browser.failed`. */
export async function probeBrowser(executable?: string): Promise<string> {
  const browser = await launch({ executable, userAgent: '' })
  try {
    return browser.version()
  } finally {
    await browser.close()
  }
}

async function launch({ executable }: BrowserOptions): Promise<Browser> {
  const path = findChromium(executable)
  if (path === undefined)
    throw new Failure('browser.missing', { reason: executable ?? 'no Chromium at the usual places' })
  const { chromium } = await import('playwright-core').catch((thrown: unknown) => {
    throw new Failure('browser.missing', { reason: 'the package playwright-core is not installed' }, thrown)
  })
  try {
    return await chromium.launch({
      executablePath: path,
      // Chromium refuses its sandbox to root.
      chromiumSandbox: process.getuid?.() !== 0,
      // Whatever should slip past the interception finds neither a name server nor a way out.
      proxy: { server: 'http://127.0.0.1:1', bypass: '<-loopback>' },
      args: [
        '--host-resolver-rules=MAP * ~NOTFOUND',
        '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-domain-reliability',
        '--dns-prefetch-disable',
        '--no-pings',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--renderer-process-limit=1',
        `--js-flags=--max-old-space-size=${HEAP_MB}`,
      ],
    })
  } catch (thrown) {
    throw new Failure('browser.failed', { browser: path, reason: firstLine(thrown) }, thrown)
  }
}

interface Shared {
  answers: Map<string, Fetched>
  bytes: number
}

interface Showing {
  url: string
  document: Fetched
  request: FetchRequest
  fetch: Fetch
  shared: Shared
  userAgent: string
  timeoutMs: number
}

async function show(browser: Browser, showing: Showing): Promise<Fetched> {
  const { document, request, userAgent, timeoutMs } = showing
  const waitFor = request.render?.waitFor
  const began = performance.now()
  const left = () => Math.max(1, timeoutMs - (performance.now() - began))
  let context: BrowserContext | undefined
  let timer: NodeJS.Timeout | undefined
  try {
    context = await browser.newContext({ userAgent, serviceWorkers: 'block', acceptDownloads: false })
    const page = await openPage(context, showing)
    // Also a script that never ends must end: closing the page ends whatever waits for it.
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Failure('http.timeout', { url: document.url, waitingFor: 'its scripts', ms: timeoutMs }))
      }, timeoutMs)
    })
    const html = await Promise.race([late, contentOf(page, document.url, waitFor, left)])
    const at = page.url()
    const body = Buffer.from(html)
    if (body.length > LARGEST_HTML)
      throw new Failure('http.tooLarge', { url: document.url, bytes: body.length, limit: LARGEST_HTML })
    return {
      status: 'fresh',
      url: /^https?:/.test(at) ? at : document.url,
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body,
      text: () => html,
      remember: () => Promise.resolve(),
    }
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown
    throw new Failure('browser.failed', { url: document.url, reason: firstLine(thrown) }, thrown)
  } finally {
    clearTimeout(timer)
    await context?.close().catch(() => undefined)
  }
}

async function openPage(context: BrowserContext, showing: Showing): Promise<Page> {
  await context.routeWebSocket(/.*/, (socket) => void socket.close())
  const page = await context.newPage()
  context.on('page', (other) => void other.close().catch(() => undefined))
  page.on('dialog', (dialog) => void dialog.dismiss().catch(() => undefined))
  const state: State = { requests: 0, bytes: 0, navigations: 0 }
  await context.route('**/*', (route) => answer(route, page, showing, state).catch(() => undefined))
  return page
}

async function contentOf(page: Page, url: string, waitFor: string | undefined, left: () => number): Promise<string> {
  await page.goto(url, { waitUntil: 'domcontentloaded', timeout: left() })
  if (waitFor === undefined) {
    // A page that never falls silent is taken as it is by then.
    await page.waitForLoadState('networkidle', { timeout: left() / 2 }).catch(() => undefined)
    await page.waitForTimeout(Math.min(QUIET_MS, left()))
  } else {
    await page.waitForSelector(waitFor, { state: 'attached', timeout: left() * 0.9 }).catch((thrown: unknown) => {
      throw new Failure('browser.waited', { url, selector: waitFor }, thrown)
    })
  }
  return await page.content()
}

interface State {
  requests: number
  bytes: number
  navigations: number
}

/** Pictures, fonts, films and what only decorates are not read; a style sheet is answered by an empty one. */
const READ = new Set(['document', 'script', 'xhr', 'fetch'])

async function answer(route: Route, page: Page, showing: Showing, state: State): Promise<void> {
  const asked = route.request()
  const kind = asked.resourceType()
  const url = asked.url()
  if (kind === 'stylesheet') {
    await route.fulfill({ status: 200, contentType: 'text/css', body: '' })
    return
  }
  const isMain = kind === 'document' && asked.frame() === page.mainFrame()
  const isRefused =
    asked.method() !== 'GET' ||
    !/^https?:/.test(url) ||
    !READ.has(kind) ||
    (kind === 'document' && (!isMain || ++state.navigations > MOST_NAVIGATIONS)) ||
    ++state.requests > MOST_REQUESTS ||
    state.bytes > MOST_BYTES
  if (isRefused) {
    await route.abort('blockedbyclient')
    return
  }
  if (isMain && url === showing.document.url && state.navigations === 1) {
    await fulfill(route, showing.document)
    return
  }
  try {
    const fetched = await readPart(url, kind, asked.headers()['accept'], showing)
    state.bytes += fetched.body.length
    await fulfill(route, fetched)
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown
    const { status } = thrown.details
    if (typeof status === 'number') await route.fulfill({ status, body: '' })
    else await route.abort(thrown.code === 'http.missing' ? 'failed' : 'accessdenied')
  }
}

/** By the one fetcher: its guard, manners and limits hold for every part of the page. */
async function readPart(url: string, kind: string, accept: string | undefined, showing: Showing): Promise<Fetched> {
  const { fetch, shared, request, document } = showing
  const known = shared.answers.get(url)
  if (known !== undefined) return known
  const isOwn =
    URL.parse(url)?.origin === URL.parse(document.url)?.origin &&
    URL.parse(url)?.origin === URL.parse(showing.url)?.origin
  const fetched = await fetch(url, {
    maxBytes: LARGEST_PART,
    ...(accept !== undefined && { accept }),
    ...(isOwn && plain(request)),
  })
  if (kind === 'script' && shared.bytes + fetched.body.length <= MOST_SHARED_BYTES) {
    shared.answers.set(url, fetched)
    shared.bytes += fetched.body.length
  }
  return fetched
}

async function fulfill(route: Route, { headers, body }: Fetched): Promise<void> {
  const kept = Object.entries(headers).filter(([name]) => name === 'content-type' || name.startsWith('access-control-'))
  await route.fulfill({ status: 200, headers: Object.fromEntries(kept), body: Buffer.from(body) })
}

/** What of the request holds for every part of the page that is of its own site. */
function plain({ headers, ignoreRobots }: FetchRequest): FetchRequest {
  return { maxBytes: LARGEST_PART, ...(headers && { headers }), ...(ignoreRobots !== undefined && { ignoreRobots }) }
}

function firstLine(thrown: unknown): string {
  return (describe(thrown).split('\n')[0] ?? '').slice(0, 300)
}
