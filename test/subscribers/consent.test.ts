import { strict as assert } from 'node:assert'
import { formWordsFor, shortAgent, wordingFor } from '../../src/subscribers/consent.ts'

const daily = { title: 'The Daily Gazette' }

describe('subscribers/consent', () => {
  it('names the one newsletter and the paper, in the language of the paper', () => {
    assert.deepEqual(wordingFor('en-GB', 'The Harbour Gazette', [daily]), {
      id: 'en-1',
      text: 'I want The Daily Gazette from The Harbour Gazette by e-mail. I can end it at any time: every mail has a link that does.',
    })
    for (const language of ['en', 'de-AT', 'fr-CA', 'es']) {
      const { id, text } = wordingFor(language, 'The Harbour Gazette', [daily])
      assert.equal(id, `${language.slice(0, 2)}-1`)
      assert.match(text, /The Daily Gazette/)
      assert.match(text, /The Harbour Gazette/)
      assert.doesNotMatch(text, /[{}]/)
    }
  })

  it('speaks of a choice where there are several', () => {
    for (const language of ['en', 'de', 'fr', 'es']) {
      const { text } = wordingFor(language, 'The Harbour Gazette', [daily, { title: 'Boats' }])
      assert.doesNotMatch(text, /Daily|Boats|[{}]/)
      assert.match(text, /The Harbour Gazette/)
    }
  })

  it('has English words where a language has none, and never reads a title as a pattern', () => {
    assert.equal(wordingFor('fi', 'Lehti', [daily]).id, 'en-1')
    assert.equal(formWordsFor('fi').button, 'Subscribe')
    assert.equal(formWordsFor('de-CH').button, 'Abonnieren')
    assert.match(
      wordingFor('en', '{newsletter}', [{ title: '$& {paper}' }]).text,
      /^I want \$& \{paper\} from \{newsletter\} by/,
    )
  })

  it('keeps of a browser what it is, without what tells one person from another', () => {
    assert.equal(
      shortAgent('Mozilla/5.0 (X11; Linux x86_64; rv:128.0.3) Gecko/20100101 Firefox/128.0.3'),
      'Mozilla/5 (X11; Linux x86_64; rv:128) Gecko/20100101 Firefox/128',
    )
    assert.equal(shortAgent(undefined), undefined)
    assert.equal(shortAgent(' \r\n\u0000'), undefined)
    assert.equal(shortAgent(`x${'y'.repeat(5000)}`)?.length, 120)
    assert.equal(shortAgent('a\r\nb\u202ec'), 'abc')
  })
})
