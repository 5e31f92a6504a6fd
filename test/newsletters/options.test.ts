import assert from 'node:assert/strict'
import { options } from '../../src/newsletters/options.ts'

const least = { id: 'daily', title: 'The Daily Gazette', from: 'Gazette <daily@news.gazette.example>' }

describe('newsletters/options', () => {
  it('needs an id, a title and a sender, and knows the rest', () => {
    assert.deepEqual(options.parse(least), {
      ...least,
      where: {},
      articles: { min: 1, max: 12 },
      first: 'next',
      subject: '{{ lead.title }}',
      template: 'digest',
      was: [],
      schedule: '0 7 * * *',
      late: { after: 21_600_000, then: 'merge' },
      approve: false,
      unusual: { articles: 30, readers: 50 },
    })
  })

  it('takes a schedule with a time zone of its own, but not yet the one of each reader', () => {
    const timed = { ...least, schedule: '0 7 * * mon-fri', timezone: 'Europe/London', late: { after: '14d' } }
    assert.deepEqual(options.parse(timed).late, { after: 1_209_600_000, then: 'merge' })
    const refused = options.safeParse({ ...timed, timezone: 'subscriber' })
    assert.match(refused.error?.issues[0]?.message ?? '', /not built yet/)
    assert.equal(options.safeParse({ ...timed, schedule: 'daily' }).success, false)
  })

  it('takes one former id or several', () => {
    assert.deepEqual(options.parse({ ...least, was: 'weekly' }).was, ['weekly'])
    assert.deepEqual(options.parse({ ...least, was: ['weekly', 'post'] }).was, ['weekly', 'post'])
  })

  it('refuses unknown keys', () => {
    assert.equal(options.safeParse({ ...least, scheduled: '0 7 * * *' }).success, false)
    assert.equal(options.safeParse({ ...least, articles: { carry: 3 } }).success, false)
  })

  it('refuses a least number of articles above the largest', () => {
    assert.equal(options.safeParse({ ...least, articles: { min: 13 } }).success, false)
    assert.equal(options.safeParse({ ...least, articles: { min: 13, max: 13 } }).success, true)
  })

  it('refuses a template outside of templates/mail', () => {
    for (const template of ['../digest', 'a/b', '', '.digest'])
      assert.equal(options.safeParse({ ...least, template }).success, false, template)
  })

  for (const from of [
    'daily@news.gazette.example',
    '<daily@news.gazette.example>',
    'The Harbour Gazette <daily@news.gazette.example>',
    '"Gazette, The" <daily@news.gazette.example>',
    "L'Écho du port <echo@port.example>",
    'Straßenbahn <post@bücher.example>',
    '新聞 <news+daily@x.example>',
  ]) {
    it(`takes ${from}`, () => assert.equal(options.parse({ ...least, from }).from, from))
  }

  for (const from of [
    'Gazette',
    'Gazette <daily>',
    'Gazette <daily@localhost>',
    'Gazette <a@b.example> <c@d.example>',
    'a@b.example, c@d.example',
    'Gazette, The <daily@news.gazette.example>',
    'Gazette <daily@news.gazette.example>\r\nBcc: all@news.gazette.example',
    'Gazette\nBcc: x@y.example <daily@news.gazette.example>',
    'Gazette\0 <daily@news.gazette.example>',
    'Gazette <da ily@news.gazette.example>',
    'Gazette <.daily@news.gazette.example>',
    'Gazette <daily@-news.example>',
    'Gazette <daily@news..example>',
    'evil@x.example <daily@news.gazette.example>',
    '',
  ]) {
    it(`refuses ${JSON.stringify(from)}`, () => assert.equal(options.safeParse({ ...least, from }).success, false))
  }

  it('describes every key', () => {
    for (const [key, value] of Object.entries(options.shape)) assert.ok((value.description ?? '').length > 10, key)
  })
})
