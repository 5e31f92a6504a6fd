/** Articles that lie in a folder as .html, .md or .txt files. */
import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, extname, join, resolve, sep } from 'node:path'
import { z } from 'zod'
import { describe, Failure } from '../failures.ts'
import { type Body, type Item, type LocalFile } from '../item.ts'
import type { FindContext } from './index.ts'
import { id, sourceBase, webAddress } from './options.ts'
import { matchesAny } from './patterns.ts'
import { readTextFile } from './text-file.ts'

export const options = z.strictObject({
  id,
  kind: z.literal('folder').describe('Files in a folder: .html, .md (with front matter) and .txt'),
  path: z
    .string()
    .min(1)
    .describe(
      'The folder, from the config file; folders in it are read too. Left out are README files, names that begin with a dot, and links',
    ),
  url: webAddress
    .optional()
    .describe(
      'Public address of the folder, when your own site shows these articles: news/storm.md is then at URL/news/storm. Without it they are shown under server.url',
    ),
  ...sourceBase,
})

/** What `docs/sources.md` says of it beyond the options; Markdown. */
export const guide = `
Every \`.html\`, \`.htm\`, \`.md\`, \`.markdown\` and \`.txt\` file in the folder and below it is one article. Files are UTF-8;
UTF-16 with a byte order mark is read too, and a page in another encoding when its \`<meta charset>\` names it. A file may
have 5 MB. One that cannot be read is named in the result, and the others are read.

- **Address.** The path without its ending, below \`url\`: \`news/storm.md\` becomes \`news/storm\`, and \`letters/index.md\`
  becomes \`letters/\`. A Markdown file may name another in its front matter.
- **One article stays one.** The same address is the same article, whatever becomes of its title and text, so a new
  article needs a new file name. A file that was only renamed or moved, or a folder that got another \`url\`, is recognised
  by its text.
- **Not yet.** An article dated in the future waits until then. One marked \`draft: true\` is left out.
- **Corrections.** When title or text change, the article's \`updated\` becomes the one in the front matter, or else now.
- **Pictures** that lie in the folder (JPEG, PNG, GIF, WebP or AVIF, up to 20 MB) and are named in an article are copied
  into the \`media\` folder beside the feeds.
- **Deleting** a file takes nothing back: the article was published, and stays where it was.
`

export type FolderOptions = z.output<typeof options>

const FORMS: Partial<Record<string, 'html' | 'markdown' | 'text'>> = {
  '.html': 'html',
  '.htm': 'html',
  '.md': 'markdown',
  '.markdown': 'markdown',
  '.txt': 'text',
}

const PICTURE = /\.(jpe?g|png|gif|webp|avif)$/i

/** The articles in the folder and below it, by path; each with the pictures that lie there, none of which is read. */
export async function find(
  options: FolderOptions,
  { root, base, fault }: Pick<FindContext, 'root' | 'base' | 'fault'>,
): Promise<Item[]> {
  const walk: Walk = { top: await openFolder(resolve(root, options.path), options.path), options, fault, files: [] }
  await walkFolder(walk, '')
  const paths = walk.files.toSorted()
  const url = options.url === undefined ? base : `${options.url.replace(/\/+$/, '')}/`
  const pictures = paths
    .filter((path) => PICTURE.test(path))
    .map((path): LocalFile => ({ url: url + encodePath(path), path: join(walk.top, path) }))

  const items: Item[] = []
  const taken = new Map<string, string>()
  for (const path of paths) {
    if (formOf(path) === undefined || isReadme(path) || matchesAny(options.exclude, [`/${path}`])) continue
    const place = join(options.path, path)
    const address = url + articlePath(path)
    // `storm.md` and `storm/index.md` are one address too: a slash at the end tells no two articles apart.
    const other = taken.get(address.replace(/\/$/, ''))
    if (other !== undefined) {
      fault(new Failure('file.sameAddress', { source: options.id, file: place, other, url: address }))
      continue
    }
    taken.set(address.replace(/\/$/, ''), place)
    try {
      items.push({ url: address, place, body: await readArticleFile(join(walk.top, path), place), files: pictures })
    } catch (thrown) {
      fault(unreadable(thrown, options.id, place))
    }
  }
  return items
}

/**
 * The body in one file, in the form that its ending says; any other ending is taken for plain text. `place` is what
 * messages call the file. Throws Failure `file.unreadable`, `file.tooLarge` or `file.notText`.
 */
export async function readArticleFile(path: string, place: string): Promise<Body> {
  const form = formOf(path) ?? 'text'
  const value = await readTextFile(path, place, form === 'html')
  if (form !== 'html') return { form, value }
  return { form: /<(!doctype|html|head|body)\b/i.test(value) ? 'page' : 'fragment', value }
}

interface Walk {
  /** The folder's own path, without links in it. */
  top: string
  options: FolderOptions
  fault: (failure: Failure) => void
  /** What was found, as paths below `top` with `/`. */
  files: string[]
}

async function openFolder(path: string, place: string): Promise<string> {
  try {
    const real = await realpath(path)
    if ((await stat(real)).isDirectory()) return real
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && ['ENOENT', 'ENOTDIR'].includes(String(thrown.code))))
      throw new Failure('file.unreadable', { file: place, reason: describe(thrown) }, thrown)
  }
  throw new Failure('folder.missing', { path: place })
}

async function walkFolder(walk: Walk, folder: string): Promise<void> {
  let entries
  try {
    entries = await readdir(join(walk.top, folder), { withFileTypes: true })
  } catch (thrown) {
    const failure = unreadable(thrown, walk.options.id, join(walk.options.path, folder))
    if (folder === '') throw failure
    if (!matchesAny(walk.options.exclude, [`/${folder}/`])) walk.fault(failure)
    return
  }
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.name.startsWith('.')) continue
    if (entry.isDirectory()) await walkFolder(walk, path)
    else if (entry.isFile()) walk.files.push(path)
    else if (entry.isSymbolicLink() && !matchesAny(walk.options.exclude, [`/${path}`])) await judgeLink(walk, path)
  }
}

/** A picture may be a link within the folder; an article may not, since it would be read twice, nor may a folder. */
async function judgeLink(walk: Walk, path: string): Promise<void> {
  const place = join(walk.options.path, path)
  try {
    const target = await realpath(join(walk.top, path))
    const isInside = target === walk.top || target.startsWith(walk.top.endsWith(sep) ? walk.top : walk.top + sep)
    if (!isInside) walk.fault(new Failure('file.outside', { source: walk.options.id, file: place, target }))
    else if (PICTURE.test(path) && (await stat(target)).isFile()) walk.files.push(path)
  } catch (thrown) {
    walk.fault(unreadable(thrown, walk.options.id, place))
  }
}

function unreadable(thrown: unknown, source: string, place: string): Failure {
  return thrown instanceof Failure
    ? new Failure(thrown.code, { source, ...thrown.details }, thrown.cause)
    : new Failure('file.unreadable', { source, file: place, reason: describe(thrown) }, thrown)
}

function formOf(path: string): 'html' | 'markdown' | 'text' | undefined {
  return FORMS[extname(path).toLowerCase()]
}

function isReadme(path: string): boolean {
  return /^readme\./i.test(basename(path))
}

/** The path of an article's page below the address of its folder: without ending, and `index` is the folder itself. */
function articlePath(path: string): string {
  return encodePath(path.slice(0, -extname(path).length).replace(/(^|\/)index$/, '$1'))
}

/** Composed letters (NFC): some systems store names decomposed, and an address must not depend on the system. */
function encodePath(path: string): string {
  return path.normalize('NFC').split('/').map(encodeURIComponent).join('/')
}
