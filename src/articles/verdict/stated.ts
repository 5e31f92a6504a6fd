/** What a page states of its kind: in JSON-LD, microdata, Open Graph. */
import { listOf } from '../metadata/data.ts'
import { type Page } from '../metadata/page.ts'
import { type Signs, yes } from './signs.ts'

const TYPES: Record<string, RegExp> = {
  saysArticle: /^(?:News|Blog|Scholarly|Advertiser\w*|Satirical|Opinion|Analysis|Reportage|Background|AskPublic)?(?:Article|Posting|NewsArticle|Content)$|^(?:BlogPosting|Recipe|HowTo|Report|Review|LiveBlogPosting|ReviewNewsArticle|OpinionNewsArticle)$/,
  saysProduct: /^(?:Product|ProductGroup|IndividualProduct|Offer|AggregateOffer|VideoGame)$/,
  saysList: /^(?:ItemList|CollectionPage|SearchResultsPage|OfferCatalog|Blog|Event|MusicEvent|JobPosting)$/,
  saysForum: /^(?:DiscussionForumPosting|QAPage)$/,
  saysManual: /^(?:TechArticle|APIReference|SoftwareSourceCode)$/,
  saysService: /^(?:Service|LocalBusiness|ProfessionalService|HomeAndConstructionBusiness|HVACBusiness|Electrician|Plumber|SoftwareApplication|WebApplication|MobileApplication|MedicalBusiness|InsuranceAgency|Store)$/,
  saysQuestions: /^FAQPage$/,
} // prettier-ignore

/** What the page states of itself: JSON-LD, microdata, Open Graph. */
export function statedSigns(page: Page): Signs {
  const inData = page.data.flatMap((node) => listOf(node['@type']))
  const inMarkup = ['body', 'html', 'article', 'div', 'main', 'section'].flatMap((tag) =>
    page
      .tagged(tag)
      .slice(0, 3000)
      .flatMap(({ element }) => element.attribs['itemtype'] ?? []),
  )
  const types = [...inData, ...inMarkup].flatMap((type) =>
    typeof type === 'string' ? (type.split(/[/#:]/).at(-1) ?? '') : [],
  )
  const signs: Signs = {}
  for (const [name, pattern] of Object.entries(TYPES)) signs[name] = yes(types.some((type) => pattern.test(type)))
  const og = (page.meta('og:type')[0] ?? '').toLowerCase()
  const isDated =
    page.meta('article:published_time', 'datepublished', 'parsely-pub-date').length > 0 ||
    page.data.some(
      (node) =>
        node['datePublished'] !== undefined && !/^(?:WebPage|WebSite|CollectionPage)$/.test(String(node['@type'])),
    )
  return {
    ...signs,
    ogArticle: yes(og.endsWith('article') || og === 'blog' || og === 'post'),
    ogProduct: yes(og.includes('product') || page.meta('product:price:amount', 'og:price:amount').length > 0),
    ogOther: yes(og !== '' && !og.endsWith('article') && !og.includes('product')),
    statesDate: yes(isDated),
    // What only ever changes was never published: so WordPress tells its pages from its posts.
    onlyModified: yes(!isDated && page.meta('article:modified_time', 'og:updated_time').length > 0),
    statesAuthor: yes(page.meta('author', 'article:author', 'parsely-author', 'dc.creator').length > 0 || page.data.some((node) => node['author'] !== undefined)), // prettier-ignore
  }
}
