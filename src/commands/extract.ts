/** `extract FILE` and `extract URL`: one article as JSON, from a page on the web or a file on this machine. */
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { openReading } from '../app.ts'
import { originsOfArticle } from '../articles/origins.ts'
import { refuseWall } from '../articles/verdict.ts'
import { type Call, type Run } from '../cli.ts'
import { Failure } from '../failures.ts'
import { noMemory } from '../http/fetch.ts'
import { readAuthority } from '../http/guard.ts'
import { type Fetch } from '../contracts.ts'
import { type Body, type Draft, type Item, type Origins, type Verdict } from '../item.ts'
import { withParsing, type Parse } from '../parse.ts'
import { readTextFile } from '../sources/text-file.ts'
import { extractBatch } from './extract-batch.ts'
import { columns } from '../terminal.ts'
import { explain, extractedOf, type Extracted } from './extracted.ts'
import { pagesOf, readWhole } from './whole.ts'

interface Options {
  url?: string
  allow: string[]
  batch?: string
  explain?: boolean
}

export function register(program: Command, run: Run): void {
  program
    .command('extract')
    .argument('[address]', 'a page on the web, or a file: .html, .md or .txt')
    .option('--url <url>', 'the address that a file was saved from: relative links begin there')
    .addOption(allowOption())
    .option('--batch <folder>', 'every ID.html and ID.html.gz of a folder, with their addresses in its urls.json')
    .option('--explain', 'where each field stood, how sure it is, and what else was said of it')
    .description('one article out of a page or a file: title, authors, dates, picture, clean HTML and text')
    .action(
      run(async (call, address: string | undefined, { url, allow, batch, explain: isExplained = false }: Options) => {
        if (address === undefined && batch !== undefined) return await extractBatch(call, batch, new Date())
        if (address === undefined || batch !== undefined)
          throw new Failure('usage.wrong', { expected: 'one page or file, or --batch FOLDER' })
        const { article, origins, verdict } = isWeb(address)
          ? await withReading(call, address, allow, (fetch, parse) => extractPage(address, fetch, parse, new Date()))
          : await withParsing((parse) => extractFile(address, url, parse, new Date()))
        const json = { ...article, isArticle: verdict?.isArticle ?? true }
        if (isExplained)
          return {
            json: { ...json, origins, verdict: verdict ?? null },
            text: columns(explain(article, origins, verdict)),
            exit: 0,
          }
        const heading = [
          article.title,
          [article.authors.join(', '), article.published ?? ''].filter(Boolean).join(' · '),
        ]
        return { json, text: [...heading.filter(Boolean), '', article.text].join('\n'), exit: 0 }
      }),
    )
}

export function isWeb(address: string): boolean {
  return /^https?:\/\//i.test(address)
}

/** `--allow HOST:PORT`, as often as it is needed. */
export function allowOption(): Option {
  return new Option('--allow <host:port>', 'may be read although it is in a private network; may be given again')
    .default([], 'none')
    .argParser((entry: string, before: string[]) => {
      if (readAuthority(entry) === undefined)
        throw new InvalidArgumentError('Expected HOST:PORT, such as 127.0.0.1:4001.')
      return [...before, entry]
    })
}

/** Reads the web for a command that needs no installation: without memory, politely all the same, and in a process of its own. */
export async function withReading<T>(
  { log }: Pick<Call, 'log'>,
  contact: string,
  allow: string[],
  work: (fetch: Fetch, parse: Parse) => Promise<T>,
): Promise<T> {
  const { fetch, close } = openReading({ contact, allow }, noMemory, log)
  try {
    return await withParsing((parse) => work(fetch, parse))
  } finally {
    await close()
  }
}

async function extractPage(address: string, fetch: Fetch, parse: Parse, now: Date): Promise<Explained> {
  const readPage = pagesOf(fetch)
  const item = await readPage(address)
  return explained(parse, item, (await readWhole(item, readPage, parse)).draft, now)
}

async function extractFile(file: string, givenUrl: string | undefined, parse: Parse, now: Date): Promise<Explained> {
  const form = formOf(file)
  if (givenUrl !== undefined && !isWeb(givenUrl))
    throw new Failure('usage.wrong', { option: '--url', expected: 'an https:// or http:// address', found: givenUrl })
  const value = await readTextFile(file, file, form === 'page')
  const place = pathToFileURL(resolve(file)).href
  const draft = await parse('readBody', { form, value }, givenUrl ?? place)
  const url = givenUrl ?? draft.canonicalUrl ?? place
  return explained(parse, { url, body: { form, value } }, draft, now)
}

interface Explained {
  article: Extracted
  /** Where each of its fields stood. */
  origins: Origins
  /** Whether the whole page is an article at all. */
  verdict: Verdict | undefined
}

async function explained(parse: Parse, item: Item, draft: Draft, now: Date): Promise<Explained> {
  refuseWall(draft, { url: item.url })
  const article = await extractedOf(parse, item, draft, now)
  return { article, origins: originsOfArticle(item, draft), verdict: draft.verdict }
}

function formOf(file: string): Body['form'] {
  switch (extname(file).toLowerCase()) {
    case '.md':
    case '.markdown':
      return 'markdown'
    case '.txt':
      return 'text'
    case '.html':
    case '.htm':
      return 'page'
    default:
      throw new Failure('usage.wrong', { file, expected: 'a file that ends in .html, .md or .txt' })
  }
}
