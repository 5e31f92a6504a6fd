/** A small paper with its web, for the tests of pages: a store in memory, folders that go away, a clock that stands. */
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { publicAddresses } from '../../src/addresses.ts'
import { readTemplates } from '../../src/disk/templates.ts'
import { type Article, type SafeHtml } from '../../src/model.ts'
import { openMailbox } from '../../src/mail/mailbox.ts'
import { saveArticle } from '../../src/store/articles.ts'
import { openDatabase } from '../../src/store/database.ts'
import { type Needs, type Web } from '../../src/web/needs.ts'
import { createWeb } from '../../src/web/server.ts'

export const now = new Date('2026-03-14T07:30:00Z')

export const server = 'https://news.gazette.example/'

export interface Paper {
  needs: Needs
  web: Web
  /** A directory that is removed at the end. */
  directory: string
  /** What the log was told, one object a line. */
  logged: Record<string, unknown>[]
  /** Asks the router; `from` is the other end of the socket. */
  ask(path: string, init?: RequestInit, from?: string, httpVersion?: string): Promise<Response>
  /** The same from a browser on this machine. */
  askHere(path: string, init?: RequestInit): Promise<Response>
  close(): Promise<void>
}

export async function openPaper(wishes: Partial<Needs> = {}): Promise<Paper> {
  const directory = await mkdtemp(join(tmpdir(), 'broadsheet-web-'))
  const store = await openDatabase(':memory:')
  const logged: Record<string, unknown>[] = []
  const needs: Needs = {
    db: store.db,
    site: {
      title: 'The Harbour Gazette',
      url: 'https://gazette.example/',
      description: 'News from the harbour',
      language: 'en-GB',
      timezone: 'Europe/London',
      colour: '#0b4f6c',
      editor: { name: 'The Editors', email: 'editor@gazette.example' },
      address: '1 Quay Street, Harbour HB1 2AA',
    },
    addresses: publicAddresses(server),
    feeds: [{ id: 'all', title: 'Everything', where: {}, items: 50, content: 'full' }],
    newsletters: [
      {
        id: 'daily',
        title: 'The Daily Gazette',
        from: 'The Harbour Gazette <daily@news.gazette.example>',
        where: {},
        articles: { min: 1, max: 12 },
        first: 'now',
        subject: 'News',
        template: 'digest',
      },
    ],
    publishDirectory: join(directory, 'feeds'),
    mailDirectory: join(directory, 'mail'),
    transport: openMailbox(join(directory, 'mail')),
    templates: readTemplates([fileURLToPath(new URL('../../templates', import.meta.url))]),
    now: () => now,
    log: pino({ level: 'info' }, { write: (line) => logged.push(JSON.parse(line) as Record<string, unknown>) }),
    ...wishes,
  }
  await mkdir(needs.publishDirectory, { recursive: true })
  const web = createWeb(needs)
  const ask: Paper['ask'] = async (path, init = {}, from = '203.0.113.7', httpVersion = '1.1') => {
    const headers = new Headers(init.headers)
    if (!headers.has('host')) headers.set('host', 'news.gazette.example')
    const incoming = { socket: { remoteAddress: from }, httpVersion }
    return web.fetch(new Request(new URL(path, server), { ...init, headers }), { incoming: incoming as never })
  }
  return {
    needs,
    web,
    directory,
    logged,
    ask,
    askHere: (path, init = {}) => {
      const headers = new Headers(init.headers)
      if (!headers.has('host')) headers.set('host', 'localhost:8080')
      return ask(path, { ...init, headers }, '127.0.0.1')
    },
    async close() {
      await store.close()
      await rm(directory, { recursive: true })
    },
  }
}

/** Saves an article; what is not given is plausible. */
export async function addArticle({ needs }: Paper, wish: Partial<Omit<Article, 'html'>> & { html?: string }) {
  const title = wish.title ?? 'Ferry sails again'
  const { html = '<p>By eight the quay was full.</p>', ...rest } = wish
  const url = wish.url ?? `${server}articles/desk/${title.toLowerCase().replace(/[^a-z]+/g, '-')}`
  const article: Article = {
    id: createHash('sha256').update(url).digest('hex'),
    sourceId: 'desk',
    url,
    title,
    authors: ['Marian Holt'],
    text: 'By eight the quay was full.',
    excerpt: 'By eight the quay was full.',
    topics: ['Harbour'],
    images: [],
    enclosures: [],
    hash: createHash('sha256').update(title).digest('hex'),
    publishedAt: new Date('2026-03-13T09:00:00Z'),
    firstSeenAt: new Date('2026-03-13T10:00:00Z'),
    ...rest,
    // What cleaning lets through; here the test answers for it.
    html: html as SafeHtml,
  }
  await saveArticle(needs.db, article, [`url:${url}`], new URL(url).pathname)
  return article
}

/** Writes a file where `publish` would. */
export async function addFile({ needs }: Paper, path: string, content: string | Uint8Array) {
  const file = join(needs.publishDirectory, path)
  await mkdir(join(file, '..'), { recursive: true })
  await writeFile(file, content)
  return file
}
