/**
 * Finds the article in a whole page: what the page says of it (`metadata.ts`), and the part of the page that it is.
 *
 * The document is read with parse5 (`markup.ts`): its scores depend on a tree like the browser's. First, simple rules;
 * each is about what any page looks like, none about one site.
 */
import { type Cheerio, type CheerioAPI } from 'cheerio'
import { type AnyNode, type Element, isTag, isText } from 'domhandler'
import { type Draft } from '../model.ts'
import { evenText } from './characters.ts'
import { readCredit } from './credit.ts'
import { linkShare, measureAll, type Measuring } from './measure.ts'
import { parseHtml } from './markup.ts'
import { findMetadata, type SeenInList, valuesOf } from './metadata.ts'
import { openPage } from './metadata/page.ts'
import { originsOf } from './origins.ts'

/** What a person said of the pages of one site, as CSS selectors. */
export interface PageParts {
  /** What holds the text. */
  content?: string | undefined
  /** What is no part of it. */
  remove?: string[] | undefined
}

/**
 * The article on the page at `url`. Its HTML is a part of the page as it was: untrusted, with relative addresses. Where
 * nothing on the page matches `parts.content`, the article is found as on any page. What the feed or list that led here
 * said of it, `seen`, is counted with what the page says.
 */
export function extract(html: string, url: string, { content, remove = [] }: PageParts = {}, seen?: SeenInList): Draft {
  const $ = parseHtml(html, { keepData: true })
  const findings = findMetadata(openPage($, url), seen)
  const metadata = { ...valuesOf(findings), origins: originsOf(findings) }
  const base = $('base[href]').first().attr('href')
  for (const selector of remove) $(selector).remove()
  const named = content === undefined ? undefined : wrapNamed($, content)
  if (named === undefined) dropFurniture($)
  const article = named ?? findArticle($)
  if (article === undefined) return { ...metadata, html: '' }
  if (named === undefined) tidy($, article, metadata)
  else dropHead($, article, metadata.title, measureAll(article))
  const image = metadata.image && { ...leadWords($, article), ...metadata.image }
  const inner = article.children.map((node) => $.html(node)).join('')
  // The part of the page keeps what its relative addresses begin with.
  const start = base === undefined ? '' : $.html($('<base>').attr('href', base))
  return { ...metadata, ...(image ? { image } : {}), html: start + inner }
}

/** Everything that the selector matches, in one element; what lies in another match is there with it. */
function wrapNamed($: CheerioAPI, selector: string): Element | undefined {
  const found = new Set<AnyNode>([...$(selector)].filter(isTag))
  const outermost = [...found].filter((element) => {
    let { parent } = element
    while (parent && !found.has(parent)) ({ parent } = parent)
    return !parent
  })
  if (outermost.length === 0) return undefined
  const whole = $('<div></div>')
  whole.append(outermost)
  $('body').append(whole)
  const [element] = whole
  return element && isTag(element) ? element : undefined
}

/** Never part of an article, whatever it says. */
const FURNITURE =
  'script, style, template, iframe, object, embed, svg, nav, menu, dialog, button, select, textarea, input, [hidden], ' +
  '[role="navigation"], [role="search"], [role="dialog"], [role="alertdialog"], [role="contentinfo"], [role="complementary"], ' +
  '[role="menu"], [role="menubar"], [role="toolbar"], [role="tablist"]'

/** Names that builders of pages give to what stands around an article, in whole words of `class` and `id`. */
const AROUND = new RegExp(
  `(?:^|[\\s_-])(?:${[
    'share|sharing|shares|sharedaddy|social|addtoany|addthis|follow-us|related|relatedposts?|recommended|recommendations|recirc|read-?more|more-(?:stories|news|from)',
    'comments?|commentlist|respond|disqus|discussion|newsletter|subscribe|subscription|signup|sign-up|paywall|promo|promotion|advert|adverts|advertisement|ads?|sponsored|outbrain|taboola',
    'nav|navigation|navbar|menu|breadcrumbs?|pagination|pager|sidebar|side-bar|footer|masthead|site-header|cookies?|consent|gdpr|popup|modal|overlay|banner|skip-link',
    'tags?|tag-list|taglist|post-tags|author-(?:bio|box|info|card)|authorbox|about-(?:the-)?author|print-only|screen-reader-text|sr-only|visually-hidden|toc|table-of-contents|widget|toolbar|jp-relatedposts',
  ].join('|')})(?:$|[\\s_-])`,
  'i',
)

