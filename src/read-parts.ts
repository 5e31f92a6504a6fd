/** An article that its site shows on several pages, read whole. */
import { type Part } from './articles/join.ts'
import { describe, Failure } from './failures.ts'
import { type Draft } from './item.ts'
import { type Parse } from './parse.ts'

/** So many pages, and no article has more: what goes on for longer is cut, and says so. */
const MOST_PARTS = 10

export interface WholeRead {
  draft: Draft
  /** The other pages that it was put together from. */
  others: string[]
  /** `article.partial`, where not all of them could be read. */
  failure?: Failure
}

/**
 * The article that begins on the page `first`, with all its parts. `read` opens a page of the site and throws what keeps it
 * from being read: that costs the rest of the article, and no more. Failures `http.stopped` and `http.later` go through:
 * they say nothing of the page.
 */
export async function readParts(first: Part, read: (url: string) => Promise<Part>, parse: Parse): Promise<WholeRead> {
  const { parts, verdict } = first.draft
  // The pages of a list or a forum are no parts of an article.
  if (parts?.next === undefined || parts.isLater || verdict?.isArticle === false)
    return { draft: first.draft, others: [] }
  if (parts.whole !== undefined) {
    const whole = await tryToRead(parts.whole, first, read)
    const draft = whole instanceof Failure ? undefined : await parse('takeWhole', first, whole)
    if (draft !== undefined && !(whole instanceof Failure))
      return { draft: withPlace(draft, 'one page with all of it'), others: [whole.url] }
  }
  let draft = first.draft
  const others: string[] = []
  const seen = new Set([first.url])
  let failure: Failure | undefined
  for (let next: string | undefined = parts.next; next !== undefined && !seen.has(next);) {
    if (others.length === MOST_PARTS - 1) {
      failure = new Failure('article.partial', { url: first.url, reason: `it has more than ${MOST_PARTS} pages` })
      break
    }
    seen.add(next)
    const part = await tryToRead(next, first, read)
    if (part instanceof Failure) {
      failure = part
      break
    }
    // After the last page some sites lead to the first again, or to the front page.
    if (others.includes(part.url) || part.url === first.url) break
    const joined: Draft | undefined = await parse('joinParts', { url: first.url, draft }, part)
    if (joined === undefined) break
    seen.add(part.url)
    others.push(part.url)
    draft = joined
    next = part.draft.parts?.next
  }
  const told = others.length === 0 ? draft : withPlace(draft, `${others.length + 1} pages`)
  return { draft: failure === undefined ? told : { ...told, lacks: 'pages' }, others, ...(failure && { failure }) }
}

async function tryToRead(url: string, first: Part, read: (url: string) => Promise<Part>): Promise<Part | Failure> {
  try {
    const host = URL.parse(first.url)?.host
    if (URL.parse(url)?.host !== host) throw new Error('it is on another site')
    const part = await read(url)
    if (URL.parse(part.url)?.host !== host) throw new Error('it leads to another site')
    return part
  } catch (thrown) {
    if (thrown instanceof Failure && (thrown.code === 'http.stopped' || thrown.code === 'http.later')) throw thrown
    return new Failure('article.partial', { url: first.url, part: url, reason: describe(thrown) }, thrown)
  }
}

function withPlace(draft: Draft, place: string): Draft {
  return { ...draft, origins: { ...draft.origins, text: { place } } }
}
