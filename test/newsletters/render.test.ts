import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { load } from 'cheerio'
import { Failure } from '../../src/failures.ts'
import { type Article, type SafeHtml } from '../../src/model.ts'
import { type Templates } from '../../src/newsletters/liquid.ts'
import { checkSlice } from '../../src/newsletters/lint.ts'
import { marks, personalize } from '../../src/newsletters/personalize.ts'
import { renderSlice } from '../../src/newsletters/render.ts'
import { type SliceInput } from '../../src/newsletters/view.ts'
import { widthOf } from '../../src/newsletters/wrap.ts'
import { input, newsletter, picture, reader, site, story, templates } from './paper.ts'

const fixtures = new URL('../fixtures/newsletters/', import.meta.url)

function readInput(name: string): SliceInput {
  const dates = new Set(['publishedAt', 'updatedAt', 'firstSeenAt', 'now'])
  const text = readFileSync(new URL(`${name}/input.json`, fixtures), 'utf8')
  return JSON.parse(text, (key, value: unknown) =>
    dates.has(key) && typeof value === 'string' ? new Date(value) : value,
  ) as SliceInput
}

/** The built-in templates with some replaced. */
function withOwn(own: Record<string, string>): Templates {
  return { read: async (path) => own[path] ?? templates.read(path) }
}

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const thrown: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  assert.ok(thrown instanceof Failure, String(thrown))
  return thrown
}

async function rendered(articles: Article[], changes: Partial<SliceInput> = {}) {
  const slice = await renderSlice(input(articles, changes), templates)
  return { ...slice, $: load(slice.html), mine: personalize(slice, reader) }
}

