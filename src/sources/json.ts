/** Any API that answers in JSON, by paths into its answers. */
import { z } from 'zod'
import { type Item } from '../item.ts'
import type { FindContext } from './index.ts'
import { isPath } from './json-path.ts'
import { id, pages, selectWithFullText, webAddress, webBase } from './options.ts'
import { readPages } from './paging.ts'

const path = z.string().min(1).max(1000).refine(isPath, {
  error: 'a path such as data.posts, fields.title or authors[*].name, or a text with paths in braces',
})

const paths = z.strictObject({
  items: path
    .optional()
    .describe('The list in the answer, such as `data.posts`; without it the answer itself is the list'),
  url: path.describe(
    'In each item: its address, or one with paths in it such as `https://harbour.example/news/{slug}`',
  ),
  id: path.optional().describe('In each item: the API’s own name for it, which stays when its address changes'),
  title: path.optional().describe('In each item: the title'),
  date: path
    .optional()
    .describe('In each item: when it was published, in words, ISO 8601, or seconds or milliseconds since 1970'),
  updated: path.optional().describe('In each item: when it was last changed'),
  author: path.optional().describe('In each item: who wrote it, such as `author` or `authors[*].name`'),
  tags: path.optional().describe('In each item: what it is about'),
  language: path.optional().describe('In each item: its language'),
  excerpt: path.optional().describe('In each item: its summary'),
  image: path.optional().describe('In each item: the lead picture, its address or what has an `url`'),
  html: path.optional().describe('In each item: the text as HTML'),
  markdown: path.optional().describe('In each item: the text as Markdown'),
  text: path.optional().describe('In each item: the text as such, with empty lines between paragraphs'),
  next: path
    .optional()
    .describe('In the answer: the address of the next one, or one with paths in it such as `?after={meta.cursor}`'),
})

export const options = z
  .strictObject({
    id,
    kind: z.literal('json').describe('An API that answers in JSON, by the paths to its fields'),
    url: webAddress.describe('Address of the API, with whatever it must be asked'),
    paths: paths.describe('Where things are in the answer'),
    page: z
      .strictObject({
        param: z.string().min(1).max(100).describe('Name in the address, such as `page` or `offset`'),
        from: z.int().min(0).default(1).describe('Its value for the first answer'),
        step: z.int().min(1).default(1).describe('By how much it grows: an offset grows by the items in an answer'),
      })
      .optional()
      .describe('How further answers are asked for, where the answer itself does not say'),
    pages,
    fullText: z
      .boolean()
      .default(false)
      .describe("Reads each article's own page too, for an API that gives only headlines"),
    select: selectWithFullText,
    ...webBase,
  })
  .refine(({ paths, fullText }) => fullText || (paths.html ?? paths.markdown ?? paths.text) !== undefined, {
    path: ['paths'],
    error: 'the path of the text (html, markdown or text), or else fullText: true',
  })

/** What `docs/sources.md` says of it beyond the options; Markdown. */
export const guide = `
For a site whose articles come from an API of its own.

\`\`\`yaml
- id: harbour
  kind: json
  url: https://harbour.example/api/stories?limit=20
  paths:
    items: data.stories
    url: https://harbour.example/news/{slug}
    id: id
    title: fields.headline
    date: publishedAt
    author: authors[*].name
    image: images[0]
    html: blocks[*].html
    next: links.next
\`\`\`

- **Paths** go down by names and places: \`fields.title\`, \`images[0].url\`, \`authors[*].name\` (all of them), \`["odd name"]\`. A path in
  braces within a text is filled in. Where a path leads to something with several fields, its \`name\` or \`title\` counts.
- **Values** are texts or numbers. A date may be seconds or milliseconds since 1970. Several pieces of text are put together.
- **Further answers**: \`next\` or \`page\`, with \`pages\` above 1. They are read while nothing in them was met before, so that
  the first collection goes as deep as \`pages\` says and later ones only to what is known.
- **What does not fit** is named: an item without an address is left out, an answer without the list is a failure, and what is
  published stays as it is.
`

export type JsonOptions = z.output<typeof options>

const LARGEST_BYTES = 5_000_000

/** The items of the API; none when it is the same as last time. Throws Failure `http.…` or `source.notJson`. */
export async function find({ url, paths, page, pages }: JsonOptions, context: FindContext): Promise<Item[]> {
  const { fetch, parse } = context
  let answers = 0
  const read = async (address: string, isFirst: boolean) => {
    const answer = await fetch(address, { accept: 'application/json', conditional: isFirst, maxBytes: LARGEST_BYTES })
    if (answer.status === 'unchanged') return undefined
    const { items, next } = await parse('json', answer.text(), answer.url, paths)
    answers++
    return { items, next: next ?? (page && withParam(url, page.param, page.from + answers * page.step)) }
  }
  const start = page === undefined ? url : withParam(url, page.param, page.from)
  return await readPages({ start, pages, read }, context)
}

function withParam(url: string, name: string, value: number): string {
  const address = new URL(url)
  address.searchParams.set(name, String(value))
  return address.href
}
