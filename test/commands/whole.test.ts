import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { makeFolder } from '../folders.ts'
import { broadsheet } from '../run.ts'
import { openSite, type Site } from '../sites.ts'

const TEXTS = [
  'The outer quay stayed shut on Monday after waves broke over the wall twice before dawn, the harbour master said. Boats were moved to the inner basin.',
  'Three boats that lay outside were brought into the inner basin by noon, and nobody was hurt in the work of the night. The ferry did not sail.',
  'The ferry goes from the fish market until the wall has been looked at by divers, which may take until the weekend. Then the council will vote.',
]

const page = (number: number, after = '') =>
  `<!doctype html><html lang="en"><head><title>Storm at sea</title></head><body><article><h1>Storm at sea</h1><p>${TEXTS[number - 1]}</p></article>` +
  `<div class="pager">${[1, 2, 3].map((one) => (one === number ? `<b>${one}</b>` : `<a href="${one === 1 ? '/storm' : `/storm/${one}`}">${one}</a>`)).join(' ')}</div>${after}</body></html>` // prettier-ignore

interface Told {
  text: string
  lacks: string | null
  origins: Record<string, object>
}

describe('commands that show an article on several pages', () => {
  let root: string
  let site: Site

  before(async () => void (root = await makeFolder()))
  after(() => rm(root, { recursive: true, force: true }))

  beforeEach(async () => {
    site = await openSite({ '/storm': page(1), '/storm/2': page(2), '/storm/3': page(3) })
  })
  afterEach(() => site.close())

  const told = async (...args: string[]) =>
    JSON.parse((await broadsheet(root, ...args, '--allow', site.authority, '--json')).stdout) as Told

  it('`extract URL` gives all of it, and says of how many pages', async () => {
    const article = await told('extract', `${site.url}storm`, '--explain')
    assert.deepEqual(article.text.split('\n\n'), TEXTS)
    assert.deepEqual([article.lacks, article.origins['text']], [null, { place: '3 pages' }])
  })

  it('`extract URL` says that it is not all, and why', async () => {
    site.answers.set('/storm/3', { status: 403 })
    const article = await told('extract', `${site.url}storm`)
    assert.deepEqual([article.text.split('\n\n'), article.lacks], [TEXTS.slice(0, 2), 'pages'])
    const { stdout } = await broadsheet(root, 'extract', `${site.url}storm`, '--explain', '--allow', site.authority)
    assert.match(stdout, /text .* not all of it: some of its pages could not be read .*2 pages/)
    site.answers.set(
      '/storm',
      page(1, '<p>Subscribe to continue reading.</p>').replace(/<div class="pager".*<\/div>/, ''),
    )
    assert.equal((await told('extract', `${site.url}storm`)).lacks, 'paywall')
  }).timeout(60_000)

  it('`inspect URL` shows it whole', async () => {
    const { article, origins } = (await told('inspect', `${site.url}storm`)) as unknown as { article: Told; origins: Told['origins'] } // prettier-ignore
    assert.deepEqual([article.text.split('\n\n'), origins['text']], [TEXTS, { place: '3 pages' }])
  })
})
