import assert from 'node:assert/strict'
import { directionOf, phrase, wordsFor } from '../../src/newsletters/words.ts'

describe('newsletters/words', () => {
  it('speaks the paper’s language, whatever its region, and English where it has no words', () => {
    assert.equal(wordsFor('de-AT').unsubscribe, 'Abbestellen')
    assert.equal(wordsFor('fr').unsubscribe, 'Se désabonner')
    assert.equal(wordsFor('es-419').unsubscribe, 'Cancelar la suscripción')
    assert.equal(wordsFor('fi').unsubscribe, 'Unsubscribe')
  })

  it('says in every language whom it writes to and why', () => {
    for (const language of ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt', 'ar']) {
      const { why, by, edition, readTime, updated, photo } = wordsFor(language)
      assert.match(why, /\{newsletter\}/, language)
      assert.match(why, /\{email\}/, language)
      const all = by + edition + readTime + updated + photo
      for (const name of ['authors', 'number', 'minutes', 'time', 'credit']) assert.ok(all.includes(`{${name}}`), name)
    }
  })

  it('never reads a value as a pattern', () => {
    assert.equal(phrase('{a} and {b}', { a: '{b}', b: 'x' }), '{b} and x')
  })

  it('knows which way a language is written', () => {
    assert.equal(directionOf('ar'), 'rtl')
    assert.equal(directionOf('he-IL'), 'rtl')
    assert.equal(directionOf('fa'), 'rtl')
    assert.equal(directionOf('az-Latn'), 'ltr')
    assert.equal(directionOf('en-GB'), 'ltr')
  })
})
