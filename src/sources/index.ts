/** The kinds of sources there are: a new one is a file here and a word in `kinds`. */
import { relative, sep } from 'node:path'
import { type CheerioAPI } from 'cheerio'
import { z } from 'zod'
import { type Failure } from '../failures.ts'
import { type Fetch } from '../contracts.ts'
import { type Item } from '../item.ts'
import * as auto from './auto.ts'
import * as browser from './browser.ts'
import * as folder from './folder.ts'
import * as json from './json.ts'
import * as module from './module.ts'
import * as page from './page.ts'
import { type ParseSource } from './parsers.ts'
import { matchesAny } from './patterns.ts'
import * as rss from './rss.ts'
import * as sitemap from './sitemap.ts'
import * as wordpress from './wordpress.ts'

/** By the name that `kind` calls it; in the order of `docs/sources.md`. */
export const kinds = { auto, folder, rss, page, sitemap, wordpress, json, browser }

/** Beside the built-in ones: whatever module a path names. */
export { module as moduleKind }

type Kinds = typeof kinds
type Options = { [Name in keyof Kinds]: Kinds[Name]['options'] }[keyof Kinds]

/** The options of every source, as they are once checked. */
export type SourceOptions = z.output<Options> | module.ModuleOptions

const builtIn = z.discriminatedUnion(
  'kind',
  Object.values(kinds).map(({ options }) => options) as [Options, ...Options[]],
)

export const sourceOptions: z.ZodType<SourceOptions, z.input<Options> | z.input<typeof module.options>> = z.union(
  [builtIn, module.options],
  {
    error: `one of: ${Object.keys(kinds).join(', ')}, or the path of a module such as ./my-source.ts`,
  },
)

/** What a source is given to find its items with. */
export interface FindContext {
  /** The folder of the config file, absolute: paths in options begin here. */
  root: string
  /** Where its articles are shown when the options name no address; ends in a slash. */
  base: string
  /** Reads an address with the source's own headers, where it may have them. */
  fetch: Fetch
  /** Reads what was fetched, where that can do no harm (parsers.ts): what is too hard fails and holds nothing up. */
  parse: ParseSource
  /** Reads untrusted HTML within bounds of time, memory and depth: for modules of the installation's own. */
  parseHtml: (html: string) => CheerioAPI
  /** Told of everything that had to be left out. */
  fault: (failure: Failure) => void
  /** Which of these were met before, by guid or address: who goes on to older pages may stop there. */
  areKnown?: (items: readonly Item[]) => Promise<boolean[]>
  /** When the source was last collected without a failure. */
  since?: Date
  /** What the source asked to be remembered the last time, and what is to be remembered of this one. */
  memory?: { last?: string; keep: (json: string) => void }
  /** Whether there is an article on a page that was read. */
  isArticle?: (html: string, url: string) => Promise<boolean>
  /** Told of what the operator should know, though the collection goes on. */
  notice?: (failure: Failure) => void
}

/**
 * What the source has now, in an order that stays the same while it does. Throws a Failure when the source as a whole
 * cannot be read; one faulty item is told to `context.fault` and stops nothing.
 */
export async function find(options: SourceOptions, context: FindContext): Promise<Item[]> {
  if (isModule(options)) return await module.find(options, context)
  // The table pairs each `find` with the options of its own kind, which TypeScript cannot follow through the name.
  const kind = kinds[options.kind] as { find: (own: typeof options, context: FindContext) => Promise<Item[]> }
  return await kind.find(options, context)
}

/** A source that is a module of the installation's own. */
export function isModule(options: SourceOptions): options is module.ModuleOptions {
  return !(options.kind in kinds)
}

/** A source that is read from the web. */
export type WebSource = Extract<SourceOptions, { headers: unknown }>

export function isWeb(options: SourceOptions): options is WebSource {
  return 'headers' in options
}

/** Whether each article's own page is read, beside the list or feed; that of an item which holds all of it is not. */
export function readsPages(options: SourceOptions, { isWhole = false }: { isWhole?: boolean } = {}): boolean {
  return isWeb(options) && options.fullText && (!isWhole || options.select.content !== undefined)
}

/** Whether `include` and `exclude` let an item through, now that its title is known too. */
export function wants(options: SourceOptions, item: Item, title: string): boolean {
  const isFile = options.kind === 'folder' && item.place !== undefined
  const names = [...(isFile ? [pathInFolder(options.path, item.place ?? '')] : []), item.url, title]
  return !matchesAny(options.exclude, names) && (options.include.length === 0 || matchesAny(options.include, names))
}

function pathInFolder(folderPath: string, place: string): string {
  return `/${relative(folderPath, place).split(sep).join('/')}`
}
