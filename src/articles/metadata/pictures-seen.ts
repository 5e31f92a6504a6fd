/** The pictures on a page that could lead its article, in the order in which a reader meets them. */
import { type Element, isTag } from 'domhandler'
import { type Picture } from '../../model.ts'
import { evenText } from '../characters.ts'
import { readCredit, splitCredit } from '../credit.ts'
import { findPicture, isTrackingPixel } from '../images.ts'
import { absolute, bestCandidate, parseSrcset } from '../links.ts'
import { findHeadline, lineAt } from './headline.ts'
import { type Page, wordsOf } from './page.ts'

export interface PictureSeen {
  picture: Picture
  /** Named or placed as the picture of the article. */
  isMarked: boolean
  /** Lines from the headline; negative above it. */
  steps: number
  inFigure: boolean
}

const MOST = 120
const SMALL = 130

/** Of a person, of a button, of the paper: never of the article. */
const NOT_LEAD =
  /(?:^|[\s/_.-])(?:logo\w*|avatar\w*|gravatar|face|userpic|profile|author\w*|byline|icons?|favicon|sprite\w*|badge|button|emoji|smil(?:ey|ies)|spinner|loader|loading|spacer|pixel|blank|placeholder|missing\w*|ads?|advert\w*|sponsor\w*|banner-?ad|share|social|rss|flags?|rating|stars?|captcha|qr)(?=$|[\s/_.\d-])/i
const MARKED =
  /(?:^|[\s_-])(?:wp-post-image|featured|feature-?image|hero|lead|lede|main-?(?:image|photo|img)|article-?(?:image|photo|img)|post-?(?:image|thumbnail|img)|entry-?(?:image|thumbnail)|top-?image|cover|banner|splash|teaser-?image|headline-?image|featuredimage|primary-?image)(?=$|[\s_-])/i
const AROUND =
  /(?:^|[\s_-])(?:related\w*|recommend\w*|sidebar|widget\w*|footer|nav\w*|menu|comments?\w*|author\w*|bio|avatar|promo\w*|advert\w*|ads?|sponsor\w*|share\w*|social\w*|popular|latest|recent|more|trending|newsletter|masthead|logo|breadcrumbs?)(?=$|[\s_-])/i

/** All that are not refused at sight. */
export function gatherPictures(page: Page): PictureSeen[] {
  const headline = findHeadline(page)
  const found: PictureSeen[] = []
  for (const { element, at } of page.tagged('img').slice(0, MOST)) {
    const url = addressOf(element, page.base)
    if (url === undefined || isSmall(element) || isTrackingPixel(element, url)) continue
    const { class: classes = '', id = '', itemprop = '' } = element.attribs
    const file = url.split(/[?#]/, 1)[0]?.split('/').slice(-2).join('/') ?? ''
    if (NOT_LEAD.test(`${classes} ${id}`) || NOT_LEAD.test(` ${file}`) || /\.svg$/i.test(file)) continue
    const around = lookAround(element)
    if (around.isAside) continue
    const alt = evenText(element.attribs['alt'] ?? '')
    found.push({
      picture: { url, ...(alt === '' || /\.\w{3,4}$/.test(alt) ? {} : { alt }), ...wordsOfFigure(around.figure) },
      isMarked: MARKED.test(`${classes} ${id} ${around.names}`) || itemprop === 'image',
      steps: lineAt(page.lines, at) - headline,
      inFigure: around.figure !== undefined,
    })
  }
  return found
}

function addressOf(element: Element, base: string): string | undefined {
  // Some themes write the whole srcset where the one address belongs.
  const set = parseSrcset(decodeSpaces(element.attribs['src'] ?? ''))
  const known = set.length > 1 ? bestCandidate(set)?.url : undefined
  const { parent } = element
  const around = parent !== null && isTag(parent) && parent.name === 'picture' ? parent : element
  if (known === undefined) return findPicture(around, base)?.url
  return absolute(known, base)
}

function decodeSpaces(text: string): string {
  return text.includes('%20') && /%20\d+w/.test(text) ? text.replaceAll('%20', ' ') : text
}

function isSmall({ attribs: { width = '', height = '' } }: Element): boolean {
  return [width, height].some((size) => /^\s*\d+(?:px)?\s*$/.test(size) && Number.parseInt(size, 10) < SMALL)
}

function lookAround(element: Element): { figure: Element | undefined; names: string; isAside: boolean } {
  let figure: Element | undefined
  let names = ''
  let isAside = false
  let { parent } = element
  for (let depth = 0; depth < 10 && parent !== null && isTag(parent); depth++, { parent } = parent) {
    if (parent.name === 'body') break
    const own = `${parent.attribs['class'] ?? ''} ${parent.attribs['id'] ?? ''}`.slice(0, 200)
    if (parent.name === 'figure') figure ??= parent
    if (depth < 3) names += ` ${own}`
    if (parent.name === 'article' || parent.name === 'main') break
    if (['aside', 'nav', 'footer'].includes(parent.name) || AROUND.test(own)) isAside = true
  }
  return { figure, names, isAside }
}

/** Caption and credit as the figure gives them. */
function wordsOfFigure(figure: Element | undefined): { caption?: string; credit?: string } {
  if (figure === undefined) return {}
  const caption = first(figure, ({ name }) => name === 'figcaption')
  const credited = first(figure, ({ attribs }) => /credit|copyright/i.test(`${attribs['class'] ?? ''} ${attribs['itemprop'] ?? ''}`)) // prettier-ignore
  const words = caption === undefined ? '' : wordsOf(caption, 1000)
  const credit = credited === undefined ? '' : wordsOf(credited, 200)
  if (credit === '') return splitCredit(words)
  const text = words.endsWith(credit) ? words.slice(0, -credit.length).trim() : words
  return { ...(text === '' ? {} : { caption: text }), credit: readCredit(credit) ?? credit }
}

/** Bounded: a figure is a picture and its words. */
function first(within: Element, isWanted: (element: Element) => boolean): Element | undefined {
  const waiting = within.children.slice(0, 50).toReversed()
  for (let seen = 0; seen < 200; seen++) {
    const node = waiting.pop()
    if (node === undefined) return undefined
    if (!isTag(node)) continue
    if (isWanted(node)) return node
    waiting.push(...node.children.slice(0, 50).toReversed())
  }
  return undefined
}
