/** What a page says of its article beside showing it. */
import { type Metadata } from '../metadata.ts'
import { type Page } from '../metadata/page.ts'

/** What the page says of its article, to be found again in the passages. */
export interface Hints {
  title?: string | undefined
  description?: string | undefined
  authors: readonly string[]
  /** The text, where the page's own data hold it. */
  articleBody?: string | undefined
}

export function hintsOf(page: Page, { title, excerpt, authors }: Metadata): Hints {
  return { title, description: excerpt, authors, articleBody: articleBodyOf(page) }
}

/** The longest text that the page's JSON-LD calls the article's. */
export function articleBodyOf({ data }: Page): string | undefined {
  let longest: string | undefined
  for (const { articleBody } of data)
    if (typeof articleBody === 'string' && articleBody.length > (longest?.length ?? 0)) longest = articleBody
  return longest
}
