/** `extract FILE`: one article as JSON, from a page, a Markdown file or plain text on this machine. */
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Command } from 'commander'
import { makeArticle, readBody } from '../articles/article.ts'
import { type Run } from '../cli.ts'
import { Failure } from '../failures.ts'
import { type Body } from '../model.ts'
import { readTextFile } from '../sources/text-file.ts'

export function register(program: Command, run: Run): void {
  program
    .command('extract')
    .argument('<file>', '.html, .md or .txt')
    .option('--url <url>', 'the address it was saved from: relative links begin there')
    .description('one article out of a file: title, authors, dates, picture, clean HTML and text')
    .action(
      run(async (_call, file: string, { url }: { url?: string }) => {
        const article = await extract(file, url, new Date())
        const heading = [
          article.title,
          [article.authors.join(', '), article.published ?? ''].filter(Boolean).join(' · '),
        ]
        return { json: article, text: [...heading.filter(Boolean), '', article.text].join('\n'), exit: 0 }
      }),
    )
}

/** The form that `extract` prints (product.md, Commands): what is not known is null. */
interface Extracted {
  url: string
  title: string
  authors: string[]
  published: string | null
  updated: string | null
  image: string | null
  /** Who made the lead picture, also where the text names them but shows no picture. */
  credit: string | null
  language: string | null
  topics: string[]
  excerpt: string
  html: string
  text: string
}

async function extract(file: string, givenUrl: string | undefined, now: Date): Promise<Extracted> {
  const form = formOf(file)
  if (givenUrl !== undefined && !/^https?:\/\//i.test(givenUrl))
    throw new Failure('usage.wrong', { option: '--url', expected: 'an https:// or http:// address', found: givenUrl })
  const value = await readTextFile(file, file, form === 'page')
  const place = pathToFileURL(resolve(file)).href
  const draft = readBody({ form, value }, givenUrl ?? place)
  const url = givenUrl ?? draft.canonicalUrl ?? place
  const article = makeArticle({ url, body: { form, value } }, draft, undefined, {
    sourceId: 'extract',
    topics: [],
    now,
  })
  return {
    url: article.url,
    title: article.title,
    authors: article.authors,
    published: article.publishedAt?.toISOString() ?? null,
    updated: article.updatedAt?.toISOString() ?? null,
    image: article.images[0]?.url ?? null,
    credit: article.images[0]?.credit ?? draft.credit ?? null,
    language: article.language ?? null,
    topics: article.topics,
    excerpt: article.excerpt,
    html: article.html,
    text: article.text,
  }
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
