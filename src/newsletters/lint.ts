/** The rules that a rendered slice must keep, whatever template it came from. */
import { load } from 'cheerio'
import { Failure } from '../failures.ts'
import { marks } from './personalize.ts'

/** Gmail shows the first 102 kB of a mail's HTML and hides the rest, the footer with it, behind a link. */
const mostHtmlBytes = 102_000

/** A filled mark is longer than the mark: an address with a signed token. */
const bytesPerMark = 250

const ADDRESS = /^(?:https?:\/\/[^\s/]|mailto:|tel:|#)/i

/**
 * What is wrong with a slice, marks unfilled: Failures `edition.incomplete` where it lacks what every mail must carry,
 * `edition.faulty` for the rest; none when it may go. `address` is the site's postal address.
 */
export function checkSlice(slice: { html: string; text: string }, address: string | undefined): Failure[] {
  const $ = load(slice.html)
  const failures: Failure[] = []
  const fault = (part: string, reason: string) => failures.push(new Failure('edition.faulty', { part, reason }))
  const lack = (part: string, reason: string) => failures.push(new Failure('edition.incomplete', { part, reason }))

  const unsubscribe = $('a').filter((_, link) => $(link).attr('href')?.trim() === marks.unsubscribe)
  if (unsubscribe.filter((_, link) => $(link).text().trim() !== '').length === 0) lack('html', 'no unsubscribe link')
  if (!slice.text.includes(marks.unsubscribe)) lack('text', 'no unsubscribe link')
  if (address === undefined || letters(address) === '') lack('html and text', 'site.address is not set')
  else {
    if (!letters($('body').text()).includes(letters(address))) lack('html', 'no postal address')
    if (!letters(slice.text).includes(letters(address))) lack('text', 'no postal address')
  }

  for (const part of ['html', 'text'] as const) {
    // Braces of articles are escaped in html and guarded in text, so these are the template's own.
    const left = /\{\{[^\n]*|\{%[^\n]*/.exec(withoutStyles(slice[part], part))?.[0]
    if (left !== undefined) fault(part, `Liquid was left unfilled: ${left.slice(0, 60)}`)
  }
  if ($('script, iframe, object, embed, form, base').length > 0) fault('html', 'it has a script, a frame or a form')
  $('*').each((_, element) => {
    if (!('attribs' in element)) return
    for (const [name, value] of Object.entries(element.attribs)) {
      if (name.startsWith('on')) fault('html', `it has a script in ${name}`)
      if (!['href', 'src', 'background', 'poster'].includes(name)) continue
      if (value.trim() === marks.unsubscribe || value.trim() === `mailto:${marks.email}`) continue
      if (!ADDRESS.test(value.trim())) fault('html', `not an absolute address: ${value.slice(0, 80)}`)
    }
  })
  const found = slice.html.match(/\uFDD0/g)?.length ?? 0
  const bytes = Buffer.byteLength(slice.html) + found * bytesPerMark
  if (bytes >= mostHtmlBytes) fault('html', `${bytes} bytes are more than the ${mostHtmlBytes} that Gmail shows`)
  return failures
}

/** Lines and columns may break an address anywhere, so only what is not space counts. */
function letters(text: string): string {
  return text.replace(/[\s\p{Cf}\uFDD0-\uFDEF]+/gu, '')
}

function withoutStyles(text: string, part: 'html' | 'text'): string {
  return part === 'html' ? text.replace(/<style[\s\S]*?<\/style>/gi, '') : text
}
