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
    })
  })

  it('refuses unknown keys', () => {
    assert.equal(options.safeParse({ ...least, schedule: '0 7 * * *' }).success, false)
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
