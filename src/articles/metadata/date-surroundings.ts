/** What a date stands in, by the names that sites give the elements around it, and what a page says that it is itself. */
import { type AnyNode, type Element, isTag } from 'domhandler'
import { listOf } from './data.ts'
import { type Page } from './page.ts'

/** What the elements around are, by their names. */
export function surroundingsOf(element: Element): string[] {
  const found = new Set<string>()
  let node: AnyNode | null = element
  for (let depth = 0; depth < 14 && node !== null && isTag(node); depth++, node = node.parent) {
    const { class: classes = '', id = '', itemprop = '' } = node.attribs
    const names = `${classes} ${id} ${itemprop}`.slice(0, 300).toLowerCase()
    if (node.name === 'body' || node.name === 'html') break
    if (depth < 3 && /date|publi|posted|time(?!line)|fecha|datum|pubtime|data-?publ/.test(names)) found.add('in date')
    if (depth < 4 && /byline|author|meta\b|meta-|_meta|-meta|postinfo|post-info|entry-header|article-info|details/.test(names)) found.add('in byline') // prettier-ignore
    if (/comment|respond|disqus|reply|replies|reviews?-list/.test(names) && !/comments-open|no-comments/.test(names)) found.add('in comment') // prettier-ignore
    if (/relat|recent|latest|popular|sidebar|widget|teaser|recomm|trending|more-|also|recirc|archive|prev|next-|\bcard|carousel|slider|promo/.test(names) || node.name === 'aside') found.add('in others') // prettier-ignore
    if (node.name === 'footer' || /footer|copyright|colophon/.test(names)) found.add('in footer')
    if (node.name === 'nav' || /\bnav|menu|breadcrumb/.test(names)) found.add('in nav')
    if (/event|calendar|agenda|schedule/.test(names)) found.add('in event')
    if (node.name === 'header' || /header|heading|headline|title|masthead/.test(names)) found.add('in header')
    if (node.name === 'article' || /article|\bpost\b|single|entry|story|hentry/.test(names)) found.add('in article')
    if (node.name === 'li') found.add('in list')
    if (node.name === 'table' || node.name === 'td') found.add('in table')
  }
  return [...found]
}

/**
 * Whether the page says that it is an article, which has a day, or a page of the site that stands there for ever: by its
 * JSON-LD, by `og:type`, and by the classes that WordPress gives the bodies of its posts and of its pages.
 */
export function kindOf(page: Page): 'a page of the site' | 'an article' | 'perhaps an article' | 'unsaid' {
  const classes = page.tagged('body')[0]?.element.attribs['class']?.slice(0, 500) ?? ''
  const isPost = /(?:^|\s)(?:single-|post-template|postid-)/.test(classes)
  if (!isPost && /(?:^|\s)(?:page-id-\d|page-template)/.test(classes)) return 'a page of the site'
  const type = String(listOf(page.article['@type'])[0])
  if (isPost || /Article|Posting|Recipe|Review/.test(type)) return 'an article'
  return page.meta('og:type')[0]?.toLowerCase() === 'article' ? 'perhaps an article' : 'unsaid'
}
