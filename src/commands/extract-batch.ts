/** `extract --batch DIR`: every page of a folder, as one JSON document that is written page by page. */
import { once } from 'node:events'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip as unpack } from 'node:zlib'
import { type Answer } from '../articles/read-page.ts'
import { type Call, type Result } from '../cli.ts'
import { describe, Failure } from '../failures.ts'
import { decodeText } from '../http/charset.ts'
import { withParsing, type Parse } from '../parse.ts'
import { readTextFile } from '../sources/text-file.ts'

/** What became of one page: the article, or why there is none. */
type Line = (Answer & { ms: number }) | { error: string }

const LARGEST_PAGE = 5_000_000
const gunzip = promisify(unpack)

/**
 * The pages `ID.html` and `ID.html.gz` in `folder`, with their addresses in its `urls.json`, in the order of their ids. A page
 * that cannot be read has an `error` and the others follow; only one page is held at a time.
 * @throws Failure `file.unreadable`, `usage.wrong` when the folder or its `urls.json` cannot be used at all.
 */
export async function extractBatch(call: Call, folder: string, now: Date): Promise<Result> {
  return await withParsing((parse) => extractAll(call, folder, parse, now))
}

async function extractAll({ progress, log }: Call, folder: string, parse: Parse, now: Date): Promise<Result> {
  const urls = await readUrls(folder)
  const files = await findPages(folder)
  const ids = [...new Set([...urls.keys(), ...files.keys()])].sort()
  let failed = 0
  await write('{')
  for (const [index, id] of ids.entries()) {
    progress.report({ verb: 'extract', id: folder, done: index, total: ids.length })
    const line = await extractPage(folder, files.get(id), id, urls.get(id), parse, now)
    if ('error' in line) failed++
    if ('error' in line) log.warn({ page: id, error: line.error }, 'a page could not be extracted')
    await write(`${index === 0 ? '' : ','}\n${JSON.stringify(id)}: ${JSON.stringify(line)}`)
  }
  await write('\n}\n')
  return { json: undefined, text: '', exit: failed === 0 ? 0 : 1 }
}

/** Waits while whoever reads it has not taken what was written before. */
async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}

async function extractPage(
  folder: string,
  file: string | undefined,
  id: string,
  url: string | undefined,
  parse: Parse,
  now: Date,
): Promise<Line> {
  try {
    if (file === undefined) throw new Failure('file.unreadable', { file: `${id}.html`, reason: 'there is none' })
    if (url === undefined || !/^https?:\/\//i.test(url))
      throw new Failure('usage.wrong', {
        file: 'urls.json',
        id,
        expected: 'its https:// or http:// address',
        found: url,
      })
    const html = await readHtml(join(folder, file), file)
    return await parse('answerPage', html, url, now)
  } catch (thrown) {
    const failure =
      thrown instanceof Failure ? thrown : new Failure('article.failed', { file, reason: describe(thrown) }, thrown)
    return { error: failure.message }
  }
}

/** A page as it was saved. @throws Failure `file.unreadable`, `file.tooLarge`: packed or unpacked, it has 5 MB at most. */
async function readHtml(path: string, name: string): Promise<string> {
  const bytes = await readBounded(path, name)
  if (!name.endsWith('.gz')) return decodeText(bytes, undefined)
  try {
    return decodeText(await gunzip(bytes, { maxOutputLength: LARGEST_PAGE }), undefined)
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_BUFFER_TOO_LARGE')
      throw new Failure('file.tooLarge', { file: name, reason: 'unpacked it is larger than a page may be' }, thrown)
    throw new Failure('file.unreadable', { file: name, reason: `it cannot be unpacked: ${describe(thrown)}` }, thrown)
  }
}

async function readBounded(path: string, name: string): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r')
    try {
      const { size } = await file.stat()
      if (size > LARGEST_PAGE) throw new Failure('file.tooLarge', { file: name, bytes: size })
      return await file.readFile()
    } finally {
      await file.close()
    }
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown
    throw new Failure('file.unreadable', { file: name, reason: describe(thrown) }, thrown)
  }
}

async function findPages(folder: string): Promise<Map<string, string>> {
  try {
    const pages = new Map<string, string>()
    // Of two of one name the plain one counts, which is the one that a person edits.
    for (const name of (await readdir(folder)).sort().reverse()) {
      const id = /^(.+)\.html(?:\.gz)?$/.exec(name)?.[1]
      if (id !== undefined) pages.set(id, name)
    }
    return pages
  } catch (thrown) {
    throw new Failure('file.unreadable', { file: folder, reason: describe(thrown) }, thrown)
  }
}

async function readUrls(folder: string): Promise<Map<string, string>> {
  const file = join(folder, 'urls.json')
  const wrong = (found: string) =>
    new Failure('usage.wrong', { file, expected: 'a JSON object of addresses by id', found })
  const text = await readTextFile(file, file, false)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (thrown) {
    throw wrong(describe(thrown))
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong('something else')
  const entries = Object.entries(value as Record<string, unknown>)
  return new Map(entries.map(([id, url]) => [id, typeof url === 'string' ? url : JSON.stringify(url)]))
}
