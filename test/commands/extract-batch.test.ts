import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { broadsheet } from '../run.ts'
import { repository } from '../sample.ts'

const TIDE =
  'The tide came in higher than the harbour master had seen it, and the quay stood under water until the evening. '
const page = (title: string) => `<!doctype html><html lang="en"><head><title>${title} - The Paper</title>
  <meta property="og:type" content="article"><meta name="author" content="Ada Quay">
  <meta property="article:published_time" content="2026-03-14T08:00:00Z"></head>
  <body><nav><a href="/">Home</a></nav><article><h1>${title}</h1><img src="/tide.jpg" alt="">
  ${`<p>${TIDE.repeat(3)}</p>`.repeat(5)}</article></body></html>`

interface Line {
  text: string
  html: string
  title: string | null
  author: string[]
  published: string | null
  image: string | null
  isArticle: boolean
  ms: number
  error?: string
}

describe('extract --batch', function () {
  this.timeout(60_000)
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'batch-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  async function fill(pages: Record<string, string | Uint8Array>, urls: Record<string, unknown>): Promise<void> {
    for (const [name, content] of Object.entries(pages)) await writeFile(join(folder, name), content)
    await writeFile(join(folder, 'urls.json'), JSON.stringify(urls))
  }
  async function run(...more: string[]) {
    const ended = await broadsheet(folder, 'extract', '--batch', folder, ...more)
    return { ...ended, lines: JSON.parse(ended.stdout) as Partial<Record<string, Line>> }
  }
  const url = (id: string) => `https://paper.example/2026/03/${id}-on-the-quay`

  it('answers for every page, plain and packed, in the order of their ids', async () => {
    await fill(
      { 'b.html': page('High water'), 'a.html.gz': gzipSync(page('Low water')), 'notes.txt': 'no page' },
      { b: url('b'), a: url('a') },
    )
    const { exit, lines, stderr } = await run()
    assert.equal(exit, 0, stderr)
    assert.deepEqual(Object.keys(lines), ['a', 'b'])
    const { text, html, ms, ...rest } = lines['a'] ?? assert.fail()
    assert.equal(text.split('\n\n').length, 5)
    assert.ok(html.includes('<p>The tide came in'))
    assert.ok(ms > 0)
    assert.equal(rest.title, 'Low water')
    assert.deepEqual(rest.author, ['Ada Quay'])
    assert.ok(rest.published?.startsWith('2026-03-14'))
    assert.equal(rest.image, 'https://paper.example/tide.jpg')
    assert.equal(rest.isArticle, true)
  })

  it('gives the same document with --json', async () => {
    await fill({ 'a.html': page('High water') }, { a: url('a') })
    const { exit, lines } = await run('--json')
    assert.equal(exit, 0)
    assert.equal(lines['a']?.title, 'High water')
  })

  it('names what is wrong with a page, goes on with the others and ends with 1', async () => {
    await fill(
      {
        'bad.html.gz': 'this is no gzip',
        'bomb.html.gz': gzipSync(Buffer.alloc(60_000_000, 'a')),
        'cut.html.gz': gzipSync(page('Cut off')).subarray(0, 200),
        'good.html': page('High water'),
        'homeless.html': page('No address'),
        'huge.html': Buffer.alloc(5_000_001, 'a'),
        'odd.html': page('Strange address'),
        'void.html': '',
      },
      {
        ...Object.fromEntries(['bad', 'bomb', 'cut', 'good', 'huge', 'lost', 'void'].map((id) => [id, url(id)])),
        odd: 7,
      },
    )
    const { exit, lines, stderr } = await run()
    assert.equal(exit, 1)
    const faults = Object.entries(lines).flatMap(([id, line]) => (line?.error === undefined ? [] : [[id, line.error]]))
    const expected = {
      bad: /cannot be unpacked/,
      bomb: /larger/,
      cut: /cannot be unpacked/,
      homeless: /urls\.json/,
      huge: /larger/,
      lost: /lost\.html/,
      odd: /found: 7/,
    }
    assert.deepEqual(
      faults.map(([id]) => id),
      Object.keys(expected),
    )
    for (const [id, fault] of faults) assert.match(fault ?? '', expected[id as keyof typeof expected])
    assert.equal(lines['good']?.title, 'High water')
    assert.deepEqual([lines['void']?.text, lines['void']?.isArticle], ['', false])
    assert.match(stderr, /homeless/)
  })

  it('refuses a folder without urls.json, with one that is none, and a page beside --batch', async () => {
    assert.equal((await broadsheet(folder, 'extract', '--batch', folder)).exit, 1)
    await writeFile(join(folder, 'urls.json'), '[]')
    assert.equal((await broadsheet(folder, 'extract', '--batch', folder)).exit, 2)
    assert.equal((await broadsheet(folder, 'extract', 'https://paper.example/', '--batch', folder)).exit, 2)
    assert.equal((await broadsheet(folder, 'extract')).exit, 2)
  })

  it('holds one page at a time, and reads the next when the answer has been taken', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f']
    const long = page('High water').replace('</article>', `${`<p>${TIDE.repeat(30)}</p>`.repeat(40)}</article>`)
    await fill(
      Object.fromEntries(ids.map((id) => [`${id}.html`, long])),
      Object.fromEntries(ids.map((id) => [id, url(id)])),
    )
    const launcher = join(repository, 'bin', 'broadsheet.js')
    const child = spawn(process.execPath, [launcher, 'extract', '--batch', folder], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const closed = once(child, 'close')
    // One answer is more than a pipe holds, so that now it waits behind the first, or the second at most.
    await once(child.stdout, 'readable')
    await writeFile(join(folder, 'f.html'), page('Changed meanwhile'))
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    const [exit] = (await closed) as [number | null]
    assert.equal(exit, 0)
    const lines = JSON.parse(stdout) as Record<string, Line>
    assert.deepEqual(Object.keys(lines), ids)
    assert.equal(lines['e']?.title, 'High water')
    assert.equal(lines['f']?.title, 'Changed meanwhile')
  })
})
