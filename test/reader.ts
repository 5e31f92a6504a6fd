/** A reader as the web and the mail know one: signs up through the form, follows the links in mails. */
import assert from 'node:assert/strict'
import { load } from 'cheerio'
import { simpleParser, type ParsedMail } from 'mailparser'

/** The pages of an installation. */
export interface Pages {
  request(path: string, init?: RequestInit): Response | Promise<Response>
}

/** Opens the front page, takes its time, and sends the form for everything that it offers. */
export async function askFor(web: Pages, email: string, typing: () => void): Promise<Response> {
  const front = await web.request('/')
  assert.equal(front.status, 200)
  const $ = load(await front.text())
  const form = $('form').filter((_, one) => $(one).find('input[name=email]').length === 1)
  assert.equal(form.length, 1, 'the front page has a form to sign up')
  typing()
  const fields = new URLSearchParams([
    ...form
      .find('input[type=hidden], input[type=checkbox]')
      .toArray()
      .map((field): [string, string] => [$(field).attr('name') ?? '', $(field).attr('value') ?? '']),
    ['email', email],
  ])
  return send(web, form.attr('action') ?? '', fields.toString())
}

/** The path of the confirmation link in a mail; undefined in any other mail. */
export async function confirmationIn(raw: string): Promise<string | undefined> {
  const { text } = await parseMail(raw)
  const link = /https:\/\/\S+\/confirm\/\S+/.exec(text ?? '')?.[0]
  return link && new URL(link).pathname
}

/** The path of the one-click link in the header of a mail (RFC 8058). */
export async function oneClickIn(raw: string): Promise<string> {
  const { headerLines } = await parseMail(raw)
  const line = (key: string) => headerLines.find((header) => header.key === key)?.line ?? ''
  assert.match(line('list-unsubscribe-post'), /List-Unsubscribe=One-Click/)
  const link = /<(https:[^>]+)>/.exec(line('list-unsubscribe'))?.[1]
  assert(link !== undefined, 'a mail says how to end it')
  return new URL(link).pathname
}

/** What a mail service does when its user presses unsubscribe. */
export async function leave(web: Pages, path: string): Promise<Response> {
  return send(web, path, 'List-Unsubscribe=One-Click')
}

export function parseMail(raw: string): Promise<ParsedMail> {
  return simpleParser(Buffer.from(raw, 'latin1'))
}

async function send(web: Pages, path: string, body: string): Promise<Response> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return web.request(new URL(path, 'https://news.gazette.example/').pathname, { method: 'POST', headers, body })
}
