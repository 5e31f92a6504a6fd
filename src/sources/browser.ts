/** A page that lists articles, but only once its scripts have run. */
import { z } from 'zod'
import { type Fetch } from '../contracts.ts'
import { type Item } from '../item.ts'
import * as auto from './auto.ts'
import type { FindContext } from './index.ts'
import { fullTextOfList, id, pages, selector, webAddress, webBase } from './options.ts'
import * as page from './page.ts'

export const options = z.strictObject({
  id,
  kind: z.literal('browser').describe('A page that needs its scripts, shown in Chromium first'),
  url: webAddress.describe('Address of the page'),
  waitFor: selector
    .optional()
    .describe('What must stand on the list page before it is read; without it, the page falls silent first'),
  articles: z
    .enum(['browser', 'fetch'])
    .default('browser')
    .describe("How each article's own page is read: `fetch` is ten times as fast, where those need no scripts"),
  select: auto.options.shape.select.describe('As for `page`; without `item`, the list is found as by `auto`'),
  pages,
  fullText: fullTextOfList,
  ...webBase,
})

/** What `docs/sources.md` says of it beyond the options; Markdown. */
export const guide = `
The last resort, for pages that are empty without their scripts. Look for an API first (\`json\`): \`broadsheet inspect\` and the
network view of a browser show it, and it is a hundred times cheaper.

\`\`\`yaml
- { id: harbour, kind: browser, url: https://harbour.example/news, waitFor: article.card, select: { item: article.card, title: h2 } }
\`\`\`

- **Needs** Chromium (\`apt install chromium\`; its path is \`fetch.browser\` where it is elsewhere) and the package
  \`playwright-core\`, which npm installs with Broadsheet unless told to leave out optional packages. \`broadsheet doctor\` looks.
- **The same guard.** Chromium itself reaches no network. Every script and every answer that a page asks for is read by
  Broadsheet's own fetcher: robots.txt, one request at a time to a site, its pauses and limits, no private networks. Only GET;
  pictures, fonts, films, style sheets, frames, workers, sockets, downloads and pop-ups are left out.
- **Limits** of a page: a minute, 150 requests, 25 MB, 256 MB of script memory, 5 MB of HTML. Scripts that pages share are read once.
- **The list** is read as by \`page\` when \`select.item\` says where it is, and else as by \`auto\`. On an article's page, what
  \`select.content\` names is waited for.
- **Slow.** A page of thirty scripts from one site takes half a minute, because the pauses between requests are kept.
`

export type BrowserOptions = z.output<typeof options>

/** The articles of the page as its scripts make it. Throws Failure `http.…`, `browser.…` or `source.empty`. */
export async function find(given: BrowserOptions, context: FindContext): Promise<Item[]> {
  const { waitFor, select } = given
  const render: Fetch = (address, request) =>
    // The page without its scripts is the same from day to day, whatever they put in it.
    context.fetch(address, { ...request, conditional: false, render: waitFor === undefined ? {} : { waitFor } })
  const { item } = select
  if (item !== undefined)
    return await page.find({ ...given, kind: 'page', select: { ...select, item } }, { ...context, fetch: render })
  return await auto.find({ ...given, kind: 'auto' }, context, render)
}
