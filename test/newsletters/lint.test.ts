import assert from 'node:assert/strict'
import { checkSlice } from '../../src/newsletters/lint.ts'
import { marks } from '../../src/newsletters/personalize.ts'
import { renderSlice } from '../../src/newsletters/render.ts'
import { input, site, story, templates } from './paper.ts'

const good = {
  html: `<html><body><a href="${marks.unsubscribe}">Unsubscribe</a> <p>1 Quay Street,<br>Harbour HB1 2AA</p></body></html>`,
  text: `1 Quay Street, Harbour\nHB1 2AA\n\nUnsubscribe:\n${marks.unsubscribe}\n`,
}

function reasons(changes: Partial<typeof good>, address: string | undefined = site.address): string[] {
  return checkSlice({ ...good, ...changes }, address).map(
    ({ code, details }) => `${code} ${String(details['part'])}: ${String(details['reason'])}`,
  )
}

describe('newsletters/lint', () => {
  it('finds nothing in a slice that has it all', () => assert.deepEqual(reasons({}), []))

  it('wants an unsubscribe link in html that one can see', () => {
    const missing = ['edition.incomplete html: no unsubscribe link']
    assert.deepEqual(reasons({ html: good.html.replace('>Unsubscribe<', '><') }), missing)
    assert.deepEqual(reasons({ html: good.html.replace(marks.unsubscribe, 'https://x.example/') }), missing)
  })

  it('wants the unsubscribe address in the text', () => {
    assert.deepEqual(reasons({ text: good.text.replace(marks.unsubscribe, '') }), [
      'edition.incomplete text: no unsubscribe link',
    ])
  })

  it('wants the postal address in both parts', () => {
    assert.deepEqual(reasons({ html: good.html.replace('Quay', 'Key'), text: good.text.replace('HB1', '') }), [
      'edition.incomplete html: no postal address',
      'edition.incomplete text: no postal address',
    ])
  })

  it('holds whatever has no postal address to show', () => {
    assert.deepEqual(
      checkSlice(good, undefined).map(({ code }) => code),
      ['edition.incomplete'],
    )
  })

  it('finds Liquid that was left over in either part', () => {
    const found = reasons({ html: `${good.html}{{ name }}`, text: `${good.text}{% if x %}` })
    assert.equal(found.length, 2)
    assert.match(found.join(), /faulty html: Liquid.*\{\{ name.*faulty text: Liquid.*\{% if/)
  })

  it('finds a script in an element, an attribute or an address', () => {
    for (const html of ['<script></script>', '<iframe></iframe>', '<p onclick="x">', '<a href="javascript:x">x</a>'])
      assert.equal(reasons({ html: good.html + html }).length, 1, html)
  })

  it('finds addresses that lead nowhere from a mailbox', () => {
    for (const address of ['/news', 'news/1', '//gazette.example/x', '', 'ftp://x.example/'])
      assert.equal(reasons({ html: `${good.html}<a href="${address}">x</a>` }).length, 1, address)
    for (const address of ['https://x.example/', 'mailto:a@x.example', 'tel:+44', '#top'])
      assert.deepEqual(reasons({ html: `${good.html}<a href="${address}">x</a>` }), [], address)
  })

  it('finds html that Gmail would clip', () => {
    assert.match(reasons({ html: good.html + 'ö'.repeat(51_000) }).join(), /bytes are more/)
    assert.deepEqual(reasons({ html: good.html + 'ö'.repeat(50_000) }), [])
  })

  it('holds an edition whose own template has no footer', async () => {
    const without = {
      read: async (path: string) => (path.startsWith('mail/partials/footer') ? '' : templates.read(path)),
    }
    assert.deepEqual(
      checkSlice(await renderSlice(input([story(1)]), without), site.address).map(({ details }) => details['reason']),
      ['no unsubscribe link', 'no unsubscribe link', 'no postal address', 'no postal address'],
    )
  })
})
