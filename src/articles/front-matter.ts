/** The YAML between `---` lines at the head of a Markdown file: what its author says of the article. */
import { isCollection, isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml'
import { z } from 'zod'
import { Failure } from '../failures.ts'
import { type Enclosure, type Episode, type Picture } from '../model.ts'
import { readIsoDate } from './dates.ts'

/** What front matter says, in our own words. */
export interface FrontMatter {
  title?: string
  url?: string
  guid?: string
  authors: string[]
  topics: string[]
  language?: string
  publishedAt?: Date
  updatedAt?: Date
  excerpt?: string
  image?: Picture
  enclosures?: Enclosure[]
  episode?: Episode
  /** Marked `draft: true`: not to be collected. */
  isUnfinished: boolean
}

const text = z.string({ error: 'text' }).trim().min(1, { error: 'text' })
const texts = z.union([text.transform((one) => [one]), z.array(text)], { error: 'text, or a list of texts' })
const address = z.url({ protocol: /^https?$/, error: 'an address that begins with https:// or http://' })
const MOMENT = 'a date such as 2026-03-01 or 2026-03-01T07:30:00+01:00'

const picture = z.union(
  [
    text.transform((url): Picture => ({ url })),
    z
      .strictObject({
        url: text.optional().describe('Its address'),
        path: text.optional().describe('The file, from the article'),
        alt: text.optional().describe('What is to be seen, for those who cannot see it'),
        caption: text.optional(),
        credit: text.optional().describe('Who made it'),
      })
      .refine(({ url, path }) => (url === undefined) !== (path === undefined), { error: 'either url or path' })
      .transform(({ url, path, ...words }): Picture => ({ url: url ?? path ?? '', ...given(words) })),
  ],
  { error: 'an address or a path, or url or path with alt, caption and credit' },
)

const LENGTH = 'seconds, or h:mm:ss'

const seconds = z.union(
  [
    z.int().positive(),
    z
      .string()
      .regex(/^(?:(?:\d+:)?[0-5]?\d:)?[0-5]?\d$/)
      .transform((written) => written.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)),
  ],
  { error: LENGTH },
)

const enclosure = z.union(
  [
    text.transform((url): Enclosure => ({ url, type: '' })),
    z
      .strictObject({
        url: text.describe('Its address, from that of the article'),
        type: text.optional().describe('MIME type; without it, what its host or its ending says'),
        title: text.optional(),
        duration: seconds.optional().describe('How long it plays: seconds, or h:mm:ss'),
      })
      .transform(({ type = '', duration, ...rest }): Enclosure => ({
        ...{ url: rest.url, type },
        ...given({ title: rest.title, seconds: duration }),
      })),
  ],
  { error: 'an address, or url with type, title and duration' },
)

const transcript = z.union([
  text.transform((url) => ({ url, type: '' })),
  z
    .strictObject({
      url: text.describe('Its address'),
      type: text.optional().describe('MIME type; without it, what its ending says'),
      language: text.optional(),
    })
    .transform(({ url, type = '', language }) => ({ url, type, ...given({ language }) })),
])

const episode = z
  .strictObject({
    season: z.int({ error: 'a number' }).positive().optional().describe('Of which season'),
    number: z.int({ error: 'a number' }).positive().optional().describe('Its number in the season, or in all'),
    kind: z.enum(['full', 'trailer', 'bonus']).optional().describe('What it is: the default is full'),
    explicit: z.boolean({ error: 'true or false' }).optional().describe('Not for children'),
    image: text.optional().describe('A square picture for it alone'),
    transcript: z
      .union([transcript.transform((one) => [one]), z.array(transcript)])
      .optional()
      .describe('Its words, as a file'),
  })
  .transform(({ transcript: transcripts, ...rest }): Episode => given({ ...rest, transcripts }))

/** The keys that front matter may have, for the docs too. Several words are taken for the same, as other tools write them. */
export const frontMatterKeys = (zone: string) => {
  const moment = z
    .string({ error: MOMENT })
    .transform((written) => readIsoDate(written, zone))
    .refine((date) => date !== undefined, { error: MOMENT })
  return z.strictObject({
    title: text.optional().describe('The headline; without it, the first heading of the text'),
    url: address.optional().describe('Where the article is published, when that is elsewhere'),
    guid: text.optional().describe('Its name in feeds that it was in before'),
    author: texts.optional().describe('As authors'),
    authors: texts.optional().describe('Who wrote it'),
    date: moment.optional().describe('When it was published; without a time, midnight'),
    updated: moment.optional().describe('When its text was last changed'),
    topics: texts.optional().describe('What it is about; feeds and newsletters choose by them'),
    tags: texts.optional().describe('As topics'),
    section: texts.optional().describe('As topics'),
    language: text
      .refine((tag) => /^[a-z]{2,3}(-[a-z\d]{2,8})*$/i.test(tag), { error: 'a language tag (BCP 47) such as en-GB' })
      .optional()
      .describe('Its language'),
    image: picture.optional().describe('The lead picture'),
    enclosures: z
      .union([enclosure.transform((one) => [one]), z.array(enclosure)])
      .optional()
      .describe('Recordings, films and other files that belong to it'),
    episode: episode.optional().describe('What podcast apps show of it'),
    excerpt: text.optional().describe('What is shown of it where there is little room'),
    description: text.optional().describe('As excerpt'),
    draft: z.boolean({ error: 'true or false' }).optional().describe('true: not to be collected yet'),
  })
}

