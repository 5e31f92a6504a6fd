import assert from 'node:assert/strict'
import { claimAuthors, decideAuthors } from '../../../src/articles/metadata/authors.ts'
import { open, TEXT } from './open.ts'

const find = (body: string, head = '') => decideAuthors(claimAuthors(open(body, head)))
const authors = (body: string, head = '') => find(body, head)?.value ?? []
const under = (line: string) => `<article><h1>Wall to rise by a metre</h1><p>${line}</p>${TEXT}</article>`
const json = (data: unknown) => `<script type="application/ld+json">${JSON.stringify(data)}</script>`

describe('the authors', () => {
  const bylines: [line: string, expected: string[]][] = [
    ['By Mara Lund and Tom Okafor', ['Mara Lund', 'Tom Okafor']],
    ['By Mara Lund, Harbour Correspondent', ['Mara Lund']],
    ['By Mara Lund | 3 March 2026 | 4 min read', ['Mara Lund']],
    ['ByMara Lund', ['Mara Lund']],
    ['Written by Dr. Mara Lund, PhD', ['Dr. Mara Lund']],
    ['Published March 3, 2026 by Mara Lund', ['Mara Lund']],
    ['Von Jörg Öztürk und Anna-Lena Weiß', ['Jörg Öztürk', 'Anna-Lena Weiß']],
    ['Par Élodie Lefèvre et Jean-Luc Moreau', ['Élodie Lefèvre', 'Jean-Luc Moreau']],
    ['Por Lucía Fernández y Pablo Ruiz', ['Lucía Fernández', 'Pablo Ruiz']],
    ['di Chiara Bianchi', ['Chiara Bianchi']],
    ['Door Sanne de Vries', ['Sanne de Vries']],
    ['Av Kari Nordmann og Ola Hansen', ['Kari Nordmann', 'Ola Hansen']],
    ['Teksti: Aino Virtanen', ['Aino Virtanen']],
    ['Autor: Zofia Kowalska', ['Zofia Kowalska']],
    ['Автор: Анна Петрова', ['Анна Петрова']],
    ['Yazan: Elif Kaya', ['Elif Kaya']],
    ['作者：王小明', ['王小明']],
    ['文／陳美玲', ['陳美玲']],
    ['著者：山田花子', ['山田花子']],
    ['김민수 기자', ['김민수']],
    ['بقلم: ليلى حداد', ['ليلى حداد']],
    ['מאת: נועה לוי', ['נועה לוי']],
  ]
  for (const [line, expected] of bylines) {
    it(`are read off “${line}”`, () => assert.deepEqual(authors(under(line)), expected))
  }

  it('are the name below a label', () => {
    assert.deepEqual(authors('<h1>Wall to rise</h1><div>Written by</div><div>Mara Lund</div>' + TEXT), ['Mara Lund'])
  })

  it('are not those who checked it, commented on it, or wrote what is linked beside it', () => {
    assert.deepEqual(authors(`<h1>Wall to rise</h1><div>Fact checked by</div><div>Tom Okafor</div>${TEXT}`), [])
    const comment = (name: string) => `<div class="comment"><p>By ${name}</p>${TEXT}</div>`
    const names = ['Tom Okafor', 'Ida Berg', 'Noor Aziz', 'Leo Katz', 'Ana Prado']
    assert.deepEqual(authors(under('By Mara Lund') + names.map(comment).join('')), ['Mara Lund'])
    assert.deepEqual(authors(`<h1>Wall to rise</h1>${TEXT}${names.map(comment).join('')}`), [])
  })

  it('are found in JSON-LD, behind references and in arrays', () => {
    const graph = {
      '@graph': [
        { '@type': 'NewsArticle', headline: 'Wall', author: [{ '@id': '#mara' }, { '@type': 'Person', name: 'Tom Okafor' }] },
        { '@type': 'Person', '@id': '#mara', name: 'Mara Lund' },
      ],
    } // prettier-ignore
    assert.deepEqual(authors(`<h1>Wall</h1>${TEXT}`, json(graph)), ['Mara Lund', 'Tom Okafor'])
  })

  it('are believed of the page rather than of a data block that names only the first', () => {
    const head = json({ '@type': 'NewsArticle', headline: 'Wall', author: { name: 'Mara Lund' } })
    assert.deepEqual(authors(under('By Mara Lund, Tom Okafor and Ida Berg'), head), ['Mara Lund', 'Tom Okafor', 'Ida Berg'])
  }) // prettier-ignore

  it('are surer where places agree', () => {
    const alone = find(under('By Mara Lund'))?.confidence ?? 0
    const agreed = find(under('By Mara Lund'), '<meta name="author" content="Mara Lund">')?.confidence ?? 0
    assert.ok(agreed > alone)
  })

  it('are none where there is only a log-in, the site itself, or nobody', () => {
    for (const name of ['admin', 'mlund82', 'webmaster', 'undefined', 'The Harbour Gazette', 'https://gazette.example/mara', 'NOC Admin'])
      assert.deepEqual(authors(`<h1>Wall</h1>${TEXT}`, `<meta property="og:site_name" content="The Harbour Gazette"><meta name="author" content="${name}">`), [], name)
  }) // prettier-ignore

  it('are the site where the byline says so', () => {
    const head = '<meta property="og:site_name" content="The Harbour Gazette">'
    assert.deepEqual(authors(under('By The Harbour Gazette'), head), ['The Harbour Gazette'])
  })

  it('begin with no by-word that is a part of the name', () => {
    assert.deepEqual(authors(`<h1>Wall</h1>${TEXT}`, '<meta name="author" content="Von Miller">'), ['Von Miller'])
    assert.deepEqual(authors(`<h1>Wall</h1>${TEXT}`, '<meta name="author" content="David Di Marco">'), ['David Di Marco'])
  }) // prettier-ignore

  it('are nothing but names: no addresses, dates or roles', () => {
    const head = '<meta name="author" content="Mara Lund &lt;mara@gazette.example&gt;, Senior Editor">'
    assert.deepEqual(authors(`<h1>Wall</h1>${TEXT}`, head), ['Mara Lund'])
    assert.deepEqual(authors(under('By Mara Lund Updated Feb 27, 2026 at 10:30')), ['Mara Lund'])
  })
})
