/** Nouns for tests of the store: whole ones, of which a test changes what it is about. */
import { type Article, type Edition, type SafeHtml, type Slice } from '../../src/model.ts'
import { type Database } from '../../src/store/database.ts'
import { addEdition } from '../../src/store/editions.ts'
import { subscribe } from '../../src/store/subscribers.ts'

/** So many minutes past noon on the first of March 2026. */
export const at = (minutes: number): Date => new Date(Date.UTC(2026, 2, 1, 12, minutes))

export function article(changes: Partial<Article> = {}): Article {
  const id = changes.id ?? 'a1'
  return {
    id,
    sourceId: 'main',
    url: `https://gazette.example/news/${id}`,
    title: `The story of ${id}`,
    authors: ['Ada Moor'],
    html: `<p>What happened to ${id}.</p>` as SafeHtml,
    text: `What happened to ${id}.`,
    excerpt: `What happened to ${id}.`,
    topics: ['news'],
    images: [],
    enclosures: [],
    hash: `hash-${id}`,
    firstSeenAt: at(0),
    ...changes,
  }
}

export const keysOf = ({ url, guid }: Article): string[] => [
  `url:${url}`,
  ...(guid === undefined ? [] : [`guid:${guid}`]),
]

export const pathOf = ({ url }: Article): string => new URL(url).pathname

export function slice(changes: Partial<Slice> = {}): Slice {
  return {
    id: 's1',
    after: at(-60),
    upTo: at(0),
    articleIds: ['a1'],
    subject: 'The story of a1',
    html: '<!doctype html><p>a1</p>',
    text: 'a1',
    ...changes,
  }
}

export function edition(changes: Partial<Edition> = {}): Edition {
  return {
    id: 'e1',
    newsletterId: 'daily',
    number: 1,
    state: 'ready',
    composedAt: at(0),
    from: 'The Harbour Gazette <daily@news.gazette.example>',
    slices: [slice()],
    articleIds: ['a1'],
    ...changes,
  }
}

/** So many active readers of `daily`, by their ids. */
export async function addReaders(
  db: Database,
  count: number,
  watermark = at(-60),
  newsletterId = 'daily',
): Promise<string[]> {
  const ids: string[] = []
  for (let number = 0; number < count; number += 1) {
    const email = `reader${String(number)}@reader.example`
    const { subscriber } = await subscribe(db, {
      email,
      key: email,
      newsletterId,
      watermark,
      now: at(-60),
      path: 'cli',
      evidence: 'asked in the shop',
    })
    ids.push(subscriber.id)
  }
  return ids
}

/** An edition of `daily` that may go out, and readers of it. */
export async function addEditionWithReaders(db: Database, count: number): Promise<string[]> {
  await addEdition(db, edition())
  return addReaders(db, count)
}