/**
 * The front matter of `text` and what follows it; a text without any is all body. Dates without a zone are in `zone`.
 * @throws Failure `frontMatter.invalid` with line (from 1), key and what was expected there.
 */
export function readFrontMatter(text: string, zone = 'UTC'): { data: FrontMatter; body: string } {
  const source = text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n')
  const found = /^---[ \t]*\n(?:([\s\S]*?)\n)?---[ \t]*(?:\n|$)/.exec(source)
  if (found === null) {
    if (/^---[ \t]*\n[\w-]+:/.test(source)) throw invalid(1, undefined, 'a line --- that ends the front matter')
    return { data: { authors: [], topics: [], isUnfinished: false }, body: source }
  }
  return { data: readYaml(found[1] ?? '', zone), body: source.slice(found[0].length) }
}

function readYaml(yaml: string, zone: string): FrontMatter {
  const lines = new LineCounter()
  // Aliases are how a few lines of YAML become gigabytes, and no front matter needs them.
  const document = parseDocument(yaml, { lineCounter: lines, uniqueKeys: true, prettyErrors: false })
  // The `---` above is line 1.
  const lineAt = (offset: number) => lines.linePos(offset).line + 1
  const fault = document.errors[0]
  if (fault) throw invalid(lineAt(fault.pos[0]), undefined, 'YAML', fault.message)
  if (document.contents === null) return { authors: [], topics: [], isUnfinished: false }
  if (!isMap(document.contents)) throw invalid(2, undefined, 'keys with values, such as title: Storm at sea')
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: 0 })
  } catch (thrown) {
    throw invalid(2, undefined, 'values without YAML aliases', undefined, thrown)
  }
  const keys = frontMatterKeys(zone)
  const checked = keys.safeParse(value)
  if (checked.success) return gather(checked.data)
  const issue = checked.error.issues[0]
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  const path = [...(issue?.path ?? []), ...unknown]
  const expected =
    unknown.length > 0 ? `one of ${Object.keys(keys.shape).join(', ')}` : (issue?.message ?? 'another value')
  throw invalid(lineAt(offsetOf(document, path)), path.join('.'), expected, shownValue(document, path))
}

/** Where the key stands; the value alone would be on another line when it is a list or a block. */
function offsetOf(document: Document, path: PropertyKey[]): number {
  const parent: unknown = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents
  if (isMap(parent)) {
    const key = parent.items.find(
      (pair) => String(isScalar(pair.key) ? pair.key.value : pair.key) === String(path.at(-1)),
    )?.key
    if (isNode(key) && key.range) return key.range[0]
  }
  if (isCollection(parent)) {
    const item = parent.get(path.at(-1), true)
    if (isNode(item) && item.range) return item.range[0]
  }
  return isNode(parent) && parent.range ? parent.range[0] : 0
}

function shownValue(document: Document, path: PropertyKey[]): string | undefined {
  const value: unknown = path.length === 0 ? undefined : document.getIn(path)
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value).slice(0, 80)
    : undefined
}

function gather(data: z.output<ReturnType<typeof frontMatterKeys>>): FrontMatter {
  const { title, url, guid, language, image } = data
  return {
    ...given({ title, url, guid, language, image, enclosures: data.enclosures, episode: data.episode }),
    ...given({ publishedAt: data.date, updatedAt: data.updated }),
    ...given({ excerpt: data.excerpt ?? data.description }),
    authors: data.authors ?? data.author ?? [],
    topics: [...new Set([...(data.section ?? []), ...(data.topics ?? []), ...(data.tags ?? [])])],
    isUnfinished: data.draft ?? false,
  }
}

function invalid(line: number, key: string | undefined, expected: string, found?: string, cause?: unknown): Failure {
  return new Failure('frontMatter.invalid', { line, key: key === '' ? undefined : key, expected, found }, cause)
}

/** Without the keys whose value is not known. */
function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
