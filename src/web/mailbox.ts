/** `/mail/`: the built-in mailbox, for whoever runs this installation and nobody else. */
import { load } from 'cheerio'
import { listMails, readMail, type Mail, type MailSummary } from '../mail/mailbox.ts'
import { localizeHtml, localizeText } from './local.ts'
import { type Needs, type Page, type WebContext } from './needs.ts'
import { dayOf, type View } from './view.ts'

const listed = 50

/** A mail is shown in a frame of its own, where nothing runs and nothing knows of this server. */
const framePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https:; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"

export function listMailbox(needs: Needs, directory: string, view: View): Page {
  return async (c) => {
    const before = c.req.query('before')
    const mails = await listMails(directory, { limit: listed + 1, ...(before !== undefined && { before }) })
    const page = mails.slice(0, listed)
    const base = `${view.home(c)}mail/`
    const data = {
      mails: page.map((mail) => summaryOf(mail, needs, base)),
      first: before !== undefined ? base : undefined,
      older: mails.length > listed ? `${base}?before=${page.at(-1)?.id ?? ''}` : undefined,
    }
    return view.page(c, 'mail-list', data, { title: 'Mailbox', private: true })
  }
}

export function showMail(needs: Needs, directory: string, view: View): Page {
  return withMail(directory, async (c, mail) => {
    const base = `${view.home(c)}mail/`
    const data = {
      mail: summaryOf(mail, needs, base),
      headers: mail.headers.map(([name, value]) => ({ name, value })),
      html: mail.html !== undefined,
      text: mail.text === undefined ? undefined : localizeText(mail.text, view.place(c)),
      list: base,
    }
    return view.page(c, 'mail', data, { title: mail.subject, private: true })
  })
}

/** The HTML part alone, for the frame of `showMail`. */
export function showMailHtml(directory: string, view: View): Page {
  return withMail(directory, (c, mail) => {
    const $ = load(localizeHtml(mail.html ?? '', view.place(c), 'document'))
    // In the frame a page of ours would refuse to be shown: links open beside it.
    $('[target]').removeAttr('target')
    $('head').prepend('<base target="_blank">')
    const headers = { 'Content-Security-Policy': framePolicy, 'Cache-Control': 'no-store' }
    return Promise.resolve(mail.html === undefined ? c.notFound() : c.html($.html(), 200, headers))
  })
}

/** The mail as it was kept, byte for byte. */
export function downloadMail(directory: string): Page {
  return withMail(directory, (c, mail) =>
    Promise.resolve(
      c.body(new Uint8Array(mail.raw), 200, {
        'Content-Type': 'message/rfc822',
        'Content-Disposition': `attachment; filename="${mail.id}.eml"`,
        'Cache-Control': 'no-store',
      }),
    ),
  )
}

function withMail(directory: string, show: (c: WebContext, mail: Mail) => Promise<Response> | Response): Page {
  return async (c) => {
    const mail = await readMail(directory, (c.req.param('id') ?? '').replace(/\.eml$/, ''))
    return mail === undefined ? c.notFound() : show(c, mail)
  }
}

function summaryOf(mail: MailSummary, { site }: Needs, base: string) {
  const { id, from, to, subject, date, bytes } = mail
  return {
    url: `${base}${id}`,
    from,
    to,
    subject: subject === '' ? '(no subject)' : subject,
    date: date && dayOf(date, site, true),
    kilobytes: Math.max(1, Math.round(bytes / 1000)),
  }
}
