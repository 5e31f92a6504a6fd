/** Holds what a reader saw against the articles of the store. */
import assert from 'node:assert/strict'
import { load } from 'cheerio'
import { type FeedFile } from '../../src/addresses.ts'
import { type Article } from '../../src/model.ts'
import { momentOf, type Field, type Reader, type Sight, type Wanted } from './reader.ts'

/** What a feed has to say of an article, told here once more in other words. */
export function wantedOf(article: Article, file: FeedFile): Wanted {
  const { id, guid = '', title, url, authors, topics, html, enclosures, publishedAt } = article
  assert.ok(publishedAt, `${url} is dated`)
  // An id of Atom is an IRI; RSS and JSON keep what the source said.
  const isKept = guid !== '' && (file !== 'atom.xml' || /^[a-z]+:\S+$/.test(guid))
  return {
    ...{ id: isKept ? guid : `urn:uuid:${id}`, title, url, authors, topics, html },
    published: momentOf(Math.floor(publishedAt.getTime() / 1000)),
    files: enclosures.map(({ type, bytes, url: address }) => `${type} ${bytes ?? '?'} ${address}`),
  }
}

/** Whether a reader shows all of an article that it keeps of any, to the letter or within its known limits. */
export function compare({ name, keeps, limits }: Reader, file: FeedFile, sight: Sight, wanted: Wanted): void {
  for (const field of keeps) {
    const limited = limits.filter((limit) => limit.field === field && limit.files.includes(file))
    const right = [wanted, ...limited.map((limit) => ({ [field]: limit.sees(wanted) }))]
    const seen = shown(field, sight)
    if (right.some((one) => isSame(shown(field, one), seen))) continue
    assert.deepEqual(seen, shown(field, right.at(-1)!), `${name}, ${file}: ${field} of ${wanted.url}`)
  }
}

/** Of HTML what people get of it: its text and where it leads; files in any order. All else is compared to the letter. */
function shown(field: Field, sight: Sight): unknown {
  if (field === 'files') return sight.files?.toSorted()
  if (field !== 'html') return sight[field]
  const $ = load(sight.html ?? '', undefined, false)
  const addresses = $('[href], [src]').toArray().map((one) => $(one).attr('href') ?? $(one).attr('src')) // prettier-ignore
  return { text: $.root().text().replace(/\s+/g, ' ').trim(), addresses }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
