import { strict as assert } from 'node:assert'
import { charsetOf, decodeText } from '../../src/http/charset.ts'
import { encode, TEXTS } from './encode.ts'

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1')
const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8')
const utf16 = (text: string): Uint8Array => Buffer.from(text, 'utf16le')
const swapped = (text: string): Uint8Array => Buffer.from(text, 'utf16le').swap16()

describe('http/charset', () => {
  describe('decodes', () => {
    for (const [what, body, contentType, expected] of [
      ['UTF-8 that nothing names', utf8('Café ✓'), undefined, 'Café ✓'],
      ['windows-1252 that nothing names', latin1('Caf\xe9 \x93x\x94'), 'text/html', 'Café “x”'],
      ['by the header', Buffer.from([0xcf, 0xf0]), 'text/html; charset=windows-1251', 'Пр'],
      [
        'by the header, in quotes and capitals',
        Buffer.from([0xcf, 0xf0]),
        'text/html; Charset="Windows-1251"; q=1',
        'Пр',
      ],
      [
        'by meta',
        Buffer.concat([latin1('<meta charset=koi8-r><p>'), Buffer.from([0xf0])]),
        'text/html',
        '<meta charset=koi8-r><p>П',
      ],
      ['ISO-8859-1 as the web does', latin1('\x80'), 'text/plain; charset=iso-8859-1', '€'],
      ['Shift_JIS', Buffer.from([0x83, 0x65]), 'text/html; charset=shift_jis', 'テ'],
      ['GB18030', Buffer.from([0xc4, 0xe3]), 'text/html; charset=gb2312', '你'],
      ['UTF-16 with its mark', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16('<?xml?>é')]), undefined, '<?xml?>é'],
      ['UTF-16BE with its mark', Buffer.concat([Buffer.from([0xfe, 0xff]), swapped('é')]), undefined, 'é'],
      [
        'XML in UTF-16 without a mark',
        utf16('<?xml version="1.0" encoding="utf-16"?><a>é</a>'),
        undefined,
        '<?xml version="1.0" encoding="utf-16"?><a>é</a>',
      ],
      [
        'XML in UTF-16BE without a mark',
        swapped('<?xml version="1.0"?><a>é</a>'),
        undefined,
        '<?xml version="1.0"?><a>é</a>',
      ],
      ['a mark, and leaves it away', utf8('\uFEFFé'), 'text/html; charset=iso-8859-1', 'é'],
      ['a wrong byte as one sign', latin1('a\xffb'), 'text/html; charset=utf-8', 'a\uFFFDb'],
      ['nothing', new Uint8Array(), undefined, ''],
    ] as const) {
      it(what, () => assert.equal(decodeText(body, contentType), expected))
    }
  })

  describe('is told the charset', () => {
    for (const [what, text, contentType, expected] of [
      ['by the header before the document', '<meta charset="koi8-r">', 'text/html; charset=utf-8', 'utf-8'],
      [
        'by the document where the header names none that exists',
        '<meta charset="koi8-r">',
        'text/html; charset=klingon',
        'koi8-r',
      ],
      ['by the document where the header is empty', '<meta charset="koi8-r">', 'text/html; charset=', 'koi8-r'],
      ['by http-equiv', '<META content="text/html; charset=Big5" HTTP-EQUIV=\'Content-Type\'>', 'text/html', 'big5'],
      [
        'by an XML declaration',
        '<?xml version="1.0" encoding=\'ISO-8859-2\' standalone="yes"?><rss/>',
        'text/xml',
        'iso-8859-2',
      ],
      ['by an XML declaration after white space', '\n <?xml version="1.0" encoding="koi8-r"?>', undefined, 'koi8-r'],
      [
        'by the first meta that names one',
        '<meta name=a><meta charset=nope><meta charset=koi8-r><meta charset=big5>',
        undefined,
        'koi8-r',
      ],
      ['by no meta inside a comment', '<!-- <meta charset=koi8-r> --><p>', undefined, 'utf-8'],
      ['by no other meta', '<meta name="x" content="text/html; charset=koi8-r">', undefined, 'utf-8'],
      ['by no attribute that only ends so', '<meta data-charset=koi8-r>', undefined, 'utf-8'],
      ['as UTF-8 by a document that says UTF-16 in ASCII', '<meta charset="utf-16">', undefined, 'utf-8'],
      ['by no declaration far down', `${' '.repeat(9_000)}<meta charset=koi8-r>`, undefined, 'utf-8'],
      ['by one behind a long head', `<script>${' '.repeat(3_000)}</script><meta charset=koi8-r>`, undefined, 'koi8-r'],
    ] as const) {
      it(what, () => assert.equal(charsetOf(latin1(text), contentType), expected))
    }
  })

  describe('believes the bytes', () => {
    const page = (text: string, head = '') =>
      `<!doctype html><html><head>${head}<title>${text.slice(0, 20)}</title></head><body><p class="text">${text}</p></body></html>`

    for (const [charset, text] of Object.entries(TEXTS)) {
      // Nothing tells it from the Western ones but knowledge of the language.
      const isGuessable = charset !== 'iso-8859-2'
      const cases: [what: string, head: string, header: string | undefined][] = [
        ['that are as they are said to be', '', `text/html; charset=${charset}`],
        ['that the page names, and the header says UTF-8', `<meta charset="${charset}">`, 'text/html; charset=utf-8'],
        ['that nothing names', '', undefined],
        ['that the header calls UTF-8', '', 'text/html; charset=utf-8'],
        ['that the page calls UTF-8', '<meta charset="utf-8">', 'text/html'],
      ]
      for (const [what, head, header] of cases.slice(0, isGuessable ? 5 : 2)) {
        it(`in ${charset} ${what}`, () => {
          assert.equal(decodeText(encode(page(text, head), charset), header), page(text, head))
        })
      }
      it(`in UTF-8 that header and page call ${charset}`, () => {
        const html = page(text, `<meta charset="${charset}">`)
        assert.equal(decodeText(utf8(html), `text/html; charset=${charset}`), html)
      })
    }

    for (const charset of ['utf-16le', 'utf-16be'] as const) {
      for (const header of [undefined, 'text/html; charset=utf-8', `text/html; charset=${charset}`]) {
        it(`in ${charset} without a mark, of which the header says ${header ?? 'nothing'}`, () => {
          assert.equal(decodeText(encode(page(TEXTS.gb18030), charset), header), page(TEXTS.gb18030))
        })
      }
    }

    it('of another script before a header that says ISO-8859-1 of everything', () => {
      const html = page(TEXTS['windows-1251'], '<meta charset="windows-1251">')
      assert.equal(decodeText(encode(html, 'windows-1251'), 'text/html; charset=ISO-8859-1'), html)
    })

    it('and takes a few wrong ones for damage', () => {
      const html = page(TEXTS['koi8-r'].repeat(5))
      const bytes = Buffer.concat([utf8(html), Buffer.from([0xff, 0x20, 0xc3])])
      assert.equal(decodeText(bytes, 'text/html; charset=utf-8'), `${html}\ufffd \ufffd`)
    })
  })

  it('looks for a declaration in no time, whatever the document', () => {
    const began = performance.now()
    for (const text of [
      '<meta '.repeat(2_000),
      '<meta charset'.repeat(1_000),
      '<!--'.repeat(3_000),
      `<?xml ${'encoding '.repeat(1_500)}`,
    ])
      charsetOf(latin1(text), undefined)
    assert.ok(performance.now() - began < 500)
  })

  for (const fill of [0x80, 0xa4, 0xb0, 0xe9, 0xff]) {
    it(`guesses no longer for five million bytes that are nothing, such as 0x${fill.toString(16)}`, () => {
      const body = Buffer.alloc(5_000_000, Buffer.from([fill, 0x20, fill, fill]))
      const before = process.cpuUsage()
      decodeText(body, 'text/html')
      const { user, system } = process.cpuUsage(before)
      assert.ok((user + system) / 1000 < 1_000)
    })
  }
})