describe('newsletters/render', () => {
  for (const name of readdirSync(fixtures)) {
    it(`renders the fixture ${name}`, async () => {
      const given = readInput(name)
      const slice = await renderSlice(given, templates)
      assert.deepEqual(checkSlice(slice, given.site.address), [])
      const { html, text } = personalize(slice, reader)
      const { subject, preheader } = slice
      const expected = (file: string) => readFileSync(new URL(`${name}/expected.${file}`, fixtures), 'utf8')
      assert.deepEqual({ subject, preheader }, JSON.parse(expected('json')))
      assert.equal(text, expected('txt'))
      assert.equal(`${html}\n`, expected('html'))
    })
  }

  it('gives the same bytes for the same input', async () => {
    const articles = [story(1, { images: [picture('storm')] }), story(2), story(3)]
    const one = await renderSlice(input(articles), templates)
    assert.deepEqual(await renderSlice(input(structuredClone(articles)), templates), one)
  })

  it('makes a whole document: language, direction, title, preheader, colour schemes', async () => {
    const { $, html } = await rendered([story(1), story(2)])
    assert.equal($('html').attr('lang'), 'en-GB')
    assert.equal($('html').attr('dir'), 'ltr')
    assert.equal($('title').text(), 'Story 1')
    assert.match($('body > div').first().text(), /^Story 2/)
    assert.match($('body > div').first().attr('style') ?? '', /display:none/)
    assert.equal($('meta[name="color-scheme"]').attr('content'), 'light dark')
    assert.match(html, /@media \(prefers-color-scheme:\s*dark\)/)
    assert.match(html, /\[data-ogsc\] \.ink/)
    assert.equal($('table').not('[role="presentation"]').length, 0)
  })

  it('asks nobody else for anything: no fonts, no imports, no script', async () => {
    const { html } = await rendered([story(1)])
    assert.doesNotMatch(html, /@import|@font-face|<link|<script|fonts\.g/i)
    const hosts = new Set([...html.matchAll(/(?:href|src)="https?:\/\/([^/"]+)/g)].map(([, host]) => host))
    assert.deepEqual([...hosts].sort(), ['gazette.example', 'news.gazette.example'])
  })

  it('gives every picture words and a width, and makes none wider than the mail', async () => {
    const { $ } = await rendered([
      story(1, { images: [picture('storm')] }),
      story(2, { images: [picture('small', { width: 90, height: 90 })] }),
      story(3, { images: [{ url: 'https://gazette.example/unknown.jpg' }], topics: [] }),
    ])
    assert.equal($('img').length, 3)
    $('img').each((_, image) => {
      assert.ok(($(image).attr('alt') ?? '') !== '')
      const width = Number($(image).attr('width'))
      assert.ok(width > 0 && width <= 600, String(width))
    })
  })

  it('keeps 12 articles with long excerpts, and 40 headlines beside, below Gmail’s limit', async () => {
    const excerpt = 'A long sentence about the harbour, the weather and the people. '.repeat(40)
    const long = (number: number) =>
      story(number, {
        title: `${'A long headline about the harbour '.repeat(4)}${number}`,
        excerpt,
        text: excerpt,
        images: [picture(`p${number}`, { credit: 'Maren Pike', caption: 'The harbour at dawn, seen from the mole' })],
        topics: [['harbour', 'council', 'sport', 'weather'][number % 4] ?? ''],
      })
    const twelve = Array.from({ length: 12 }, (_, index) => long(index))
    const { html } = await rendered(twelve)
    assert.ok(Buffer.byteLength(html) < 60_000, `${Buffer.byteLength(html)} bytes`)
    const most = await rendered(twelve, {
      headlines: Array.from({ length: 40 }, (_, index) => long(index + 12)),
      unnamed: 4,
    })
    assert.deepEqual(checkSlice(most, site.address), [])
    // What a mail has no room to name is not passed over in silence.
    assert.equal(most.$(`a:contains("… and 4 more on the site")`).attr('href'), site.url)
    assert.match(most.text, /^… and 4 more on the site:\nhttps:\/\/\S+$/m)
    assert.doesNotMatch((await rendered(twelve, { headlines: [long(13)] })).text, /more on the site/)
  })

  it('says who wrote it, when, how long it takes, and that it was changed', async () => {
    const lead = story(1, {
      authors: ['Ada Quay', 'Bo Holm'],
      text: 'word '.repeat(1000),
      publishedAt: new Date('2027-05-01T08:00:00Z'),
      updatedAt: new Date('2027-05-02T13:05:00Z'),
    })
    const { text, $ } = await rendered([lead])
    assert.match(text, /^By Ada Quay and Bo Holm · 1 May · 4 min read · Updated 2 May at 14:05$/m)
    assert.match($('body').text(), /By Ada Quay and Bo Holm · 1 May · 4 min read · Updated 2 May at 14:05/)
  })

  it('calls nothing updated that was changed within ten minutes', async () => {
    const lead = story(1)
    const { text } = await rendered([{ ...lead, updatedAt: new Date(lead.publishedAt!.getTime() + 599_000) }])
    assert.doesNotMatch(text, /Updated/)
  })

  it('writes from right to left where the paper does', async () => {
    const arabic = { ...site, title: 'جريدة الميناء', language: 'ar' }
    const { $, html } = await rendered([story(1), story(2)], { site: arabic })
    assert.equal($('html').attr('dir'), 'rtl')
    assert.doesNotMatch(html, /direction:ltr/)
    assert.ok($('[align="right"]').length > 0)
    assert.ok($('body').text().includes('إلغاء الاشتراك'))
  })

  it('marks an article that is in another language', async () => {
    const { $ } = await rendered([
      story(1),
      story(2, { language: 'ar', title: 'الميناء' }),
      story(3, { language: 'en-US' }),
    ])
    assert.equal($('td[lang]').length, 1)
    assert.equal($('td[lang="ar"]').attr('dir'), 'rtl')
  })

  it('wraps the text part at 72 columns, each address on a line of its own', async () => {
    const { mine } = await rendered([story(1, { excerpt: 'wörter und 港 '.repeat(60) }), story(2)], {
      headlines: [story(3)],
    })
    for (const line of mine.text.split('\n')) assert.ok(widthOf(line) <= 72 || line.startsWith('https://'), line)
    for (const url of ['https://gazette.example/news/1', 'https://gazette.example/news/2', reader.unsubscribe])
      assert.ok(mine.text.split('\n').includes(url), url)
    assert.match(mine.text, /^HARBOUR\n-------$/m)
  })

  it('names the articles after the lead in the preheader when the subject names the lead', async () => {
    const articles = [story(1), story(2), story(3)]
    assert.equal((await rendered(articles)).preheader, 'Story 2 · Story 3')
    const other = { ...newsletter, subject: 'News of {{ edition.date }}' }
    const { subject, preheader } = await rendered(articles, { newsletter: other })
    assert.equal(subject, 'News of Monday, 3 May 2027')
    assert.equal(preheader, 'Story 1 · Story 2 · Story 3')
  })

  it('keeps a subject to one line of a sensible length', async () => {
    const title = `Harbour\r\nBcc: all@news.example\u2028\0${'long '.repeat(2000)}`
    const { subject } = await rendered([story(1, { title })])
    assert.ok(subject.startsWith('Harbour Bcc: all@news.example long'))
    assert.ok(subject.length <= 120)
    assert.doesNotMatch(subject, /[\p{Cc}\u2028]/u)
  })

  it('uses the lead’s title where the subject comes out empty', async () => {
    const empty = { ...newsletter, subject: '{% if lead.nothing %}x{% endif %} ' }
    assert.equal((await rendered([story(1)], { newsletter: empty })).subject, 'Story 1')
  })
})

