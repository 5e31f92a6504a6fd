/** What classes and ids call the parts of a page, and what program made it. */
import { type Page } from '../metadata/page.ts'
import { logOf, type Signs, yes } from './signs.ts'

/** Programs that only make pages of one kind, by the name they leave in the page. */
const MAKERS: Record<string, RegExp> = {
  madeAsManual: /\b(?:sphinx|docusaurus|mdbook|rustdoc|vitepress|vuepress|gitbook|mkdocs|readthedocs|rst-content|theme-doc|doxygen|javadoc|antora|docsify|nextra|starlight|mediawiki|docbook|devsite|hugo-book)\b/,
  madeAsForum: /\b(?:phpbb\w*|xenforo|discourse|vbulletin|invision\w*|ipsapp|ipslayout\w*|flarum|mybb|smf|bbpress|bb_\w*|nodebb|xf-?init|forum-?\w*|viewtopic|showthread|p-body-main|template-thread_view)\b/,
  madeAsShop: /\b(?:woocommerce-page|single-product|shopify\w*|template-(?:product|collection)\w*|magento|prestashop|opencart|bigcommerce|catalog-(?:product|category)\w*|product-page|page-products|type-product|tax-product_cat|productgrid\w*)\b/,
  madeAsPost: /\b(?:single-post|postid-\d+|single-format-\w+|post-template\w*|type-post|page-type-article|article-page|node--?type-(?:article|blog|news|story)|blog-?post|news-?detail|single)\b/,
  madeAsList: /\b(?:archive|category(?:-[\w-]+)?|blog|home|front-page|post-type-archive\w*|tag-archive|search-results|listing|tax-\w+|page-template-archive)\b/,
  madeAsPage: /\b(?:page-id-\d+|page-template\w*|page-child|page-parent)\b/,
} // prettier-ignore

/** What the parts of such pages are called. */
const PART_NAMES = {
  forum: 'post-?body|post_body|message-?(?:body|content|text|userContent)|messagetext|cpost|topic-?(?:post|body)|bbp-reply\\w*|forum-?post|forumpost|post-?row|post_message\\w*|posttext|post-text|thread-?message|replies|reply-?(?:body|content)|postprofile|post-author-info|poster|userinfo|author-?postcount|signature|message-user\\w*',
  price: 'price|prices|pricing|add-?to-?(?:cart|bag|basket)|addtocart|sku|product-?(?:card|item|tile|grid|price|title|form|gallery|image)|quantity|qty|swatch\\w*|variants?',
  comment: 'comments?(?:-area|list|-list|-form)?|respond|disqus_thread|commentform',
  byline: 'byline|author|autor|posted-on|entry-date|post-date|published|article-meta|post-meta|entry-meta|dateline',
  call: 'btn|button|cta|hero|testimonials?|faq|pricing|wp-block-button__link|elementor-button',
  sales: 'hero|testimonials?|pricing|features?|services?|clients?|logos?-?(?:grid|strip|wall|carousel)|benefits|our-\\w+|why-\\w+|stats?|review-\\w+|reviews|rating|stars?',
  manual: 'toc|toctree\\w*|headerlink|highlight(?:-\\w+)?|codehilite|doc-?content|docs?-\\w+|menu__link|on-this-page|edit-?this-?page|breadcrumbs?|hash-link|anchor',
  article: 'article-?(?:body|content|text)|entry-content|post-?content|story-?body|postbody|single-post|post-body|hentry|td-post-content',
} // prettier-ignore

const called = (names: string) => new RegExp(`(?:^|[\\s_-])(?:${names})(?:$|[\\s_-])`)
const PARTS = Object.entries(PART_NAMES).map(([part, names]) => ({ part, pattern: called(names) }))

/** Whether a name is that of any of these: most are not, and one look is faster than eight. */
const ANY_PART = called(Object.values(PART_NAMES).join('|'))

const MOST_NAMES = 500

/** What classes and ids call the parts of the page. */
export function partSigns(page: Page): Signs {
  const generator = page.meta('generator').join(' ').toLowerCase()
  const roots = [...page.tagged('html'), ...page.tagged('body')].map(
    ({ element: { attribs } }) => `${attribs['class'] ?? ''} ${attribs['id'] ?? ''}`,
  )
  const outside = `${generator} ${roots.join(' ').toLowerCase()}`.slice(0, 4000)
  const counts = new Map<string, number>()
  // Most elements of a page are called the same as others.
  const known = new Map<string, string[]>()
  for (const { names } of page.marked) {
    if (names.length < 3) continue
    let found = known.get(names)
    if (found === undefined) {
      if (known.size >= MOST_NAMES) continue
      found = ANY_PART.test(names) ? PARTS.flatMap(({ part, pattern }) => (pattern.test(names) ? [part] : [])) : []
      known.set(names, found)
    }
    for (const part of found) counts.set(part, (counts.get(part) ?? 0) + 1)
  }
  const count = (part: keyof typeof PART_NAMES) => counts.get(part) ?? 0
  const signs: Signs = {}
  for (const [name, pattern] of Object.entries(MAKERS)) signs[name] = yes(pattern.test(outside))
  return {
    ...signs,
    forumParts: logOf(count('forum')),
    priceParts: logOf(count('price')),
    commentParts: yes(count('comment') > 0),
    bylineParts: yes(count('byline') > 0),
    manyBylines: logOf(count('byline')),
    salesParts: logOf(count('sales')),
    callParts: logOf(count('call')),
    manualParts: logOf(count('manual')),
    articleParts: yes(count('article') > 0),
    oneArticlePart: yes(count('article') > 0 && count('article') < 4),
  }
}
