import assert from 'node:assert/strict'
import { evenEpisode, filesBeside, playedIn, typeByName } from '../../src/articles/recordings.ts'

const base = 'https://gazette.example/talk/1'
const played = (html: string) => playedIn(html, base).map(({ url, type, title }) => [url, type, title])

describe('the recordings and films that a text plays', () => {
  it('are found with their type, by what the page says or by their name', () => {
    assert.deepEqual(
      played(
        '<p>Hear</p><audio controls src="1.mp3" title="The  wall"></audio>' +
          '<audio><source src="/2" type="audio/OGG; codecs=opus"><source src="/2.mp3"></audio>' +
          '<figure><video poster="x.jpg"><source src="https://cdn.example/3.MP4?a=1"></video></figure><audio src="4"></audio>',
      ),
      [
        ['https://gazette.example/talk/1.mp3', 'audio/mpeg', 'The wall'],
        ['https://gazette.example/2', 'audio/ogg', undefined],
        ['https://cdn.example/3.MP4?a=1', 'video/mp4', undefined],
        ['https://gazette.example/talk/4', '', undefined],
      ],
    )
  })

  it('are no streams, no pictures that move, and at no other place than the web, each once', () => {
    assert.deepEqual(
      played(
        '<video src="live.m3u8"></video><video><source src="a" type="application/vnd.apple.mpegurl"><source src="a.mp4"></video>' +
          '<video loop muted autoplay src="wave.mp4"></video><audio src="blob:https://gazette.example/1"></audio>' +
          '<audio src="javascript:alert(1)"></audio><audio></audio><video src="a.mp4"></video>',
      ),
      [['https://gazette.example/talk/a.mp4', 'video/mp4', undefined]],
    )
  })

  it('begin at the base that the text names', () => {
    assert.deepEqual(played('<base href="https://other.example/x/"><audio src="1.mp3"></audio>')[0]?.[0], 'https://other.example/x/1.mp3') // prettier-ignore
  })
})

describe('the files beside an article', () => {
  it('are those of all who name some, at web addresses; of two who name one, the first has the word', () => {
    const files = filesBeside(
      base,
      [
        { url: '1.mp3', type: '', bytes: 7, seconds: 61.2 },
        { url: 'ftp://gazette.example/2.mp3', type: 'audio/mpeg', bytes: 7 },
      ],
      undefined,
      [
        { url: 'https://gazette.example/talk/1.mp3', type: 'audio/ogg' },
        { url: '3', type: 'Audio/MP4; x', bytes: -1, seconds: Infinity, title: 'Three' },
      ],
    )
    assert.deepEqual(files, [
      { url: 'https://gazette.example/talk/1.mp3', type: 'audio/mpeg', bytes: 7, seconds: 62 },
      { url: 'https://gazette.example/talk/3', type: 'audio/mp4', title: 'Three' },
    ])
  })

  it('are fifty at most', () => {
    const list = Array.from({ length: 80 }, (_, index) => ({ url: `${index}.mp3`, type: '' }))
    assert.equal(filesBeside(base, list, list.toReversed()).length, 50)
  })

  it('have no type by a name that tells none', () => {
    for (const url of ['https://gazette.example/mp3', 'https://gazette.example/a.php?f=a.mp3', 'x'])
      assert.equal(typeByName(url), undefined)
  })
})

describe('what is said of an episode', () => {
  it('is kept as far as it can be', () => {
    const transcripts = [
      { url: '1.vtt', type: '' },
      { url: 'data:text/vtt,x', type: 'text/vtt' },
      { url: '1.words', type: '' },
      { url: '1.html', type: 'text/html', language: 'en' },
    ]
    assert.deepEqual(
      evenEpisode(base, { image: '1.jpg', season: 0, number: 3, explicit: false, kind: 'full', transcripts }),
      {
        image: 'https://gazette.example/talk/1.jpg',
        number: 3,
        explicit: false,
        kind: 'full',
        transcripts: [
          { url: 'https://gazette.example/talk/1.vtt', type: 'text/vtt' },
          { url: 'https://gazette.example/talk/1.html', type: 'text/html', language: 'en' },
        ],
      },
    )
    assert.equal(evenEpisode(base, { image: 'data:x', season: 1.5, transcripts: [] }), undefined)
    assert.equal(evenEpisode(base, undefined), undefined)
  })
})
