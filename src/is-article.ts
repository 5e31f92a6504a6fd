/** Whether there is an article on a page that a source looks at before it believes a list. */
import { type Parse } from './parse.ts'

/** By the verdict of what reads it, or else by how much text was found. */
export async function isArticle(parse: Parse, html: string, url: string): Promise<boolean> {
  const draft = await parse('readItem', { url, body: { form: 'page', value: html } })
  return draft.verdict?.isArticle ?? lettersIn(draft.html) >= SHORTEST
}

/** Fewer letters are no article of their own. */
const SHORTEST = 140

function lettersIn(html: string): number {
  return html.replace(/<[^>]*>/g, '').match(/[\p{L}\p{N}]/gu)?.length ?? 0
}
