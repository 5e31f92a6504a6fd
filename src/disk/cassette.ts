/** What a source answered once, as files that can be read: an index, and each body beside it. */
import { createHash } from 'node:crypto'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { FAILURES } from '../failure-table.ts'
import { describe, Failure, type FailureCode } from '../failures.ts'
import { type Fetch, type Fetched, type FetchRequest } from '../contracts.ts'
import { writeAtomically } from './write.ts'

const answer = z.strictObject({
  url: z.string(),
  /** Where the body came from, when redirects led elsewhere. */
  at: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  /** A file in `bodies/`. */
  body: z
    .string()
    .regex(/^[\w.-]{1,200}$/)
    .optional(),
  failure: z
    .strictObject({
      code: z.custom<FailureCode>((code) => typeof code === 'string' && code in FAILURES, {
        error: 'a code of docs/failures.md',
      }),
      details: z.record(z.string(), z.union([z.string(), z.number()])),
    })
    .optional(),
})

const index = z.strictObject({
  version: z.literal(1),
  recordedAt: z.iso.datetime(),
  /** Zone of dates that name none. */
  timezone: z.string(),
  /** The options of the source as the config has them, without what `headers` hold. */
  source: z.record(z.string(), z.unknown()),
  answers: z.array(answer),
})

/** A recording as its index tells it. */
export type Recording = z.output<typeof index>
type Answer = Recording['answers'][number]

/** Each answer to a request; of several to one address, the first that brought something. */
export type Answers = Map<string, { answer: Answer; body?: Uint8Array }>

const INDEX = 'index.json'
const BODIES = 'bodies'

/** Of an answer, what tells how to read it. Cookies and whatever else is of one visitor only are not kept. */
const KEPT = ['content-type', 'content-language', 'link', 'x-wp-total', 'x-wp-totalpages']

/** What is asked through this is answered as ever, and noted in `answers`: never the headers of a request. */
export function recordFetch(fetch: Fetch, answers: Answers): Fetch {
  return async (url, request) => {
    const name = withoutSecrets(url)
    const isNoted = answers.get(name)?.body !== undefined
    try {
      const fetched = await fetch(url, request)
      if (!isNoted && fetched.status === 'fresh')
        answers.set(name, { answer: noteOf(name, fetched), body: fetched.body })
      return fetched
    } catch (thrown) {
      if (!isNoted && thrown instanceof Failure) {
        const details = Object.entries(thrown.details).filter(([, value]) => value !== undefined)
        const plain = details.map(([key, value]) => [key, typeof value === 'string' ? withoutSecrets(value) : value])
        answers.set(name, {
          answer: {
            url: name,
            failure: { code: thrown.code, details: Object.fromEntries(plain) as Record<string, string> },
          },
        })
      }
      throw thrown
    }
  }
}

function noteOf(name: string, { url, headers }: Fetched): Answer {
  const at = withoutSecrets(url)
  const kept = KEPT.flatMap((key) => (headers[key] === undefined ? [] : [[key, headers[key]] as const]))
  return {
    url: name,
    ...(at !== name && { at }),
    headers: Object.fromEntries(kept),
    body: fileName(name, headers['content-type'] ?? ''),
  }
}

/**
 * Answers as the recording in the folder does; `decode` makes text of a body. What it does not hold is Failure
 * `recording.lacks`.
 */
export function replayFetch(
  folder: string,
  { answers }: Recording,
  decode: (body: Uint8Array, type?: string) => string,
): Fetch {
  const byUrl = new Map(answers.map((one) => [one.url, one]))
  return async (url, { maxBytes }: FetchRequest = {}) => {
    const name = withoutSecrets(url)
    const found = byUrl.get(name)
    if (found === undefined) throw new Failure('recording.lacks', { folder, url: name })
    if (found.failure !== undefined) throw new Failure(found.failure.code, found.failure.details)
    const body = found.body === undefined ? new Uint8Array() : await readBody(join(folder, BODIES, found.body))
    if (maxBytes !== undefined && body.length > maxBytes)
      throw new Failure('http.tooLarge', { url: name, bytes: body.length, limit: maxBytes })
    const { headers = {} } = found
    return {
      status: 'fresh',
      url: found.at ?? url,
      headers,
      body,
      text: () => decode(body, headers['content-type']),
      remember: () => Promise.resolve(),
    }
  }
}

