/** `/`: the paper's page: what it is, its latest articles, its feeds, its newsletters. */
import { feedAddress, listFile } from '../addresses.ts'
import { newestArticles, pinnedArticles } from '../store/articles.ts'
import { withoutCopies } from '../stories.ts'
import { cardOf } from './cards.ts'
import { type Needs, type Page } from './needs.ts'
import { formHeaders, signUpForm } from './subscribe.ts'
import { type View } from './view.ts'

/** A lead, three beside it, and four rows of three. */
const shown = 16

export function showHome(needs: Needs, view: View): Page {
  const { db, site, addresses, feeds } = needs
  return async (c) => {
    const place = view.place(c)
    const pinned = await withoutCopies(db, await pinnedArticles(db))
    const newest = await withoutCopies(db, await newestArticles(db, { limit: 2 * shown }))
    const articles = [...pinned, ...newest.filter(({ pinnedAt }) => pinnedAt === undefined)]
      .slice(0, shown)
      .map((article) => cardOf(article, site, place))
    // What the editor pinned leads, or the newest with a picture: a front page without one looks like a list.
    const candidates = pinned.length > 0 ? articles.slice(0, 1) : articles.slice(0, 4)
    const lead = candidates.find(({ picture }) => picture !== undefined) ?? articles[0]
    const others = articles.filter((article) => article !== lead)
    const data = {
      lead,
      beside: others.slice(0, 3),
      rest: others.slice(3),
      feeds: feeds.map((feed) => ({
        id: feed.id,
        title: feed.title,
        description: feed.description,
        page: place.href(feedAddress(addresses, feed.id)),
        files: (['rss.xml', 'atom.xml', 'feed.json'] as const).map((file) => ({
          name: { 'rss.xml': 'RSS', 'atom.xml': 'Atom', 'feed.json': 'JSON Feed' }[file],
          url: place.href(feedAddress(addresses, feed.id, file)),
          shown: place.shown(feedAddress(addresses, feed.id, file)),
        })),
      })),
      list: `${view.home(c)}${listFile}`,
      form: await signUpForm(needs, view, c, {}),
    }
    return view.page(c, 'home', data, {
      description: site.description,
      canonical: addresses.server,
      picture: lead?.picture && place.shown(lead.picture.url),
      headers: formHeaders,
    })
  }
}
