import assert from 'node:assert/strict'
import { braceGuard, marks, personalize, personalizer } from '../../src/newsletters/personalize.ts'
import { reader } from './paper.ts'

const slice = {
  html: `<a href="${marks.unsubscribe}">Unsubscribe</a> ${marks.email} ${marks.email}`,
  text: `${marks.email}\n${marks.unsubscribe}\n`,
}

describe('newsletters/personalize', () => {
  it('fills every mark in both parts', () => {
    assert.deepEqual(personalize(slice, reader), {
      html: `<a href="${reader.unsubscribe}">Unsubscribe</a> ${reader.email} ${reader.email}`,
      text: `${reader.email}\n${reader.unsubscribe}\n`,
    })
  })

  it('escapes for html, and leaves text as it is', () => {
    const { html, text } = personalize(slice, {
      unsubscribe: 'https://x.example/?a=1&b="',
      email: `<b>o'hara@x.example`,
    })
    assert.ok(html.includes('href="https://x.example/?a=1&#38;b=&#34;"'))
    assert.ok(html.includes('&#60;b&#62;o&#39;hara@x.example'))
    assert.equal(text, `<b>o'hara@x.example\nhttps://x.example/?a=1&b="\n`)
  })

  it('keeps a line break in an address from making a line', () => {
    assert.equal(personalize({ html: '', text: `to ${marks.email}.` }, { ...reader, email: 'a\r\nb' }).text, 'to a b.')
  })

  it('does not look for marks in what it filled in', () => {
    const { text } = personalize(slice, { ...reader, email: marks.unsubscribe })
    assert.ok(text.startsWith(marks.unsubscribe))
  })

  it('takes the guards of braces out', () => {
    assert.equal(personalize({ html: '', text: `{${braceGuard}{${braceGuard} x }}` }, reader).text, '{{ x }}')
  })

  it('fills 10,000 copies of a large mail in a second', () => {
    const page = 'x'.repeat(60_000)
    const fill = personalizer({ html: page + slice.html + page, text: page + slice.text })
    const started = performance.now()
    let bytes = 0
    for (let number = 0; number < 10_000; number++) {
      const copy = fill({
        unsubscribe: `https://news.gazette.example/unsubscribe/${number}`,
        email: `r${number}@x.example`,
      })
      bytes += copy.html.length + copy.text.length
    }
    assert.ok(bytes > 10_000 * 180_000)
    assert.ok(performance.now() - started < 1000)
  })
})