function dropFurniture($: CheerioAPI): void {
  $(FURNITURE).remove()
  const measure = measureAll($.root()[0] ?? fail())
  const total = measure($('body')[0]).text
  for (const element of $('body *')) {
    const names = `${element.attribs['class'] ?? ''} ${element.attribs['id'] ?? ''}`
    const isAround = AROUND.test(names) || ['aside', 'footer'].includes(element.name)
    // A theme may name its largest part `has-sidebar` or `comments-open`: what holds the text is no furniture.
    if (isAround && !['article', 'main'].includes(element.name) && measure(element).text < total * 0.4)
      $(element).remove()
  }
}

/** Where the article is: rules best first, each only when it finds enough text. */
function findArticle($: CheerioAPI): Element | undefined {
  const measure = measureAll($.root()[0] ?? fail())
  const largest = (selector: string) =>
    [...($(selector) as Cheerio<Element>)].toSorted((a, b) => measure(b).text - measure(a).text)[0]
  const marked = largest('[itemprop~="articleBody"], .h-entry .e-content')
  if (marked !== undefined && measure(marked).text > 400) return marked
  const scored = findBest($, measure)
  if (scored === undefined) return largest('article, main, [role="main"], body')
  // An `<article>` that holds the best part and not much more is what the page itself calls the article.
  const around = $(scored).closest('article').get(0)
  return around && isTag(around) && measure(around).text < measure(scored).text * 1.3 ? around : scored
}

/** The element whose paragraphs say the most: each gives its points to its parent, and half of them to the next. */
function findBest($: CheerioAPI, measure: Measuring): Element | undefined {
  const points = new Map<Element, number>()
  const give = (element: AnyNode | null | undefined, value: number) => {
    if (element && isTag(element) && element.name !== 'html') points.set(element, (points.get(element) ?? 0) + value)
  }
  for (const element of $('p, pre, td, blockquote, div, section, article, li')) {
    const isParagraph = element.name === 'p' || element.name === 'pre'
    // Anything but a paragraph counts with the text that stands right in it.
    const own = isParagraph ? evenText($(element).text()) : ownText(element)
    if (own.length < 25) continue
    const commas = own.match(/[,،、，;]/g)?.length ?? 0
    const value = (1 + commas + Math.min(own.length / 100, 4)) * (1 - linkShare(measure(element)))
    const holder = isParagraph || element.name === 'li' ? element.parent : element
    give(holder, element.name === 'li' ? value / 3 : value)
    give(holder?.parent, value / 2)
    give(holder?.parent?.parent, value / 4)
  }
  let best: Element | undefined
  let most = 0
  for (const [element, value] of points) {
    const weighed = value * (1 - linkShare(measure(element)))
    if (weighed > most) [best, most] = [element, weighed]
  }
  return best === undefined ? undefined : climb(best, points, measure)
}

/** A text that is broken into several parts is all of them: up, as long as that brings much text and few links. */
function climb(start: Element, points: Map<Element, number>, measure: Measuring): Element {
  let found = start
  const most = points.get(start) ?? 0
  for (let { parent } = start; parent && isTag(parent) && parent.name !== 'body'; { parent } = parent) {
    const more = measure(parent).paragraphs - measure(found).paragraphs
    const isAsGood = (points.get(parent) ?? 0) >= most * 0.75
    if ((isAsGood || more > measure(found).paragraphs * 0.25) && linkShare(measure(parent)) < 0.3) found = parent
    else if (!parent.children.some((child) => isTag(child) && (child.name === 'div' || child.name === 'section'))) break
  }
  return found
}

/** Takes out of the article what stands in it without being part of it. */
function tidy($: CheerioAPI, article: Element, { title, authors }: Pick<Draft, 'title' | 'authors'>): void {
  const measure = measureAll(article)
  const whole = measure(article).text
  for (const form of findIn($, article, 'form')) if (measure(form).text < whole * 0.5) $(form).remove()
  for (const part of findIn($, article, 'div, ul, ol, section, table, p, header')) {
    const { text } = measure(part)
    const share = linkShare(measure(part))
    if (text === 0 || text > whole * 0.3 || share < 0.66) continue
    // A list of links, a row of buttons: nearly nothing of it is text that leads nowhere.
    const isLinks = (part.name !== 'p' || $(part).find('a').length > 1) && $(part).find('img, picture').length === 0
    if (isLinks && (text < 600 || share > 0.85)) $(part).remove()
  }
  dropHead($, article, title, measure)
  dropByline($, article, authors, measure)
  dropTail($, article, measure)
  dropLastPointers($, article, measure)
}

/** Like cheerio's `find`, which takes quadratic time where an element has thousands of children. */
function findIn($: CheerioAPI, container: Element, selector: string): Element[] {
  return [...($(selector) as Cheerio<Element>)].filter((element) => {
    let { parent } = element
    while (parent && parent !== container) ({ parent } = parent)
    return parent === container
  })
}

