/** An article as commands show it: with all its pages. */
import { type PageParts } from '../articles/extract.ts'
import { refuseWall } from '../articles/verdict.ts'
import { type Fetch } from '../contracts.ts'
import { type Item } from '../item.ts'
import { type Parse } from '../parse.ts'
import { readParts, type WholeRead } from '../read-parts.ts'

const LARGEST_PAGE = 5_000_000

/** The page at an address, as an item. */
export type ReadPage = (url: string) => Promise<Item>

export function pagesOf(fetch: Fetch): ReadPage {
  return async (address) => {
    const page = await fetch(address, { maxBytes: LARGEST_PAGE })
    return { url: page.url, body: { form: 'page', value: page.text() } }
  }
}

/** What was read out of an item and, where its page is the first of several, out of those that follow. */
export async function readWhole(
  item: Item,
  readPage: ReadPage,
  parse: Parse,
  { zone, parts }: { zone?: string; parts?: PageParts | undefined } = {},
): Promise<WholeRead> {
  const read = async (url: string) => {
    const page = await readPage(url)
    const draft = await parse('readItem', page, zone, parts)
    refuseWall(draft, { url })
    return { url: page.url, draft }
  }
  return readParts({ url: item.url, draft: await parse('readItem', item, zone, parts) }, read, parse)
}
