/** What a whole page shows of its kind, before anything is taken out of it: an article, a list, a shop, a forum, a manual. */
import { fold } from '../characters.ts'
import { type Line, type Page, wordsOf } from '../metadata/page.ts'
import { addressSigns } from './address.ts'
import { cardSigns } from './cards.ts'
import { partSigns } from './parts.ts'
import { logOf, shareOf, type Signs, yes } from './signs.ts'
import { statedSigns } from './stated.ts'
import { wordSigns } from './words.ts'

export interface PageSigns {
  page: Page
  signs: Signs
  /** Letters of all that a reader sees, and of its paragraphs. */
  letters: number
  prose: number
  /** Its lines as one text, as far as it is looked through. */
  text: string
}

const LONGEST_TEXT = 10_000

/** A line that is a paragraph: long, and hardly a link in it. */
const isProse = ({ length, linked }: Pick<Line, 'length' | 'linked'>, least: number) =>
  length >= least && linked < length * 0.4

/** Kana, Chinese characters, Hangul. */
const CJK = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/g

/** As how many letters one of the text counts: a Chinese one says as much as three others. */
export function letterWorth(text: string): number {
  const sample = text.slice(0, 1000)
  return (sample.match(CJK)?.length ?? 0) > sample.length * 0.3 ? 2.5 : 1
}

export function lookAt(page: Page): PageSigns {
  const { lines } = page
  let text = ''
  for (const line of lines) {
    if (text.length > LONGEST_TEXT) break
    text += `${line.text}\n`
  }
  const least = 80 / letterWorth(text)
  let letters = 0
  let linked = 0
  let prose = 0
  let paragraphs = 0
  let headlines = 0
  for (const line of lines) {
    letters += line.length
    linked += Math.min(line.linked, line.length)
    if (isProse(line, least)) {
      prose += line.length
      paragraphs++
    }
    if (line.linked > line.length * 0.8 && line.length >= least / 4 && line.length < least * 2) headlines++
  }
  const signs = {
    ...addressSigns(page.url),
    ...statedSigns(page),
    ...partSigns(page),
    ...wordSigns(text),
    ...cardSigns(page, least),
    pageLetters: logOf(letters),
    pageProse: logOf(prose),
    pageParagraphs: logOf(paragraphs),
    pageLinkShare: shareOf(linked, letters),
    pageProseShare: shareOf(prose, letters),
    pageHeadlines: logOf(headlines),
    headlinesToParagraphs: logOf(headlines) - logOf(paragraphs),
    links: logOf(page.tagged('a').length),
    forms: logOf(page.tagged('form').length),
    headings2: logOf(page.tagged('h2').length),
    headings3: logOf(page.tagged('h3').length),
    headings1: Math.min(4, page.tagged('h1').length),
    times: logOf(page.tagged('time').length),
    codes: logOf(page.tagged('pre').length),
    buttons: logOf(page.tagged('button').length),
    articles: Math.min(10, page.tagged('article').length),
    oneArticle: yes(page.tagged('article').length === 1),
    salesInputs: yes(
      page.tagged('input').filter(({ element }) => /^(?:tel|email|text)$/i.test(element.attribs['type'] ?? ''))
        .length >= 3,
    ),
    telephones: yes(page.tagged('a').some(({ element }) => /^tel:/i.test(element.attribs['href'] ?? ''))),
    titleInHeading: yes(isTitleInHeading(page)),
  }
  return { page, signs, letters, prose, text }
}

function isTitleInHeading(page: Page): boolean {
  const named = fold(page.meta('og:title')[0] ?? page.title)
  return page
    .tagged('h1')
    .slice(0, 5)
    .some(({ element }) => {
      const words = fold(wordsOf(element, 200))
      return words.length > 8 && named.includes(words)
    })
}
