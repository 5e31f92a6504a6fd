/** An installation that runs, as readers on the web meet it, with its site, and a note of every request for its feeds. */
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { createServer, request as ask, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Article } from '../../src/model.ts'
import { newestArticles } from '../../src/store/articles.ts'
import { openDatabase } from '../../src/store/database.ts'
import { makeFolder } from '../folders.ts'
import { broadsheet } from '../run.ts'
import { repository } from '../sample.ts'
import { openSite, type Site } from '../sites.ts'
import { atomOf, editor, first, second, withdrawn } from './articles.ts'

/** One request that a reader made, and what it was answered. */
export interface Asked {
  path: string
  status: number
  /** It named what it has already. */
  isConditional: boolean
}

export interface Paper {
  /** Public base of the feeds; ends in a slash. */
  url: string
  /** The articles of the store that are shown, the newest first. */
  articles: Article[]
  /** The requests since it was asked last. */
  takeAsked(): Asked[]
  /** The day after: articles were added, corrected and withdrawn, one feed has another id and one has ended. */
  turnDay(): Promise<void>
  close(): Promise<void>
}

/** Feeds of one installation; `all` holds what is newest, and its archive the rest. */
const feeds = { first: ['{ id: wire, title: Wire, items: 12 }', '{ id: quiz, title: Quiz, items: 5 }'], second: ['{ id: news, was: wire, title: Wire, items: 12 }', '{ id: quiz, title: Quiz, items: 5, retired: true }'] } // prettier-ignore

const configOf = (site: Site, url: string, day: keyof typeof feeds) => `
site: { title: The Harbour Gazette, url: "https://gazette.example/", language: en-GB, editor: { name: ${editor} } }
server: { url: "${url}", listen: "127.0.0.1:0" }
sources:
  - { id: main, kind: rss, url: "${site.url}news.atom", schedule: "0 0 1 1 *" }
feeds:
  - { id: all, title: "Gazette: \\"<News>\\" & more – 港", items: 20 }
${feeds[day].map((feed) => `  - ${feed}\n`).join('')}fetch: { allow: ["${site.authority}"], gap: 0ms }
`

export async function openPaper(): Promise<Paper> {
  const site = await openSite({ '/news.atom': atomOf(first) })
  const front = await openFront()
  const root = await makeFolder({ 'broadsheet.yaml': configOf(site, front.url, 'first') })
  let server: Serving | undefined
  const run = async (...args: string[]) => {
    const { exit, stdout, stderr } = await broadsheet(root, ...args)
    assert.equal(exit, 0, `${args.join(' ')}: ${stdout}${stderr}`)
  }
  const serve = async () => {
    server = await startServing(root)
    front.leadTo(server.port)
    paper.articles = await readStore(join(root, 'var', 'broadsheet.db'))
  }
  const paper: Paper = {
    url: `${front.url}feeds/`,
    articles: [],
    takeAsked: () => front.asked.splice(0),
    async turnDay() {
      await server?.stop()
      site.answers.set('/news.atom', atomOf(second))
      await writeFile(join(root, 'broadsheet.yaml'), configOf(site, front.url, 'second'))
      await run('articles', 'withdraw', withdrawn)
      await run('collect')
      await run('publish')
      await serve()
    },
    async close() {
      await server?.stop()
      await front.close()
      await site.close()
      await rm(root, { recursive: true, force: true })
    },
  }
  try {
    await run('collect')
    await run('publish')
    await serve()
  } catch (thrown) {
    await paper.close()
    throw thrown
  }
  return paper
}

interface Serving {
  port: number
  stop(): Promise<void>
}

/** `broadsheet serve`, once it answers. */
async function startServing(root: string): Promise<Serving> {
  const launcher = join(repository, 'bin', 'broadsheet.js')
  const child: ChildProcess = spawn(process.execPath, [launcher, 'serve'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close')
  let said = ''
  const port = new Promise<number>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        said += text
        const [, found] = /The paper +http:\/\/[^\s:]+:(\d+)[\s\S]*Ctrl-C ends/.exec(said) ?? []
        if (found !== undefined) resolve(Number(found))
      })
    }
  })
  const answered = await Promise.race([port, ended])
  if (typeof answered !== 'number') throw new Error(`serve ended: ${said}`)
  return {
    port: answered,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

interface Front {
  /** Ends in a slash. */
  url: string
  asked: Asked[]
  leadTo(port: number): void
  close(): Promise<void>
}

/** Hands every request on as it came and the answer as it is: the public address, which stays when the server starts anew. */
async function openFront(): Promise<Front> {
  const asked: Asked[] = []
  let port = 0
  const server: Server = createServer((request, response) => {
    const { method, url: path = '', headers } = request
    const inner = ask({ host: '127.0.0.1', port, method, path, headers, agent: false }, (answer) => {
      const isConditional = 'if-none-match' in headers || 'if-modified-since' in headers
      asked.push({ path, status: answer.statusCode ?? 0, isConditional })
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      answer.pipe(response)
    })
    inner.on('error', () => response.destroy())
    request.pipe(inner)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    leadTo(to) {
      port = to
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function readStore(path: string): Promise<Article[]> {
  const store = await openDatabase(path)
  try {
    return await newestArticles(store.db, { limit: 500 })
  } finally {
    await store.close()
  }
}
