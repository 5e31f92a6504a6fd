/** `/articles/*`: the page of an article whose publisher names no site of their own for it. */
import { canonicalUrl } from '../articles/identity.ts'
import { articleOnceAt } from '../find-article.ts'
import { articleByUrl, newestArticles } from '../store/articles.ts'
import { currentId } from '../store/renames.ts'
import { withoutCopies } from '../stories.ts'
import { cardOf } from './cards.ts'
import { localizeHtml } from './local.ts'
import { type Needs, type Page } from './needs.ts'
import { type View } from './view.ts'

export function showArticle(needs: Needs, view: View): Page {
  const { db, site, addresses } = needs
  return async (c) => {
    // The path as it was sent: the router's own is decoded, and articles are found by their exact address.
    const path = new URL(c.req.url).pathname.slice(1)
    const find = (below: string) => articleByUrl(db, canonicalUrl(addresses.server + below))
    const article = await find(path)
    if (article === undefined) {
      const [articles, sourceId = '', ...rest] = path.split('/')
      const renamed = [articles, await currentId(db, 'source', sourceId), ...rest].join('/')
      const other =
        (await find(renamed)) ??
        (await find(renamed.replace(/\/$/, ''))) ??
        // Under a name that it had: its file was renamed, its title changed.
        (await articleOnceAt(db, addresses.server + path))
      return other === undefined || other.url === canonicalUrl(addresses.server + path)
        ? c.notFound()
        : c.redirect(view.place(c).href(other.url), 301)
    }
    const place = view.place(c)
    const [lead] = article.images
    const card = cardOf(article, site, place)
    const html: string = article.html
    const latest = await withoutCopies(db, await newestArticles(db, { limit: 10 }))
    const more = latest.filter(({ id }) => id !== article.id).slice(0, 3)
    const data = {
      article: card,
      html: localizeHtml(html, place, 'fragment'),
      // A picture that the text itself shows is not shown above it as well.
      picture: lead !== undefined && !html.includes(escaped(lead.url)) ? card.picture : undefined,
      more: more.map((other) => cardOf(other, site, place)),
    }
    return view.page(c, 'article', data, {
      title: article.title,
      description: article.excerpt,
      canonical: article.url,
      picture: lead?.url,
    })
  }
}

/** An address as it stands in an attribute. */
function escaped(url: string): string {
  return url.replaceAll('&', '&amp;')
}
