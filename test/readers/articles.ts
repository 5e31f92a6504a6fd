/** What a site publishes for readers to see: articles of the worst and of the most ordinary kind, as an Atom feed. */

/** An entry as the site writes it. Dates are in whatever offset it has. */
export interface Written {
  id: string
  url: string
  title: string
  published: string
  updated?: string
  authors?: string[]
  topics?: string[]
  language?: string
  html: string
  files?: { url: string; type: string; bytes: number }[]
}

/** Who answers for what has no author. */
export const editor = 'The Editors'

const at = (path: string) => `https://gazette.example/${path}`

const audio = { url: at('sound/tide.mp3?a=1&b=2'), type: 'audio/mpeg', bytes: 5_242_880 }
const sheet = { url: at('papers/tides.pdf'), type: 'application/pdf', bytes: 81_920 }

const sentence = 'The harbour master said that the night ferry had left the quay late, and that nobody on it minded. '

/** Titles that look like markup, references, or another way of writing. */
export const titles = {
  sample: 'Vector<int> & "quotes" — 日本語 — עברית — 👩🏽‍🚀',
  references: 'AT&T, R&D, &amp; and &lt;b&gt; as one writes them',
  markup: 'Use <em>, <b>bold</b> and <script>alert(1)</script> sparingly',
  section: 'a ]]> b ]]> c <![CDATA[ d',
  numbers: '5 < 6 > 4 && 1e5 = 100000',
  bidi: 'שלום (hello) — \u2067مرحبا\u2069 !',
}

const odd: Written[] = [
  { id: 'tag:gazette.example,2024:1', url: at('news/1'), title: titles.sample, published: '2024-03-01T23:30:00+05:30', updated: '2024-03-02T01:00:00-08:00', authors: ['Ada Moor'], topics: ['harbour', 'C++ & <templates>'], html: `<p>${sentence}</p>` },
  { id: 'https://gazette.example/?p=2&lang=en', url: at('news/2?a=1&b=2'), title: titles.references, published: '2024-03-02T08:00:00Z', authors: ['José Ñúñez & Söhne'], topics: ['R&D', '港', 'a/b, c'], html: '<p>Tom &amp; Jerry: 5 &lt; 6, and &amp;amp; is how one writes &amp;. A <a href="https://tides.example/?q=a&amp;r=b#c">link &amp; more</a>.</p>' },
  { id: 'urn:uuid:4f9a3c52-3c0d-4a7d-9f8e-5d6c7b8a9001', url: at('news/3'), title: titles.markup, published: '2024-03-02T23:59:59+14:00', authors: ['Ada Moor', 'Ben Pier', '山田 太郎'], html: '<p>How it is written:</p><pre><code>if (a &lt; b) { x = "&lt;b&gt;"; }\n\ty ]]&gt; z\n</code></pre><p>So far.</p>' },
  { id: 'harbour 1234', url: at('news/4'), title: titles.section, published: '2024-03-03T00:00:00-03:30', topics: [']]>'], html: '<p>Before ]]&gt; and after ]]&gt; it, and <!-- nothing --> here.</p>' },
  { id: 'tag:gazette.example,2024:5', url: at('news/5'), title: titles.numbers, published: '2024-03-04T12:00:00Z', html: '<h2>A table</h2><table><tr><th>Quay</th><th>High water</th></tr><tr><td>North</td><td>06:12</td></tr></table><ul><li>one<ul><li>two</li></ul></li></ul>' },
  { id: 'tag:gazette.example,2024:6', url: at('he/6'), title: titles.bidi, published: '2024-03-05T12:00:00+02:00', language: 'he', authors: ['דנה לוי'], topics: ['נמל'], html: '<p dir="rtl">המעבורת יצאה מהנמל באיחור, ואיש לא התלונן (לא אחד!).</p>' },
  { id: 'tag:gazette.example,2024:7', url: at('ja/港のニュース'), title: '港の新しいフェリー「はるか」、月曜に出航', published: '2024-03-06T09:00:00+09:00', language: 'ja', authors: ['山田 太郎'], topics: ['港'], html: '<p>月曜日の朝、新しいフェリーが出航した。𠮷野家の前で👩🏽‍🚀が手を振った。</p>' },
  { id: 'tag:gazette.example,2024:8', url: at('news/8'), title: 'The tide, as one hears it', published: '2024-03-07T12:00:00Z', authors: ['Ada Moor'], topics: ['sound'], html: `<p>${sentence}</p><figure><img src="https://gazette.example/pictures/tide.jpg?w=800&amp;h=600" alt="The &quot;tide&quot;"><figcaption>High water</figcaption></figure>`, files: [audio, sheet] },
  { id: 'tag:gazette.example,2024:9', url: at('news/9'), title: 'A long read', published: '2024-03-08T12:00:00Z', authors: ['Ada Moor'], html: Array.from({ length: 1500 }, (_, number) => `<p>${number}. ${sentence}– “quoted” – 日本</p>`).join('') },
  { id: 'tag:gazette.example,2024:10', url: at('news/10'), title: '1999', published: '1999-12-31T23:59:59Z', html: '<p>It is older than all others, and its title is a number.</p>' },
] // prettier-ignore

/** Many, so that there are pages of an archive. */
const plain: Written[] = Array.from({ length: 120 }, (_, index) => ({
  id: `https://gazette.example/old/${index}`,
  url: at(`old/${index}`),
  title: `Tide table ${index}: “high water” & low`,
  published: new Date(Date.UTC(2023, 0, 1, 12 * index)).toISOString(),
  authors: ['Ben Pier'],
  topics: ['tides'],
  html: `<p>${index} hours after noon the water was highest. ${sentence}</p>`,
}))

export const first: readonly Written[] = [...odd, ...plain]

/** What is new the day after. */
export const added: Written = { id: 'tag:gazette.example,2024:11', url: at('news/11'), title: 'Later that day: ½ price & “more”', published: '2024-03-09T12:00:00Z', authors: ['Ada Moor'], html: '<p>From Monday the ferry costs half, said the company in the morning.</p>' } // prettier-ignore

/** What is said otherwise then. */
const corrected: Written = { ...odd[4]!, title: '5 < 6 > 4 && 1e5 = 100,000', updated: '2024-03-09T13:00:00Z', html: '<p>The table was wrong, and nobody had noticed it before the evening. Here it is without the table.</p>' } // prettier-ignore

/** What the editor takes away. */
export const withdrawn = odd[1]!.url

export const second: readonly Written[] = [added, ...first.map((one) => (one.id === corrected.id ? corrected : one))]

/** As RFC 4287 has it, with plain text as plain text. */
export function atomOf(entries: readonly Written[]): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:gazette</id><title>Gazette</title><updated>2024-03-10T00:00:00Z</updated>
${entries.map(entryOf).join('\n')}
</feed>`
}

function entryOf({ id, url, title, published, updated, authors, topics, language, html, files }: Written): string {
  return [
    language === undefined ? '<entry>' : `<entry xml:lang="${language}">`,
    `<id>${escaped(id)}</id><title type="text">${escaped(title)}</title><link href="${escaped(url)}"/>`,
    `<published>${published}</published><updated>${updated ?? published}</updated>`,
    ...(authors ?? []).map((name) => `<author><name>${escaped(name)}</name></author>`),
    ...(topics ?? []).map((term) => `<category term="${escaped(term)}"/>`),
    ...(files ?? []).map(
      (file) => `<link rel="enclosure" type="${file.type}" length="${file.bytes}" href="${escaped(file.url)}"/>`,
    ),
    `<content type="html">${escaped(html)}</content></entry>`,
  ].join('')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
