import assert from 'node:assert/strict'
import { checkFeed } from '../../src/feeds/checked.ts'
import { feedDocument } from '../../src/feeds/document.ts'
import { madeFeed } from '../../src/feeds/each.ts'
import { readEntries } from '../../src/feeds/entry.ts'
import { lintFeed } from '../../src/feeds/lint.ts'
import { podcastGuid } from '../../src/feeds/podcast.ts'
import { renderFeed, renderPieces } from '../../src/feeds/render.ts'
import { type RuleId } from '../../src/feeds/rules/checklist.ts'
import { verifyItems } from '../../src/feeds/verify.ts'
import { type Episode, type Podcast } from '../../src/model.ts'
import { addresses, article, feed, site } from './nouns.ts'

const podcast: Podcast = {
  image: 'https://gazette.example/cover.jpg',
  categories: ['News > Daily News', 'Comedy'],
  explicit: false,
  type: 'episodic',
  owner: { name: 'The Editors', email: 'editor@gazette.example' },
  locked: true,
}

const episode: Episode = {
  image: 'https://gazette.example/1.png',
  explicit: true,
  season: 2,
  number: 7,
  kind: 'bonus',
  transcripts: [{ url: 'https://gazette.example/1.vtt', type: 'text/vtt', language: 'en', rel: 'captions' }],
}

const recording = { url: 'https://gazette.example/1.mp3', type: 'audio/mpeg', bytes: 5, seconds: 62 }
const heard = article(1, { enclosures: [recording], episode })
const show = feed({ podcast })
const rss = renderFeed(show, site, addresses, [heard])['rss.xml']
const now = new Date('2026-04-01T00:00:00Z')

const rulesIn = (text: string) => [
  ...new Set(lintFeed(Buffer.from(text), { now }).findings.map(({ rule }): RuleId => rule)),
]

