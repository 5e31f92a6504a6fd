/** Articles of the worst text there is, and what a reader must be shown of them. */
import fc from 'fast-check'
import { type Article, type SafeHtml } from '../../src/model.ts'
import { article } from './nouns.ts'

/** One article as a reader has it after parsing, all but its HTML. */
export interface Wanted {
  id: string
  url: string
  title: string
  authors: string[]
  topics: string[]
  published: string
  updated: string
  excerpt: string
}

const NASTY = [
  ...[
    ']]>',
    '<![CDATA[',
    ']]]]>',
    '<!--',
    '-->',
    '</title>',
    '</content:encoded>',
    '</content>',
    '<?xml?>',
    '<!DOCTYPE',
  ],
  ...['&amp;', '&lt;', '&#38;', '&#x0;', '&copy=2;', '&nbsp;', '&', '<', '>', '"', "'", '%', '$&', '$1', '{{ x }}'],
  ...['\u0000', '\u0008', '\u000b', '\u000c', '\u001f', '\u007f', '\u0085', '\ufffe', '\uffff', '\ufeff', '\u2028'],
  ...[
    '\ud83d',
    '\ude80',
    '👩🏽‍🚀',
    'é',
    'e\u0301',
    'עברית',
    '日本語',
    '\u202e',
    '\u00a0',
    ' ',
    '\t',
    '\n',
    '\r',
    '\r\n',
    '007',
    '1e5',
    'true',
  ],
]
export const text = fc.string({
  unit: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...NASTY) },
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 12,
})
export const date = fc.date({
  min: new Date('1000-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59Z'),
  noInvalidDate: true,
})
export const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })

export const hostile = fc
  .record({
    title: text.map((words) => `T${words}`),
    guid: optional(text),
    query: text,
    authors: fc.array(text, { maxLength: 3 }),
    topics: fc.array(text, { maxLength: 3 }),
    excerpt: text,
    body: text,
    attribute: text,
    language: optional(text),
    publishedAt: optional(date),
    updatedAt: optional(date),
    firstSeenAt: date,
    alt: text,
    credit: text,
    type: fc.oneof(text, fc.constantFrom('audio/mpeg', 'application/pdf', 'image/png; x="<&')),
    bytes: optional(fc.integer({ min: -1, max: 5000 })),
    seconds: optional(fc.oneof(fc.integer({ min: -1, max: 5000 }), fc.constantFrom(Infinity, NaN, 1.5))),
    episode: optional(
      fc.record(
        {
          image: fc.oneof(
            text,
            text.map((words) => `https://gazette.example/${words}`),
          ),
          explicit: fc.boolean(),
          season: fc.integer({ min: -1, max: 99 }),
          number: fc.constantFrom(1, 0, 1.5, 1e21),
          kind: fc.constantFrom('full', 'trailer', 'bonus'),
          transcripts: fc.array(
            fc.record({
              url: fc.oneof(
                text,
                text.map((words) => `https://gazette.example/?t=${words}`),
              ),
              type: fc.oneof(text, fc.constant('text/vtt; charset="<&')),
              language: text,
              rel: fc.constant('captions' as const),
            }),
            { maxLength: 2 },
          ),
        },
        { requiredKeys: [] },
      ),
    ),
  })
  .map(
    ({
      query,
      body,
      attribute,
      alt,
      credit,
      type,
      bytes,
      seconds,
      episode,
      guid,
      language,
      publishedAt,
      updatedAt,
      ...rest
    }) => {
      const url = `https://gazette.example/?q=${query}`
      return {
        attribute,
        body,
        article: (number: number): Article => ({
          ...article(number),
          ...rest,
          publishedAt: publishedAt ?? rest.firstSeenAt,
          ...(updatedAt && { updatedAt }),
          ...(language !== undefined && { language }),
          ...(guid !== undefined && { guid: `tag:${number},${guid}` }),
          url,
          // As an HTML serialiser writes it: of an attribute, `<` and `>` stay.
          html: `<p title="${attribute.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}">${body
            .replaceAll('&', '&amp;')
            .replaceAll('<', '&lt;')
            .replaceAll('>', '&gt;')}</p>` as SafeHtml,
          images: [
            {
              url,
              alt,
              credit,
              caption: alt,
              type,
              ...(bytes !== undefined && { bytes, width: bytes, height: bytes }),
            },
          ],
          // The last is what podcast apps play: it comes first where its length is known as that of the others is.
          enclosures: [type, type, 'audio/ogg'].map((kind, part) => ({
            ...{ url: `${url}&part=${part}`, type: kind, title: alt },
            ...(bytes !== undefined && { bytes }),
            ...(seconds !== undefined && { seconds }),
          })),
          ...(episode && { episode }),
        }),
      }
    },
  )

/** What can be shown of a text, told here once more in other words: code point by code point. */
export function shown(words: string): string {
  return Array.from(words.replace(/\r\n?/g, '\n'))
    .map((character) => {
      const code = character.codePointAt(0)!
      if (code >= 0xd800 && code <= 0xdfff) return '\ufffd'
      if ([0x0b, 0x0c, 0x85].includes(code)) return ' '
      if (code < 0x20 && character !== '\n' && character !== '\t') return ''
      return (code >= 0x7f && code < 0xa0) || code === 0xfffe || code === 0xffff ? '' : character
    })
    .join('')
}

export const line = (words: string): string =>
  shown(words)
    .replace(/[ \t\n]+/g, ' ')
    .trim()
export const lines = (list: string[]): string[] => [...new Set(list.map(line).filter((words) => words !== ''))]

/** Every guid of these tests begins like an IRI; RSS and JSON can write more of them than Atom may. */
export function expected({ publishedAt, updatedAt, ...article }: Article, format: string): Wanted {
  const published = publishedAt!
  const { guid = '' } = article
  const isIri = /^[^\s"<>\\^`{|}\p{C}]+$/u.test(guid)
  const isKept = isIri || (format !== 'Atom' && guid !== '' && line(guid) === guid)
  return {
    id: isKept ? guid : `urn:uuid:${article.id}`,
    url: new URL(article.url).href,
    title: line(article.title),
    authors: lines(article.authors),
    topics: lines(article.topics),
    published: published.toISOString(),
    updated: (updatedAt && updatedAt > published ? updatedAt : published).toISOString(),
    excerpt: line(article.excerpt),
  }
}
