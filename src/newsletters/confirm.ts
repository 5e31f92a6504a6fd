/** Renders the mail that asks a new reader to confirm, or tells one that they get it already. */
import { type Newsletter, type Site } from '../model.ts'
import { confirmWordsFor } from './confirm-words.ts'
import { renderTemplate, type Templates } from './liquid.ts'
import { compileMjml } from './mjml.ts'
import { layOut } from './render.ts'
import { clip, tidy } from './tidy.ts'
import { siteViewOf, styleOf } from './view.ts'
import { phrase, wordsFor } from './words.ts'

export interface ConfirmInput {
  site: Site
  /** Those that were asked for; the first one's name stands over the paper's. */
  newsletters: [Newsletter, ...Newsletter[]]
  /** Whom it goes to. */
  email: string
  askedAt: Date
  /** Where it was asked for: this installation's own address. */
  server: string
  /** Without it, the reader has nothing to confirm: they get it already. */
  link?: { url: string; until: Date }
}

/**
 * Renders `mail/confirm.mjml` and `mail/confirm.txt`. What the person typed is in them only as an address that was read
 * and found good: nobody can use this mail to say something.
 * @throws Failure `template.missing`, or `template.invalid` with template, line and reason.
 */
export async function renderConfirm(
  input: ConfirmInput,
  templates: Templates,
): Promise<{ subject: string; html: string; text: string }> {
  const globals = viewOf(input)
  const { language, timezone } = input.site
  const setting = { globals, timezone, language }
  const mjml = await renderTemplate('confirm.mjml', templates, { ...setting, form: 'markup' })
  const text = await renderTemplate('confirm.txt', templates, { ...setting, form: 'plain' })
  return { subject: globals.subject, html: await compileMjml('mail/confirm.mjml', mjml), text: layOut(text.output) }
}

/** The names that docs/templates.md lists for this mail. */
function viewOf({ site, newsletters, email, askedAt, server, link }: ConfirmInput) {
  const { language, timezone: timeZone } = site
  const words = confirmWordsFor(language)
  const list = new Intl.ListFormat(language, { type: 'conjunction' })
  const titles = newsletters.map(({ title }) => clip(tidy(title), 100))
  const moment = new Intl.DateTimeFormat(language, { timeZone, dateStyle: 'long', timeStyle: 'short' })
  const say = (pattern: string) =>
    phrase(pattern, {
      newsletters: list.format(titles),
      email,
      sender: senderOf(newsletters[0].from),
      host: new URL(server).host,
    })
  const at = (pattern: string, time: Date) => phrase(pattern, { host: new URL(server).host, time: moment.format(time) })
  const known = link === undefined
  const lead = say(known ? words.knownLead : words.lead)
  return {
    subject: clip(tidy(say(known ? words.knownSubject : words.subject)), 120),
    preheader: lead,
    blanks: '\u034F\u200C\u00A0'.repeat(60),
    site: siteViewOf(site),
    newsletter: { id: newsletters[0].id, title: titles.length === 1 ? titles[0] : tidy(site.title) },
    edition: {
      number: 0,
      label: known ? '' : words.label,
      date: new Intl.DateTimeFormat(language, { timeZone, dateStyle: 'full' }).format(askedAt),
    },
    heading: say(known ? words.knownHeading : words.heading),
    lead,
    confirm: link?.url,
    button: words.button,
    instead: words.instead,
    notes: known
      ? [say(words.knownHint), words.knownIgnore]
      : [`${at(words.asked, askedAt)} ${at(words.until, link.until)}`, words.ignore],
    words: wordsFor(language),
    links: { site: site.url, page: server },
    style: styleOf(site),
    language,
  }
}

/** The bare address of `Name <address>`. */
function senderOf(from: string): string {
  return /<([^<>]*)>\s*$/.exec(from)?.[1] ?? from
}
