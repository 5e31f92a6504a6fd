import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { makeFolder } from '../folders.ts'
import { encode, TEXTS } from '../http/encode.ts'
import { openSite, type Answer, type Site } from '../sites.ts'
import { feedOf, page } from './round.ts'

const holder = fileURLToPath(new URL('./holder.ts', import.meta.url))

const MANY = 100_000
const story = `<p>${'The harbour is open again, and the first boats left before dawn. '.repeat(5)}</p>`

/** Each as large as a page may be, or as hard. */
const HEAVY: Record<string, Answer> = {
  '/deep': page('Deep', `${'<div>'.repeat(MANY)}${story}${'</div>'.repeat(MANY)}`),
  '/crossed': page('Crossed', story + '<b><i></b>'.repeat(MANY)),
  '/links': page('Links', story + '<a href="/x">x</a> '.repeat(MANY)),
  '/large': page('Large', story.repeat(14_000)),
  '/broad': page('Broad', '<p>A line of the story, short.</p>'.repeat(140_000)),
  '/letters': Buffer.alloc(4_500_000, encode(`<p>${TEXTS['windows-1251']} </p>`, 'windows-1251')),
}

describe('a process that collects the heaviest pages @slow', () => {
  let site: Site
  before(async () => {
    const feeds = { '/heavy.xml': feedOf(...Object.keys(HEAVY)), '/ordinary.xml': feedOf('/ordinary') }
    site = await openSite({ ...feeds, ...HEAVY, '/ordinary': page('Ordinary', story) })
  })
  after(() => site.close())

  it('is never held for more than 200 ms, and stays under 400 MB', async () => {
    const source = (id: string) => `  - { id: ${id}, kind: rss, url: "${site.url}${id}.xml", fullText: true }`
    const root = await makeFolder({
      'broadsheet.yaml': `site: { title: Gazette, url: https://gazette.example/ }\nfetch: { allow: ["${site.authority}"], gap: 0ms }\nsources:\n${source('ordinary')}\n${source('heavy')}\n`,
    })
    const { stdout } = await promisify(execFile)(process.execPath, [holder, join(root, 'broadsheet.yaml')])
    await rm(root, { recursive: true })
    const { articles = 0, heldMs = Infinity, megabytes = Infinity } = JSON.parse(stdout) as Record<string, number>
    assert.equal(articles, Object.keys(HEAVY).length)
    assert.ok(heldMs <= 200, `held for ${heldMs} ms`)
    assert.ok(megabytes < 400, `${megabytes} MB`)
  }).timeout(300_000)
})
