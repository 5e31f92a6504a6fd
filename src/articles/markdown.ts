/** Markdown as a piece of HTML, untrusted like any other. */
import { Marked } from 'marked'
import { escapeHtml } from './characters.ts'

const marked = new Marked({ gfm: true, async: false })

/** CommonMark with GitHub's tables; HTML in it passes through, for `clean.ts` to judge. Never throws. */
export function readMarkdown(text: string): string {
  try {
    return marked.parse(limitNesting(text), { async: false })
  } catch {
    // Nothing but nesting makes marked fail, and what is nested like that is no list or quote: it is shown as it stands.
    return `<pre>${escapeHtml(text)}</pre>`
  }
}

const DEEPEST_INDENT = 40

/** marked takes time by the cube of the depth: points and quotes beyond some twenty levels stay at that level. */
function limitNesting(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      line
        .replace(/^[ \t]{41,}(?=(?:[-*+>]|\d{1,9}[.)])(?:\s|$))/, ' '.repeat(DEEPEST_INDENT))
        .replace(
          /^((?:[ \t]*(?:>|[-*+][ \t]|\d{1,9}[.)][ \t])){20})(?:[ \t]*(?:>|[-*+][ \t]|\d{1,9}[.)][ \t]))+/,
          '$1',
        ),
    )
    .join('\n')
}
