/** The kinds of sources there are: a new one is a file here and a word in `kinds`. */
import { relative, sep } from 'node:path'
import { z } from 'zod'
import { type Failure } from '../failures.ts'
import { type Item } from '../model.ts'
import * as folder from './folder.ts'
import { matchesAny } from './patterns.ts'

export const kinds = { folder }

export const sourceOptions = z.discriminatedUnion('kind', [folder.options])

export type SourceOptions = z.output<typeof sourceOptions>

/** What a source is given to find its items with. */
export interface FindContext {
  /** The folder of the config file, absolute: paths in options begin here. */
  root: string
  /** Where its articles are shown when the options name no address; ends in a slash. */
  base: string
  /** Told of everything that had to be left out. */
  fault: (failure: Failure) => void
}

/**
 * What the source has now, in an order that stays the same while it does. Throws a Failure when the source as a whole
 * cannot be read; one faulty item is told to `context.fault` and stops nothing.
 */
export async function find(options: SourceOptions, context: FindContext): Promise<Item[]> {
  return await kinds[options.kind].find(options, context)
}

/** Whether `include` and `exclude` let an item through, now that its title is known too. */
export function wants(options: SourceOptions, item: Item, title: string): boolean {
  const names = [...(item.place === undefined ? [] : [pathInFolder(options.path, item.place)]), item.url, title]
  return !matchesAny(options.exclude, names) && (options.include.length === 0 || matchesAny(options.include, names))
}

function pathInFolder(folderPath: string, place: string): string {
  return `/${relative(folderPath, place).split(sep).join('/')}`
}
