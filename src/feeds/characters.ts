/** What of a text every format can carry: the same characters come out of RSS, Atom and JSON Feed. */

// XML 1.0 §2.2 has no place for these, not even escaped; U+007F to U+009F it only discourages, and no reader shows them.
const UNFIT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g

// Whatever of a text is not as it will be shown; most texts have nothing of the kind.
const ODD = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff]/

// Page breaks and the like: words on both sides of one must not grow together.
const BREAKS = /[\u000b\u000c\u0085]/g

/** Text of several lines; a lone surrogate becomes U+FFFD, a carriage return the line feed that XML reads it as. */
export function fitting(text: string): string {
  const whole = text.toWellFormed()
  return ODD.test(whole) ? whole.replace(/\r\n?/g, '\n').replace(BREAKS, ' ').replace(UNFIT, '') : whole
}

/** A title, name or sentence: fitting, and all on one line, because attributes have no lines. */
export function oneLine(text: string): string {
  return fitting(text)
    .replace(/[\t\n ]+/g, ' ')
    .trim()
}

/**
 * HTML that may stand in a CDATA section. Safe HTML has no comments, so `]]>` and `<!--` can only be text or part of an
 * attribute's value, where a reference says the same; some readers cut comments out before they look for CDATA.
 */
export function fittingHtml(html: string): string {
  return fitting(html).replaceAll(']]>', ']]&gt;').replaceAll('<!--', '&lt;!--').trim()
}

/** Plain text as HTML. */
export function textAsHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** The address as the URL standard writes it, only ASCII; `undefined` unless it is http or https. */
export function webAddress(text: string | undefined): string | undefined {
  const url = text === undefined ? null : URL.parse(text)
  return url && /^https?:$/.test(url.protocol) ? url.href : undefined
}

/** The language tag in its usual spelling, or `undefined` when it is none. */
export function languageTag(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : Intl.getCanonicalLocales(text)[0]
  } catch {
    return undefined
  }
}
