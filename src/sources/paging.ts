/** Reads a list page by page, no further than it pays. */
import { Failure } from '../failures.ts'
import { type Item } from '../item.ts'
import type { FindContext } from './index.ts'

/** One page of a list, and where it goes on. */
export interface ListPage {
  items: Item[]
  next?: string | undefined
}

export interface Paging {
  start: string
  /** So many pages at most. */
  pages: number
  /** Reads one of them; nothing when it is the same as last time, which is asked of the first. Throws a Failure. */
  read: (url: string, isFirst: boolean) => Promise<ListPage | undefined>
}

const MOST_ITEMS = 5000

/**
 * The items of the first page and, until what follows was met before, of those after it; each once. No address is
 * read twice, and what brings nothing new is the end. A later page that cannot be read is told to `fault`.
 */
export async function readPages(
  { start, pages, read }: Paging,
  { areKnown, fault }: Pick<FindContext, 'areKnown' | 'fault'>,
): Promise<Item[]> {
  const found = new Map<string, Item>()
  const asked = new Set<string>()
  let next: string | undefined = start
  for (let at = 1; next !== undefined && at <= pages && !asked.has(next); at++) {
    asked.add(next)
    const page: ListPage | undefined = await (at === 1
      ? read(next, true)
      : read(next, false).catch((thrown: unknown) => endOf(thrown, fault)))
    if (page === undefined) break
    const fresh = page.items.filter((item) => !found.has(item.guid ?? item.url))
    for (const item of fresh) found.set(item.guid ?? item.url, item)
    if (fresh.length === 0 || found.size >= MOST_ITEMS || at === pages) break
    if (isKnownGround((await areKnown?.(fresh)) ?? [])) break
    next = page.next
  }
  return [...found.values()].slice(0, MOST_ITEMS)
}

/** The newest come first: where the last was met before, so was what follows. One that is pinned to the head says nothing. */
function isKnownGround(known: boolean[]): boolean {
  return known.at(-1) === true || known.filter(Boolean).length * 2 > known.length
}

/** After the last page, some sites answer with an empty one or with none; that is no failure. */
function endOf(thrown: unknown, fault: FindContext['fault']): undefined {
  if (!(thrown instanceof Failure) || thrown.code === 'http.stopped') throw thrown
  if (thrown.code !== 'source.empty' && thrown.code !== 'http.missing') fault(thrown)
}
