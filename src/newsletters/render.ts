/** Makes one slice of an edition: subject, html and text, with marks where a reader's own values go. */
import { compileMjml } from './mjml.ts'
import { renderLine, renderTemplate, type Templates } from './liquid.ts'
import { clip, tidy } from './tidy.ts'
import { preheaderOf, viewOf, type SliceInput } from './view.ts'
import { wrap } from './wrap.ts'

export interface RenderedSlice {
  /** One line. */
  subject: string
  preheader: string
  /** A whole document. */
  html: string
  text: string
}

/** Phones show some forty characters, a desk client a hundred. */
const subjectLength = 120

/**
 * Renders `mail/NAME.mjml` and `mail/NAME.txt` for a slice. html and text are for `personalizer`, and for
 * `checkSlice` before that.
 * @throws Failure `template.missing`, or `template.invalid` with template, line and reason.
 */
export async function renderSlice(input: SliceInput, templates: Templates): Promise<RenderedSlice> {
  const view = viewOf(input)
  const { newsletter, site } = input
  const setting = { globals: view, timezone: site.timezone, language: site.language }
  const written = await renderLine(newsletter.subject, `subject of ${newsletter.id}`, setting)
  const subject = clip(tidy(written), subjectLength) || clip(view.lead.title || view.newsletter.title, subjectLength)
  const preheader = preheaderOf(view, subject)
  const globals = { ...view, subject, preheader }

  const mjml = await renderTemplate(`${newsletter.template}.mjml`, templates, { ...setting, globals, form: 'markup' })
  const text = await renderTemplate(`${newsletter.template}.txt`, templates, { ...setting, globals, form: 'plain' })
  return {
    subject,
    preheader,
    html: await compileMjml(`mail/${newsletter.template}.mjml`, mjml),
    text: layOut(text.output),
  }
}

/** Lines wrapped, spaces at their ends gone, and never more than two blank lines in a row. */
export function layOut(text: string): string {
  return `${wrap(text)
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{4,}/g, '\n\n\n')
    .trim()}\n`
}