/** The headline, byline and date above the text: they are the draft's fields, and pages would show them twice. */
function dropHead($: CheerioAPI, article: Element, title: string | undefined, measure: Measuring): void {
  const headings = [...findIn($, article, 'h1'), ...findIn($, article, 'h2, h3').slice(0, 2)]
  for (const heading of headings) {
    const isHeadline = title === undefined ? heading.name === 'h1' : alike($(heading).text(), title)
    if (isHeadline) $(heading).remove()
  }
  const marked =
    '[itemprop~="headline"], [class*="byline" i], [rel~="author"], [class*="post-meta" i], [class*="entry-meta" i], ' +
    '[class*="article-meta" i], [class*="timestamp" i]'
  for (const element of findIn($, article, marked)) if (measure(element).text < 200) $(element).remove()
  for (const time of findIn($, article, 'time')) {
    const line = time.parent === article ? time : time.parent
    if (line && isTag(line) && measure(line).text < 80 && !$(line).is('li, td')) $(line).remove()
  }
}

const BY = /^(?:by|von|par|por|di|da|door|av|af|przez|autor(?:in)?:?|text:?)\s+/i

/** A short line above the text that begins with the author is the byline, in whatever element it stands. */
function dropByline($: CheerioAPI, article: Element, authors: string[], measure: Measuring): void {
  for (const line of findIn($, article, 'p, div, td, span, font, small, address')) {
    const { text } = measure(line)
    if (line.name === 'p' && text > 160) return
    const words = text > 160 ? '' : evenText($(line).text()).replace(BY, '')
    if (authors.some((name) => name !== '' && words.startsWith(name))) $(line).remove()
  }
}

const TAIL_HEADING =
  /^(?:related|read (?:more|next|also)|more (?:from|on|stories|news)|you (?:may|might) also|recommended|see also:?$|share this|comments?$|leave a|about the author|tags:?$|mehr zum thema|lesen sie auch|das könnte sie auch|à lire aussi|lire aussi|sur le même|lee también|te puede interesar|leggi anche|lees ook|leia também|leia mais)/i

/** From a heading that begins what is no part of the text any more to the end, where that is the smaller part. */
function dropTail($: CheerioAPI, article: Element, measure: Measuring): void {
  const headings = findIn($, article, 'h2, h3, h4, h5, h6, p > strong:only-child').filter((element) =>
    TAIL_HEADING.test(evenText($(element).text())),
  )
  for (const element of headings.slice(-10)) {
    const start = element.name === 'strong' ? $(element).parent() : $(element)
    const rest = start.nextAll()
    const isText = [...rest].filter(
      (one) => one.name === 'p' && measure(one).text > 80 && linkShare(measure(one)) < 0.3,
    )
    if (isText.length > 2) continue
    rest.remove()
    start.remove()
  }
}

/** Lines with a link at the very end that lead elsewhere: `Read more: the lifeboat`. */
function dropLastPointers($: CheerioAPI, article: Element, measure: Measuring): void {
  for (const line of findIn($, article, 'p').slice(-3).reverse()) {
    const points =
      TAIL_HEADING.test(evenText($(line).text())) && measure(line).text < 160 && $(line).find('a').length > 0
    if (!points) return
    $(line).remove()
  }
}

/** What the article says of its first picture: caption, credit and words for those who cannot see it. */
function leadWords($: CheerioAPI, article: Element): { alt?: string; caption?: string; credit?: string } {
  const figure = $(findIn($, article, 'figure').slice(0, 1))
  const alt = evenText(findIn($, article, figure.length > 0 ? 'figure img[alt]' : 'img[alt]')[0]?.attribs['alt'] ?? '')
  const credit = evenText(
    figure.find('[class*="credit" i], [class*="copyright" i], [itemprop~="copyrightHolder"]').first().text(),
  )
  const caption = evenText(figure.find('figcaption').first().text())
  const words = credit !== '' && caption.endsWith(credit) ? caption.slice(0, -credit.length).trim() : caption
  return {
    ...(alt === '' ? {} : { alt }),
    ...(words === '' ? {} : { caption: words }),
    ...(credit === '' ? {} : { credit: readCredit(credit) ?? credit }),
  }
}

function alike(text: string, title: string): boolean {
  const even = (words: string) =>
    words
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()
  return even(text) === even(title)
}

const INLINE = new Set(['a', 'b', 'i', 'em', 'strong', 'span', 'u', 'font'])

/** Text right in the element or one inline element below it. */
function ownText(element: Element): string {
  const lines = element.children.map((child) => {
    if (isText(child)) return child.data
    if (!isTag(child) || !INLINE.has(child.name)) return ''
    return child.children.map((part) => (isText(part) ? part.data : '')).join('')
  })
  return evenText(lines.join(''))
}

function fail(): never {
  throw new Error('a parsed document has a root')
}
