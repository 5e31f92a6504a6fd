/** Redesigns of a page by script: other class names, other tags, more boxes; the same articles. */
import { type CheerioAPI } from 'cheerio'
import { isTag } from 'domhandler'
import { parseHtml } from '../../../src/articles/markup.ts'

export type Redesign = ($: CheerioAPI) => void

const elements = ($: CheerioAPI) => [...$('body *')].filter(isTag)

const renameClasses: Redesign = ($) => {
  const names = new Map<string, string>()
  for (const { attribs } of elements($)) {
    if (attribs['class'] === undefined) continue
    attribs['class'] = attribs['class']
      .split(/\s+/)
      .map((name) => {
        const known = names.get(name) ?? `x${String.fromCharCode(97 + (names.size % 26))}${names.size}z`
        names.set(name, known)
        return known
      })
      .join(' ')
  }
  for (const { attribs } of elements($)) delete attribs['id']
}

const dropClasses: Redesign = ($) => {
  for (const { attribs } of elements($)) {
    delete attribs['class']
    delete attribs['id']
  }
}

const changeTags: Redesign = ($) => {
  const others: Partial<Record<string, string>> = { article: 'div', section: 'div', ul: 'div', ol: 'div', li: 'section', dl: 'div', dt: 'p', dd: 'div', h1: 'h2', h2: 'h3', h3: 'h4', main: 'div', span: 'em' } // prettier-ignore
  for (const element of elements($)) element.name = others[element.name] ?? element.name
}

const wrap: Redesign = ($) => {
  $('article, li, .post, .card, .episode, .review, .feed-item, .news-list-item, .teaser').wrap(
    '<div class="cell"></div>',
  )
  $('h1, h2, h3, h4').wrapInner('<span class="inner"></span>')
  $('body').children().wrapAll('<div class="shell"><div class="page"></div></div>')
}

/** All of them, one after the other. */
const everything: Redesign = ($) => {
  changeTags($)
  wrap($)
  renameClasses($)
}

export const REDESIGNS = { renameClasses, dropClasses, changeTags, wrap, everything }

export function redesign(html: string, how: Redesign): string {
  const $ = parseHtml(html, { keepData: false })
  how($)
  return $.html()
}
