import assert from 'node:assert/strict'
import { isCaption, readPassages } from '../../../src/articles/body/passages.ts'
import { parseHtml } from '../../../src/articles/markup.ts'

describe('readPassages', () => {
  const read = (html: string) => readPassages(parseHtml(`<body>${html}</body>`)('body')[0]!)
  const texts = (html: string) => read(html).passages.map(({ text }) => text)

  it('cuts the text where a reader sees a break: at blocks, and at two breaks of line', () => {
    assert.deepEqual(texts('<div>One <b>and</b> two<p>three</p>four<br>five<br> <br>six</div>'), [
      'One and two',
      'three',
      'four five',
      'six',
    ])
  })

  it('looks into inline elements that hold blocks or breaks of their own', () => {
    assert.deepEqual(texts('<a href="/x"><h3>Head</h3><span>Line</span></a><font>one<br><br>two</font>'), [
      'Head',
      'Line',
      'one',
      'two',
    ])
  })

  it('reads no text of what is never shown as such', () => {
    assert.deepEqual(texts('<p>Seen<script>no</script></p><select><option>no</select><template>no</template>'), [
      'Seen',
    ])
  })

  it('measures a script that needs few letters like one that needs many', () => {
    const [latin, chinese] = read('<p>Storm at sea</p><p>海上风暴来袭</p>').passages
    assert.equal(latin?.units, 10)
    assert.equal(chinese?.units, 12)
  })

  it('knows how much of a passage is links, inside and around it', () => {
    const [half, whole] = read('<p>1234 <a href="/a">5678</a></p><a href="/b"><div>Teaser</div></a>').passages
    assert.deepEqual([half?.linkLetters, half?.links], [4, 1])
    assert.deepEqual([whole?.linkLetters, whole?.links], [6, 1])
  })

  it('sums up in each box what is in it', () => {
    const { root, boxes } = read('<ul><li>One</li><li>Two <img src="x"></li></ul><p>Three</p>')
    const list = boxes.find(({ name }) => name === 'ul')
    assert.deepEqual([root.units, list?.units, list?.pictures, list?.boxes, list?.from, list?.to], [11, 6, 1, 2, 0, 2])
  })

  it('tells captions by their element, or by their name beside a picture', () => {
    const captions = read(
      '<figure><img src="x"><figcaption>One</figcaption></figure><div><img src="y"><p class="wp-caption-text">Two</p></div>' +
        '<div><div><div><p class="caption">Three</p></div></div></div>',
    ).passages.filter(isCaption)
    assert.deepEqual(
      captions.map(({ text }) => text),
      ['One', 'Two'],
    )
  })

  it('stops at a number of passages that no page has', () => {
    assert.equal(read('<p>x</p>'.repeat(30_000)).passages.length, 12_000)
  })
})
