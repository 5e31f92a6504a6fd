/** The sample paper's articles: what newcomers see first has everything that an article can have. */
import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { imageSize } from 'image-size'
import { makeArticle, readBody } from '../src/articles/article.ts'
import { parseHtml } from '../src/articles/markup.ts'
import { wordCount } from '../src/read-time.ts'
import { type Failure } from '../src/failures.ts'
import { type Body } from '../src/item.ts'
import { type Article } from '../src/model.ts'
import { find, options } from '../src/sources/folder.ts'
import { repository } from './sample.ts'

const BASE = 'https://gazette.example/articles/desk/'
const NOW = new Date('2026-11-22T12:00:00Z')

interface Example {
  file: string
  body: Body
  article: Article
}

describe('The sample paper', () => {
  let examples: Example[] = []
  let pictures: string[] = []
  const faults: Failure[] = []

  before(async () => {
    const items = await find(options.parse({ id: 'desk', kind: 'folder', path: 'examples' }), {
      root: repository,
      base: BASE,
      fault: (failure) => faults.push(failure),
    })
    pictures = await readdir(join(repository, 'examples/pictures'))
    examples = items.map((item) => {
      const { body, place = item.url } = item
      assert.ok(body, place)
      const draft = readBody(body, item.url)
      // As collecting does it: the pictures are our own copies, here at the address that they have beside the article.
      const copy = { type: 'image/jpeg', bytes: 1, width: 1200, height: 675 }
      const media = new Map(item.files?.map(({ url }) => [url, { ...copy, url }]))
      const article = makeArticle(item, draft, undefined, { sourceId: 'desk', topics: [], now: NOW, media })
      return { file: basename(place), body, article }
    })
  })

  const eachHas = (what: string, holds: (example: Example) => boolean) =>
    assert.deepEqual(
      examples.filter((example) => !holds(example)).map(({ file }) => file),
      [],
      `without ${what}`,
    )
  const endingIn = (ending: string) => examples.filter(({ file }) => extname(file) === ending)

  it('has at least twelve articles in three forms, and none of them is faulty', () => {
    assert.deepEqual(faults, [])
    assert.ok(examples.length >= 12, `${examples.length} articles`)
    for (const ending of ['.md', '.html', '.txt']) assert.ok(endingIn(ending).length >= 2, ending)
    assert.equal(new Set(examples.map(({ article }) => article.title)).size, examples.length)
  })

  it('dates every article in the autumn of 2026, and none of them later than today', () => {
    eachHas('a date', ({ article: { publishedAt } }) => {
      const day = publishedAt?.toISOString().slice(0, 10) ?? ''
      return '2026-09-01' <= day && day <= '2026-11-20'
    })
  })

  it('gives every article a title, a byline, an excerpt and enough to read', () => {
    eachHas('a title', ({ article }) => article.title.length > 10)
    eachHas(
      'a byline',
      ({ article }) => article.authors.length === 1 && /^\p{Lu}[^<>@]+$/u.test(article.authors[0] ?? ''),
    )
    eachHas('an excerpt', ({ article }) => article.excerpt.length > 40)
    eachHas('250 to 950 words', ({ article }) => wordCount(article.text) >= 250 && wordCount(article.text) <= 950)
  })

  it('gives every article with front matter or metadata a section, a language and a picture', () => {
    const withData = (holds: (article: Article) => boolean) => (example: Example) =>
      example.file.endsWith('.txt') || holds(example.article)
    eachHas(
      'a section',
      withData(({ topics }) => topics.length > 0),
    )
    eachHas(
      'a language',
      withData(({ language }) => language === 'en-GB' || language === 'pl'),
    )
    eachHas(
      'a described picture',
      withData(({ images: [lead] }) => Boolean(lead?.alt && lead.caption && lead.credit)),
    )
  })

  it('shows every picture once, and each is a JPEG of 1200 by 675 below 150 kB', async () => {
    const shown = examples.flatMap(({ article }) => article.images.map(({ url }) => new URL(url).pathname))
    const names = shown.map((path) => path.replace('/articles/desk/pictures/', '')).toSorted()
    assert.deepEqual(names, pictures.toSorted())
    assert.ok(names.length >= 10)
    for (const name of names) {
      const bytes = await readFile(join(repository, 'examples/pictures', name))
      const { width, height, type } = imageSize(bytes)
      assert.deepEqual({ name, width, height, type }, { name, width: 1200, height: 675, type: 'jpg' })
      assert.ok(bytes.length < 150_000, `${name} has ${bytes.length} bytes`)
    }
  })

  it('carries exactly one correction, dated after the article and said in its text', () => {
    const corrected = examples.filter(({ article }) => article.updatedAt !== undefined)
    assert.deepEqual(
      corrected.map(({ file }) => file),
      ['council-backs-gull-proof-bins.md'],
    )
    const [{ article }] = corrected as [Example]
    assert.ok(article.publishedAt && article.updatedAt && article.updatedAt > article.publishedAt)
    assert.deepEqual(
      examples.filter(({ article }) => /^Correction:/m.test(article.text)).map(({ file }) => file),
      ['council-backs-gull-proof-bins.md'],
    )
  })

  it('holds what is hard to show: a table, a list, fixed-width text, two languages, a title like mark-up', () => {
    const count = (selector: string) =>
      examples.filter(({ article }) => parseHtml(article.html)(selector).length > 0).length
    for (const selector of ['table', 'ul', 'ol', 'pre', 'blockquote', 'h2']) assert.ok(count(selector) > 0, selector)
    assert.equal(examples.filter(({ article }) => article.language === 'pl').length, 1)
    assert.ok(examples.some(({ article }) => article.title.startsWith('"Vector<int> & friends": the club')))
    assert.ok(examples.some(({ article }) => article.text.includes('« Comme un taxi, mais mouillé. »')))
  })

  it('keeps of the awkward page the article alone', () => {
    const { body, article } = examples.find(({ file }) => file === 'storm-over-the-mole.html')!
    for (const trap of [
      'data-src=',
      '<BASE',
      'utm_source',
      'width=1 height=1',
      '<SCRIPT',
      '<STYLE',
      '<FONT',
      '<!--',
      'newsletter-box',
    ])
      assert.ok(body.value.includes(trap), trap)
    assert.match(article.text, /Two minutes later it did it again\.\n\n“The first one I thought/)
    assert.match(article.text, /The letters H and A have been handed in\./)
    for (const foreign of ['inbox', 'Machine', 'Advertisement', 'Chowder', 'Tide tables', 'Copyright', 'SUBS'])
      assert.ok(!article.text.includes(foreign), foreign)
    for (const foreign of ['utm_', 'fbclid', 'metrics.example', 'ads.example', 'data:', '<script', '<font', 'style='])
      assert.ok(!article.html.includes(foreign), foreign)
    assert.ok(article.html.includes(`href="${BASE}vector-and-friends"`))
  })

  it('keeps of a saved text neither its credit line nor its comment form', () => {
    for (const { article } of endingIn('.txt')) {
      assert.doesNotMatch(article.text, /Photograph:|Leave a|Required fields|Facebook|Filed under|Published/)
      assert.ok(parseHtml(article.html)('h2').length >= 3)
    }
  })
})