describe('newsletters/render with hostile articles', () => {
  const hostile = [
    '</mj-text><script>alert(1)</script>',
    '</title></style></head><body onload=alert(1)>',
    '{{ reader.email }}{{ site | json }}',
    '{% raw %}{% include "x" %}',
    '[[ x ]] <%= x %> ${x} $& $1 &#123;&#123;x&#125;&#125;',
    `" onerror='alert(1)' x="`,
    '<!-- htmlmin:ignore --> MJMLHTMLIGNORE0END <![endif]--> ]]>',
    `${marks.email}${marks.unsubscribe}`,
    'unsubscribe\uFDD1\uFDD0email',
    '\u202Eright to left\u202C العربية 👩‍🚒 e\u0301',
    'x'.repeat(10_000),
    '\uD800\0\u001B[31m',
  ]

  for (const text of hostile) {
    it(`shows ${JSON.stringify(text.slice(0, 40))} as text wherever it stands`, async () => {
      const articles = [1, 2, 3, 4].map((number) =>
        story(number, {
          title: text,
          authors: [text],
          excerpt: text,
          text,
          html: '<p>fine</p>' as SafeHtml,
          topics: [text],
          images: number === 4 ? [] : [picture('storm', { alt: text, caption: text, credit: text })],
        }),
      )
      const changes = {
        site: { ...site, title: text, description: text },
        newsletter: { ...newsletter, title: `T ${text}` },
        headlines: articles.slice(3),
      }
      const { $, html, mine, ...slice } = await rendered(articles, changes)
      assert.deepEqual(checkSlice({ ...slice, html }, site.address), [])
      // What is in the mail is what the template put there: the same elements as for a harmless story.
      const harmless = await rendered(
        articles.map((article) => ({
          ...article,
          title: 'a',
          authors: ['a'],
          excerpt: 'a',
          topics: ['a'],
          images: article.images.map((image) => ({ ...image, alt: 'a', caption: 'a', credit: 'a' })),
        })),
        { ...changes, site: { ...site, title: 'a', description: 'a' }, newsletter: { ...newsletter, title: 'b' } },
      )
      const shape = (page: typeof $) =>
        page('*')
          .toArray()
          .map((element) => ('attribs' in element ? [element.tagName, ...Object.keys(element.attribs)].join(' ') : ''))
      const optional = (line: string) => !/^(p class style|div class style)$/.test(line)
      assert.deepEqual(shape($).filter(optional), shape(harmless.$).filter(optional))
      // The reader's own values stand where the template put them and nowhere else.
      assert.equal(mine.html.split(reader.email).length, 2)
      assert.equal(mine.text.split(reader.unsubscribe).length, 2)
      assert.doesNotMatch(mine.html + mine.text, /[\uFDD0-\uFDEF]|[\0-\x08\x0b-\x1f]/)
      assert.ok(mine.html.isWellFormed() && mine.text.isWellFormed())
    })
  }

  it('shows an article’s braces and brackets as they were written', async () => {
    const { mine } = await rendered([story(1, { title: 'On {{ Liquid }} & <b>' })])
    assert.equal(load(mine.html)('h2').text(), 'On {{ Liquid }} & <b>')
    assert.ok(mine.text.includes('\nOn {{ Liquid }} & <b>\n'))
  })
})