describe('feeds that are podcasts', () => {
  it('pass the gate and lint with nothing said against them', () => {
    const { files, faults, held } = checkFeed(show, site, addresses, [heard])
    assert.deepEqual([faults, held], [[], []])
    assert.equal(files?.['rss.xml'], rss)
    assert.deepEqual(rulesIn(rss), [])
  })

  const broken: [rule: RuleId, from: string | RegExp, to: string][] = [
    ['podcast.required', /<itunes:image href="[^"]*cover.jpg"\/>/, ''],
    ['podcast.required', /<itunes:explicit>false<\/itunes:explicit>/, ''],
    ['podcast.required', /<itunes:category[^]*<itunes:category text="Comedy"\/>/, ''],
    ['podcast.value', 'cover.jpg', 'cover.webp'],
    ['podcast.value', 'https://gazette.example/cover.jpg', '/cover.jpg'],
    ['podcast.value', '<itunes:explicit>false', '<itunes:explicit>clean'],
    ['podcast.value', '<itunes:type>episodic', '<itunes:type>weekly'],
    ['podcast.value', 'text="Comedy"', 'text="Comedies"'],
    ['podcast.value', 'text="Daily News"', 'text="Improv"'],
    ['podcast.value', '<itunes:email>editor@gazette.example', '<itunes:email>editor'],
    ['podcast.value', /<podcast:guid>[^<]*/, '<podcast:guid>quay-talk'],
    ['podcast.value', '>yes</podcast:locked>', '>true</podcast:locked>'],
    ['podcast.value', '<podcast:locked owner="editor@gazette.example"', '<podcast:locked owner="me"'],
    ['episode.enclosure', /<enclosure .*>/, ''],
    ['episode.enclosure', 'type="audio/mpeg"', 'type="text/plain"'],
    ['episode.value', '<itunes:duration>62', '<itunes:duration>1:99'],
    ['episode.value', '<itunes:duration>62', '<itunes:duration>a minute'],
    ['episode.value', '<itunes:explicit>true', '<itunes:explicit>yes'],
    ['episode.value', '<itunes:season>2', '<itunes:season>0'],
    ['episode.value', '<itunes:episode>7', '<itunes:episode>seven'],
    ['episode.value', '<itunes:episodeType>bonus', '<itunes:episodeType>extra'],
    ['episode.value', '1.png', '1.gif'],
    ['episode.value', 'https://gazette.example/1.vtt', 'http://gazette.example/1.vtt'],
    ['episode.value', 'type="text/vtt"', 'type="vtt"'],
    ['episode.value', 'rel="captions"', 'rel="subtitles"'],
  ]
  for (const [index, [rule, from, to]] of broken.entries()) {
    it(`break ${rule} by ${to || 'what they lack'} (${index})`, () => {
      const text = rss.replace(from, to)
      assert.notEqual(text, rss, 'the damage was done')
      assert.deepEqual(rulesIn(text), [rule])
    })
  }

  it('are held by the gate when they lack what directories ask for', () => {
    const { files, held } = checkFeed(feed({ podcast: { ...podcast, categories: [] } }), site, addresses, [heard])
    assert.deepEqual([files, held.map(({ details }) => details['rule'])], [undefined, ['podcast.required']])
  })

  it('say of a recording of unknown length as Media RSS, without a fault', () => {
    const { url, type, seconds } = recording
    const { files, faults } = checkFeed(show, site, addresses, [article(1, { enclosures: [{ url, type, seconds }] })])
    assert.deepEqual(faults, [])
    assert.doesNotMatch(files!['rss.xml'], /<enclosure|itunes:duration/)
    assert.match(
      files!['rss.xml'],
      /<media:content url="https:\/\/gazette.example\/1.mp3" type="audio\/mpeg" medium="audio" duration="62"\/>/,
    )
  })

  it('take for the enclosure what is played, and of that what has a length', () => {
    const file = (name: string, type: string, bytes?: number) => ({ url: `https://gazette.example/${name}`, type, ...(bytes && { bytes }) }) // prettier-ignore
    const enclosures = [
      file('plan.pdf', 'application/pdf', 9),
      file('unknown.mp3', 'audio/mpeg'),
      file('film.mp4', 'video/mp4', 8),
      file('known.mp3', 'audio/mpeg', 7),
      file('what', '', 6),
    ]
    const [entry] = readEntries([article(1, { enclosures })]).entries
    assert.deepEqual(
      entry!.enclosures.map(({ url }) => url.split('/').at(-1)),
      ['film.mp4', 'known.mp3', 'plan.pdf', 'unknown.mp3'],
    )
  })

  it('declare the namespaces of podcasts only where they are used', () => {
    const spaces = (articles: Parameters<typeof renderFeed>[3], one = feed()) =>
      ['itunes', 'podcast'].filter((name) => renderFeed(one, site, addresses, articles)['rss.xml'].includes(`xmlns:${name}=`)) // prettier-ignore
    assert.deepEqual(spaces([article(1)]), [])
    assert.deepEqual(spaces([article(1, { enclosures: [{ ...recording, seconds: 0 }] })]), [])
    assert.deepEqual(spaces([article(1), article(2, { enclosures: [recording] })]), ['itunes'])
    assert.deepEqual(spaces([article(1, { episode: { transcripts: episode.transcripts! } })]), ['podcast'])
    assert.deepEqual(spaces([article(1)], show), ['itunes', 'podcast'])
  })

  it('leave room for the namespaces that an older article needs', () => {
    const articles = [article(2), heard]
    const full = Buffer.byteLength(renderFeed(feed(), site, addresses, articles)['rss.xml'])
    for (let bytes = full - 150; bytes < full + 150; bytes += 1) {
      const { held } = checkFeed(feed({ bytes }), site, addresses, articles)
      assert.deepEqual(held, [], String(bytes))
    }
  })

  it('refuse an item that says another thing of its episode', () => {
    const { entries } = readEntries([heard])
    const document = feedDocument(show, site, addresses, entries)
    const pieces = renderPieces(entries[0]!, document)
    assert.deepEqual(verifyItems(entries, [pieces], document), [undefined])
    const damages: [file: 'rss.xml' | 'feed.json' | 'atom.xml', from: string, to: string][] = [
      ['rss.xml', '<itunes:duration>62', '<itunes:duration>63'],
      ['rss.xml', '<itunes:explicit>true', '<itunes:explicit>false'],
      ['rss.xml', '<itunes:season>2', '<itunes:season>3'],
      ['rss.xml', '1.vtt', '2.vtt'],
      ['rss.xml', '1.png', '2.png'],
      ['feed.json', '"duration_in_seconds": 62', '"duration_in_seconds": 61'],
      ['feed.json', '"size_in_bytes": 5', '"size_in_bytes": 6'],
      ['atom.xml', 'length="5"', 'length="6"'],
    ]
    for (const [file, from, to] of damages) {
      const text = pieces[file].replace(from, to)
      assert.notEqual(text, pieces[file], 'the damage was done')
      const [fault] = verifyItems(entries, [{ ...pieces, [file]: text }], document)
      assert.deepEqual([fault?.rule, fault?.file], ['same.fields', file], to)
    }
  })

  it('have the name that the Podcast Index gives their address', () => {
    // The examples of its specification.
    assert.equal(podcastGuid('https://mp3s.nashownotes.com/pc20rss.xml'), '917393e3-1b1e-5cef-ace4-edaa54e1f810')
    assert.equal(podcastGuid('podnews.net/rss///'), '9b024349-ccf0-5f69-a609-6b82873eab3c')
  })

  it('keep the name that they have elsewhere, and give none of it to the feeds that are made of them', () => {
    const guid = '917393e3-1b1e-5cef-ace4-edaa54e1f810'
    const own = feed({ podcast: { ...podcast, guid } })
    const guidOf = (one: typeof own) => /<podcast:guid>(.*)</.exec(renderFeed(one, site, addresses, [heard])['rss.xml'])?.[1] // prettier-ignore
    assert.equal(guidOf(own), guid)
    const part = guidOf(madeFeed(own, 'all/topic/harbour', 'Harbour'))
    assert.equal(part, podcastGuid('https://news.gazette.example/feeds/all/topic/harbour/rss.xml'))
  })
})
