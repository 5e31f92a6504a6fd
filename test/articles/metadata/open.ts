/** Pages of invented papers, opened as extraction opens them. */
import { parseHtml } from '../../../src/articles/markup.ts'
import { openPage, type Page } from '../../../src/articles/metadata/page.ts'

export const URL_OF_PAGE = 'https://gazette.example/news/wall'

/** A page with a headline, a text, and what is given. */
export function open(body: string, head = '', url = URL_OF_PAGE): Page {
  const html = `<html><head>${head}</head><body>${body}</body></html>`
  return openPage(parseHtml(html, { keepData: true }), url)
}

export const TEXT = `<p>${'The harbour wall will be a metre higher by the end of next year, the council decided after two winters of floods. '.repeat(3)}</p>`