describe('newsletters/render with templates of one’s own', () => {
  it('takes a partial of the installation and the built-in rest', async () => {
    const own = withOwn({
      'mail/partials/lead.mjml':
        '<mj-section><mj-column><mj-text>Own {{ story.title }}</mj-text></mj-column></mj-section>',
    })
    const slice = await renderSlice(input([story(1)]), own)
    assert.ok(slice.html.includes('Own Story 1'))
    assert.deepEqual(checkSlice(slice, site.address), [])
  })

  it('gives a whole article to a template that asks for it raw', async () => {
    const own = withOwn({
      'mail/partials/lead.mjml':
        '<mj-section><mj-column><mj-text>{{ story.html | raw }}</mj-text></mj-column></mj-section>',
    })
    const html = `<p>Whole <em>story</em> {{ x }}${marks.email}</p>` as SafeHtml
    const slice = await renderSlice(input([story(1, { html })]), own)
    assert.deepEqual(checkSlice(slice, site.address), [])
    assert.equal(load(personalize(slice, reader).html)('p em').parent().text(), 'Whole story {{ x }}email')
  })

  it('reads another template when the newsletter names one', async () => {
    const failure = await failureOf(
      renderSlice(input([story(1)], { newsletter: { ...newsletter, template: 'own' } }), templates),
    )
    assert.equal(failure.code, 'template.missing')
    assert.equal(failure.details['template'], 'mail/own.mjml')
  })

  const broken: [what: string, path: string, text: string, line: number | undefined, reason: RegExp][] = [
    ['an unknown variable', 'mail/digest.txt', 'one\n{{ nothing }}', 2, /undefined variable: nothing/],
    [
      'an unknown key in a partial',
      'mail/partials/lead.mjml',
      '<mj-raw></mj-raw>\n\n{{ story.headlin }}',
      3,
      /story\.headlin/,
    ],
    ['an unknown filter', 'mail/digest.txt', '{{ lead.title | shout }}', 1, /undefined filter: shout/],
    ['a tag that is not closed', 'mail/digest.txt', 'x\n\n{% if lead %}', 3, /not closed/],
    ['an unknown tag', 'mail/partials/footer.txt', '{% script %}', 1, /tag "script" not found/],
    [
      'an illegal attribute',
      'mail/partials/lead.mjml',
      '<mj-section>\n<mj-column colour="red">\n</mj-column></mj-section>',
      2,
      /colour is illegal/,
    ],
    [
      'an illegal attribute in a line with Liquid',
      'mail/partials/lead.mjml',
      '<mj-section>\n<mj-column colour="{{ style.accent }}">\n</mj-column></mj-section>',
      2,
      /colour is illegal/,
    ],
    ['an unknown element', 'mail/partials/footer.mjml', '\n<mj-footer></mj-footer>', 2, /mj-footer doesn't exist/],
    [
      'an element out of place',
      'mail/partials/footer.mjml',
      '<mj-text>x</mj-text>',
      1,
      /mj-text cannot be used inside mj-body/,
    ],
    [
      'an element that is not closed',
      'mail/partials/lead.mjml',
      '<mj-section>\n<mj-column>\n<mj-text>x\n</mj-column></mj-section>',
      3,
      /<mj-text> is not closed/,
    ],
    [
      'an include, which MJML would pass over',
      'mail/partials/lead.mjml',
      '<mj-include path="/etc/passwd" />',
      1,
      /mj-include is not read/,
    ],
  ]
  for (const [what, path, text, line, reason] of broken) {
    it(`names template, line and reason of ${what}`, async () => {
      const failure = await failureOf(renderSlice(input([story(1)]), withOwn({ [path]: text })))
      assert.equal(failure.code, 'template.invalid')
      assert.equal(failure.details['template'], path)
      assert.equal(failure.details['line'], line)
      assert.match(String(failure.details['reason']), reason)
    })
  }

  it('names the partial that is missing', async () => {
    const failure = await failureOf(
      renderSlice(input([story(1)]), withOwn({ 'mail/digest.txt': "{% render 'partials/none.txt' %}" })),
    )
    assert.equal(failure.code, 'template.missing')
    assert.equal(failure.details['template'], 'mail/partials/none.txt')
  })

  it('reads nothing outside of the templates', async () => {
    const failure = await failureOf(
      renderSlice(input([story(1)]), withOwn({ 'mail/digest.txt': "{% render '../../broadsheet.yaml' %}" })),
    )
    assert.equal(failure.code, 'template.missing')
  })

  it('names a subject that cannot be rendered', async () => {
    const failure = await failureOf(
      renderSlice(input([story(1)], { newsletter: { ...newsletter, subject: '{{ led.title }}' } }), templates),
    )
    assert.equal(failure.code, 'template.invalid')
    assert.equal(failure.details['template'], 'subject of daily')
    assert.match(String(failure.details['reason']), /led/)
  })
})
