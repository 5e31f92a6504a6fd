/** Reads the page of an article for a collection, and those that it goes on on. */
import { z } from 'zod'
import { aliasKeys } from './articles/identity.ts'
import { type Part } from './articles/join.ts'
import { refuseWall } from './articles/verdict.ts'
import { asFailure, keysOf, type Reading, type Round, type Run } from './collect-one.ts'
import { type OpenedPage, type Opening, type Unread, type Web } from './collect-web.ts'
import { describe, Failure, type FailureCode, type FailureDetails } from './failures.ts'
import { type Item } from './item.ts'
import { type Article } from './model.ts'
import { readParts } from './read-parts.ts'
import { isWeb } from './sources/index.ts'
import { filedById } from './store/article-search.ts'
import { findKnown } from './store/articles.ts'
import { noteItem } from './store/items.ts'

/** What an article's page, or its pages, came to. */
export interface PageReading {
  /** Nothing where all is as it was. */
  reading?: Reading
  /** `article.partial`: some of its pages could not be read. */
  failure?: Failure
  /** The page is a later part of an article, which begins there. */
  first?: string
  remember: () => Promise<void>
}

/**
 * What is on the item's own page and, where the article goes on, on the pages after it; with `opening.isAgain`, nothing where
 * they are as they were. Throws Failure `http.…`, `article.…` and what reading throws.
 */
export async function readArticlePage(round: Round, web: Web, item: Item, opening: Opening = {}): Promise<PageReading> {
  const { source } = round
  const about = { source: source.id, url: item.url }
  let page = await web.openPage(item, opening)
  const pages: OpenedPage[] = []
  if (page.item === undefined) {
    const others = partsIn(page.kept)
    const { remember } = page
    for (const url of others) pages.push(await openPart(web, url, about, opening))
    if (pages.every((part) => part.item === undefined)) return { remember }
    // One of its pages is new: together they are read as if none were known.
    page = await web.openPage(item, { ...opening, isAgain: false })
  }
  if (page.item === undefined) return { remember: page.remember }
  const first = await readOn(round, page.item, about)
  const { draft: begun } = first
  if (begun.parts?.first !== undefined && begun.parts.first !== page.item.url)
    return { first: begun.parts.first, remember: () => Promise.resolve() }
  if (begun.html.replace(/<[^>]*>/g, '').trim() === '' && begun.image === undefined)
    throw new Failure('article.empty', { ...about, reason: 'no article was found on its page' })
  const opened: OpenedPage[] = []
  const read = async (url: string) => {
    const part = await web.openPage({ url })
    if (part.item === undefined) throw new Failure('article.empty', { url })
    opened.push(part)
    return readOn(round, part.item, { source: source.id, url })
  }
  const { draft, others, failure } = await readParts(first, read, round.parse)
  const keys = [...new Set([...keysOf(page.item, draft), ...aliasKeys(item)])]
  const partKeys = others.flatMap((url) => aliasKeys({ url }))
  const reading: Reading = { item: page.item, draft, keys, partKeys, isPage: true }
  const remember = async () => {
    // What is not whole is asked for anew.
    if (failure !== undefined) return
    for (const part of opened) await part.remember()
    await page.remember(others.length > 0 ? JSON.stringify(others) : undefined)
  }
  if (failure === undefined) return { reading, remember }
  const known = await findKnown(round.db, source.id, keys)
  // All of it as it was before is better than half of it as it is now.
  const isWorse = known !== undefined && (await filedById(round.db, known.id))?.origins?.['text']?.lacks !== 'pages'
  return { ...(!isWorse && { reading }), failure: new Failure(failure.code, { ...about, ...failure.details }, failure.cause), remember } // prettier-ignore
}

/** What is on one page. Throws Failure `article.wall` or `article.notOne`. */
async function readOn({ source, timezone, parse }: Round, item: Item, about: FailureDetails): Promise<Part> {
  const draft = await parse('readItem', item, timezone, isWeb(source) ? source.select : undefined)
  refuseWall(draft, about)
  return { url: item.url, draft }
}

/** A later page of an article, which the site may have taken away: the article itself is not gone by that. */
async function openPart(web: Web, url: string, about: FailureDetails, opening: Opening): Promise<OpenedPage> {
  try {
    return await web.openPage({ url }, opening)
  } catch (thrown) {
    if (thrown instanceof Failure && (thrown.code === 'http.stopped' || thrown.code === 'http.later')) throw thrown
    throw new Failure('article.partial', { ...about, part: url, reason: describe(thrown) }, thrown)
  }
}

function partsIn(kept: string | undefined): string[] {
  return kept === undefined ? [] : z.array(z.string()).parse(JSON.parse(kept))
}

/** What is on the page of an item of the list; when that cannot be read, what the source itself has of a new article. */
export async function readPage(round: Round, web: Web, { item, seen }: Unread, run: Run): Promise<ReadItem> {
  const { db, source, timezone, parse } = round
  const about = { source: source.id, url: item.url }
  try {
    const read = await readArticlePage(round, web, item)
    const { reading, failure, remember, first } = read.first === undefined ? read : await readFirst(read.first)
    if (first !== undefined || (reading === undefined && failure === undefined)) {
      if (seen) await noteItem(db, seen)
      return { isPart: true }
    }
    const isOwn = read.first === undefined
    if (reading === undefined && seen !== undefined && isOwn)
      await noteItem(db, seen, (await findKnown(db, source.id, aliasKeys(item)))?.id)
    if (!isOwn && seen) await noteItem(db, seen)
    return { ...(reading && { reading: { ...reading, ...(seen && isOwn && { seen }) } }), ...(failure && { failure }), remember } // prettier-ignore
  } catch (thrown) {
    const failure = asFailure(thrown, 'article.failed', about)
    const draft = await parse('readItem', item, timezone)
    const keys = keysOf(item, draft)
    const known = await findKnown(db, source.id, keys)
    // What was read of it before is better than what a feed holds of it.
    const reading = item.body === undefined || known !== undefined ? undefined : { item, draft, keys }
    if (!isLasting(failure) || seen === undefined) return { failure, known, ...(reading && { reading }) }
    if (reading === undefined) await noteItem(db, seen, known?.id)
    return { failure, known, ...(reading && { reading: { ...reading, seen } }) }
  }

  /** The article of which the item is a later page, unless it is known or stands in the list itself. */
  async function readFirst(url: string): Promise<PageReading> {
    const keys = aliasKeys({ url })
    const isThere = keys.some((key) => run.present.has(key)) || (await findKnown(db, source.id, keys)) !== undefined
    return isThere ? { first: url, remember: () => Promise.resolve() } : readArticlePage(round, web, { url })
  }
}

interface ReadItem {
  reading?: Reading
  failure?: Failure
  known?: Article | undefined
  remember?: () => Promise<void>
  /** It is a later page of an article that is known. */
  isPart?: true
}

/** What no later request will mend while the source says the same. */
const LASTING: FailureCode[] = ['http.address', 'http.private', 'http.gone', 'http.robots', 'http.tooLarge', 'article.empty', 'article.notOne', 'article.partial', 'article.failed', 'reading.tooHard'] // prettier-ignore

export function isLasting({ code }: Failure): boolean {
  return LASTING.includes(code)
}
