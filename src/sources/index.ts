/** The kinds of sources there are: a new one is a file here and a word in `kinds`. */
import { relative, sep } from 'node:path'
import { type CheerioAPI } from 'cheerio'
import { z } from 'zod'
import { type Failure } from '../failures.ts'
import { type Fetch, type Item } from '../model.ts'
import * as folder from './folder.ts'
import * as page from './page.ts'
import { matchesAny } from './patterns.ts'
import * as rss from './rss.ts'

export const kinds = { folder, rss, page }

export const sourceOptions = z.discriminatedUnion('kind', [folder.options, rss.options, page.options])

export type SourceOptions = z.output<typeof sourceOptions>

/** What a source is given to find its items with. */
export interface FindContext {
  /** The folder of the config file, absolute: paths in options begin here. */
  root: string
  /** Where its articles are shown when the options name no address; ends in a slash. */
  base: string
  /** Reads an address with the source's own headers, where it may have them. */
  fetch: Fetch
  /** Reads untrusted HTML within bounds of time, memory and depth. */
  parseHtml: (html: string) => CheerioAPI
  /** Told of everything that had to be left out. */
  fault: (failure: Failure) => void
}

/**
 * What the source has now, in an order that stays the same while it does. Throws a Failure when the source as a whole
 * cannot be read; one faulty item is told to `context.fault` and stops nothing.
 */
export async function find(options: SourceOptions, context: FindContext): Promise<Item[]> {
  switch (options.kind) {
    case 'folder':
      return await folder.find(options, context)
    case 'rss':
      return await rss.find(options, context)
    case 'page':
      return await page.find(options, context)
  }
}

/** A source that is read from the web. */
export type WebSource = Extract<SourceOptions, { headers: unknown }>

export function isWeb(options: SourceOptions): options is WebSource {
  return 'headers' in options
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
