/** How much of what is no article a page has: the same signs in the sums that a person would make, which few examples cannot teach. */
import { type Signs, yes } from './signs.ts'

export type Kind = 'forum' | 'shop' | 'manual' | 'service' | 'list'

/** By kind, how many signs there are that an article does not explain; 0 and up. */
export type Kinds = Record<Kind, number>

const over = (value: number, least: number) => Math.max(0, value - least)

/** Signs of every kind, and `article`: how many there are that it is one. */
export function weighKinds(signs: Signs): { kinds: Kinds; article: number; thin: number } {
  const of = (name: string) => signs[name] ?? 0
  const is = (name: string, least: number) => yes(of(name) >= least)
  // The page that leads to all of them carries the names and dates of those it shows.
  const isSection = of('isRoot') === 1 || of('isSection') === 1
  const article =
    of('ogArticle') * (of('onlyModified') === 1 ? 0.2 : 1.2) +
    (isSection ? 0 : of('saysArticle') * 1.3 + of('body.hasAuthor') + yes(of('statesDate') === 1 || (of('body.hasDate') === 1 && of('onlyModified') === 0))) +
    of('addressHasDate') + of('isLongSlug') + of('isArticle') + of('madeAsPost') * 0.7 + of('oneArticlePart') * 0.5 + of('bylineParts') * 0.5 + of('isBlogHost') * 0.5 // prettier-ignore
  const forum = of('saysForum') * 0.5 + of('madeAsForum') * 1.5 + of('isForumHost') + of('isForum') + of('isForumLast') + is('forumWords', 1) + is('forumParts', 1.7) + is('forumParts', 2.9) // prettier-ignore
  const shop = of('saysProduct') * 1.5 + of('ogProduct') * 1.2 + of('madeAsShop') * 2 + of('isShopHost') + of('isShop') + is('cartWords', 1) + is('cartWords', 2) + is('priceParts', 2) + is('priceParts', 3.5) + is('priceDensity', 2.5) + is('priceDensity', 3.5) // prettier-ignore
  const manual = of('madeAsManual') * 1.5 + of('saysManual') + of('isManualHost') * 1.3 + of('isManual') * 1.3 + of('isGuide') * 0.5 + is('manualWords', 1.8) + is('manualWords', 2.8) + is('manualParts', 2.5) + is('body.codeShare', 0.1) + is('codes', 2) // prettier-ignore
  const service = of('isRoot') + of('onlyModified') + of('isService') + of('isServiceLast') + of('saysService') + of('telephones') + is('ownWordsDensity', 3.1) * 0.7 + is('tradeWordsDensity', 2.8) * 0.8 + is('tradeWordsDensity', 3.6) * 0.7 + is('salesParts', 1.6) * 0.5 + is('starWordsDensity', 1) * 0.5 + is('callWords', 1.4) + is('callWords', 2.4) + is('callWordsDensity', 2) + is('body.headingDensity', 1.4) + is('body.headingDensity', 1.9) + is('buttons', 3) // prettier-ignore
  const list = yes(isSection) * 2 + of('isList') + of('isListLast') + is('cards', 2.4) + is('cards', 3) + is('headlinesToParagraphs', 0.3) + is('headlinesToParagraphs', 1.3) + is('headlinesToParagraphs', 2.3) + is('jobWords', 1.8) + is('articles', 4) + is('body.linkShare', 0.3) + yes(of('body.paragraphs') < 0.5) // prettier-ignore
  const thin = article > 1 ? 0 : yes(of('body.letters') < 7) + yes(of('body.paragraphs') < 2) + yes(of('body.shareOfPage') < 0.3) + yes(of('body.shareOfProse') < 0.6) // prettier-ignore
  const unexplained = (value: number) => over(value, article * 0.5)
  const kinds = {
    forum,
    shop: unexplained(shop),
    manual: unexplained(manual),
    service: unexplained(service),
    list: unexplained(list),
  }
  return { kinds, article, thin }
}

/** The sums as signs for the model, which may bend each once. */
export function kindSigns(signs: Signs): Signs {
  const { kinds, article, thin } = weighKinds(signs)
  const [most = 0, second = 0] = [over(kinds.forum, 1), kinds.shop, kinds.manual, kinds.service, kinds.list].toSorted(
    (a, b) => b - a,
  )
  return {
    'kind.forum': kinds.forum,
    'kind.forumMuch': over(kinds.forum, 2),
    'kind.forumIs': yes(kinds.forum >= 2.5),
    'kind.shop': kinds.shop,
    'kind.shopMuch': over(kinds.shop, 1.5),
    'kind.manual': kinds.manual,
    'kind.manualMuch': over(kinds.manual, 1.5),
    'kind.service': kinds.service,
    'kind.serviceMuch': over(kinds.service, 2),
    'kind.list': kinds.list,
    'kind.listMuch': over(kinds.list, 2),
    'kind.article': article,
    'kind.articleNone': over(2, article),
    'kind.thin': thin,
    'kind.thinMuch': over(thin, 1),
    'kind.two': most + second / 2,
  }
}
