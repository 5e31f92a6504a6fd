import assert from 'node:assert/strict'
import { Feed, type Item } from 'feed'
import { readXml } from '../../src/feeds/read-xml.ts'

const date = new Date('2026-03-01T12:00:00Z')

function made(changes: Partial<Item>): Feed {
  const writer = new Feed({ id: 'urn:x', title: 'All', link: 'https://gazette.example/', updated: date })
  writer.addItem({ title: 'One', link: 'https://gazette.example/1', date, ...changes })
  return writer
}

// Why src/feeds does more than to call npm `feed`. When one of these fails after an upgrade, a piece of ours can go.
describe('npm feed, which src/feeds/head.ts and rss.ts keep in its bounds', () => {
  it('breaks at the second ]]> of a field', () => {
    for (const field of ['title', 'description', 'content'] as const) {
      const writer = made({ [field]: ']]> & ]]> &' })
      assert.throws(() => readXml(writer.rss2()), field)
      assert.throws(() => readXml(writer.atom1()), field)
    }
  })

  it('breaks at a < in a category of Atom', () => {
    assert.throws(() => readXml(made({ category: [{ name: 'x', term: '<' }] }).atom1()))
  })

  it('writes the same for &amp; as for &, so that one of them is lost', () => {
    assert.equal(made({ category: [{ name: '&amp;' }] }).rss2(), made({ category: [{ name: '&' }] }).rss2())
  })

  it('rewrites the ids of Atom, not those of RSS', () => {
    const writer = made({ id: 'http://GAZETTE.example' })
    assert.match(writer.rss2(), />http:\/\/GAZETTE\.example</)
    assert.match(writer.atom1(), />http:\/\/gazette\.example\/</)
  })

  it('guesses the type of an enclosure in Atom, whatever it is told', () => {
    const writer = made({ enclosure: { url: 'https://gazette.example/tide.mp3', type: 'audio/mpeg', length: 5 } })
    assert.match(writer.atom1(), /type="image\/mp3"/)
  })

  it('says of every title in Atom that it is HTML, and leaves no way in for more elements', () => {
    const writer = made({ title: 'Vector<int>', extensions: [{ name: 'media:content', objects: {} }] })
    assert.match(writer.atom1(), /<title type="html"><!\[CDATA\[Vector<int>\]\]>/)
    assert.doesNotMatch(writer.atom1(), /media:content/)
  })

  it('puts a name into RSS where an e-mail address belongs', () => {
    assert.match(made({ author: [{ name: 'Ada Moor' }] }).rss2(), /<author>Ada Moor<\/author>/)
  })

  it('writes JSON Feed 1.0, with one author', () => {
    const json = made({ author: [{ name: 'Ada' }, { name: 'Ben' }] }).json1()
    assert.match(json, /version\/1"/)
    assert.doesNotMatch(json, /Ben/)
  })
})