/** Replaces the recording in the folder; the same answers give the same files. Throws Failure `disk.write`. */
export async function writeRecording(
  folder: string,
  about: Pick<Recording, 'timezone' | 'source'> & { recordedAt: Date },
  answers: Answers,
): Promise<void> {
  const noted = [...answers.values()]
  for (const { answer: one, body } of noted)
    if (one.body !== undefined && body !== undefined) await writeAtomically(join(folder, BODIES, one.body), body)
  const written: Recording = {
    version: 1,
    recordedAt: about.recordedAt.toISOString(),
    timezone: about.timezone,
    source: secretless(about.source),
    answers: noted.map(({ answer: one }) => one).toSorted((a, b) => (a.url < b.url ? -1 : 1)),
  }
  await writeAtomically(join(folder, INDEX), `${JSON.stringify(written, null, 2)}\n`)
  const names = new Set(written.answers.map(({ body }) => body))
  for (const name of await readdir(join(folder, BODIES)).catch(() => []))
    if (!names.has(name)) await rm(join(folder, BODIES, name), { force: true })
}

/** The recording in the folder; nothing when there is none. Throws Failure `recording.broken`. */
export async function readRecording(folder: string): Promise<Recording | undefined> {
  const file = join(folder, INDEX)
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR'))
      return undefined
    throw new Failure('file.unreadable', { file, reason: describe(thrown) }, thrown)
  }
  try {
    return index.parse(JSON.parse(text))
  } catch (thrown) {
    throw new Failure('recording.broken', { file, reason: describe(thrown).slice(0, 300) }, thrown)
  }
}

async function readBody(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file)
  } catch (thrown) {
    throw new Failure('recording.broken', { file, reason: describe(thrown) }, thrown)
  }
}

const SECRET = /(?:^|[_-])(?:(?:api|access|auth)?[_-]?(?:key|token|secret|password|passwd|signature|sig|auth))$/i

/** An address with the values of tokens and keys in it blacked out; two that differ only in them are one. */
function withoutSecrets(text: string): string {
  const url = URL.parse(text)
  if (url === null || ![...url.searchParams.keys()].some((name) => SECRET.test(name))) return text
  for (const name of new Set(url.searchParams.keys())) if (SECRET.test(name)) url.searchParams.set(name, 'SECRET')
  return url.href
}

/** Options as they may lie about: nothing that was meant for the site alone. */
function secretless(source: Record<string, unknown>): Record<string, unknown> {
  const read = Object.entries(source).map(([key, value]) => {
    if (key === 'headers' && typeof value === 'object' && value !== null)
      return [key, Object.fromEntries(Object.keys(value).map((name) => [name, 'not recorded']))]
    if (SECRET.test(key)) return [key, 'not recorded']
    return [key, typeof value === 'string' ? withoutSecrets(value) : value]
  })
  return Object.fromEntries(read) as Record<string, unknown>
}

const ENDINGS: [type: RegExp, ending: string][] = [
  [/html/i, 'html'],
  [/json/i, 'json'],
  [/xml|rss|atom/i, 'xml'],
  [/^\s*text\//i, 'txt'],
]

/** From the path, for people; and from a hash of the whole address, so that it stays whatever else is recorded. */
function fileName(url: string, type: string): string {
  const { pathname = url, search = '' } = URL.parse(url) ?? {}
  const words = `${pathname}${search}`
    .normalize('NFKD')
    .replace(/\.(?:html?|json|xml|txt)$/i, '')
    .replace(/[^a-z0-9]+/gi, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase()
    .slice(0, 60)
  const hash = createHash('sha256').update(url).digest('hex').slice(0, 6)
  const ending = ENDINGS.find(([pattern]) => pattern.test(type))?.[1] ?? 'bin'
  return `${words === '' ? 'front' : words}-${hash}.${ending}`
}
