/** Rss2email, which mails what is new: the mails that it puts into a Maildir. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { load } from 'cheerio'
import { simpleParser } from 'mailparser'
import { editor } from './articles.ts'
import { guessedTitle } from './python-feedparser.ts'
import { firstMissing, runIn, type Reader, type Sight } from './reader.ts'

const both = ['rss.xml', 'atom.xml'] as const

/** Into a folder, because a mail server would have to be found by name first. */
const configOf = (folder: string) => `[DEFAULT]
from = reader@reader.example
to = reader@reader.example
name-format = {author}
email-protocol = maildir
maildir-path = ${folder}
maildir-mailbox = mails
date-header = True
date-header-order = published, modified
html-mail = True
reply-changes = True
feed-timeout = 240
verbose = info
`

export const rss2email: Reader = {
  name: 'rss2email',
  version: '3.13.1',
  files: both,
  keeps: ['id', 'title', 'url', 'published', 'authors', 'topics', 'html', 'files'],
  limits: [
    { ...guessedTitle, says: `${guessedTitle.says}, as in python3-feedparser, with which it reads` },
    {
      field: 'authors',
      files: ['rss.xml'],
      says: 'of several authors, the first; where there is none, the word `<author>`',
      by: 'rss2email/feed.py, _get_entry_name',
      sees: ({ authors }) => [authors[0] ?? '<author>'],
    },
    {
      field: 'authors',
      files: ['atom.xml'],
      says: 'of several authors, the last; where there is none, that of the feed',
      by: 'rss2email/feed.py, _get_entry_name; RFC 4287 §4.2.1',
      sees: ({ authors }) => [authors.at(-1) ?? editor],
    },
    {
      field: 'topics',
      files: both,
      says: 'topics in one line',
      by: 'rss2email/feed.py, _get_entry_tags',
      sees: ({ topics }) => (topics.length > 0 ? [topics.join(',')] : []),
    },
    {
      field: 'files',
      files: ['atom.xml'],
      says: 'of files, the addresses',
      by: 'rss2email/feed.py, _process_entry_content',
      sees: ({ files }) => files.map((file) => file.replace(/^\S+ \d+/, '? ?')),
    },
    {
      field: 'files',
      files: ['rss.xml'],
      says: 'of several files the first, its address alone',
      by: 'rss2email/feed.py, _process_entry_content',
      sees: ({ files }) => files.slice(0, 1).map((file) => file.replace(/^\S+ \d+/, '? ?')),
    },
  ],
  asksWhetherChanged: 'the 2nd time',
  corrected: 'beside',
  moved: 'followed, and noted',
  lacks: () => firstMissing('r2e'),
  async subscribe(url, folder) {
    const mails = join(folder, 'mails')
    const config = join(folder, 'rss2email.cfg')
    const run = (...args: string[]) => runIn(folder, 'r2e', '-c', config, '-d', join(folder, 'seen.json'), ...args)
    for (const name of ['tmp', 'new', 'cur']) await mkdir(join(mails, name), { recursive: true })
    await writeFile(config, configOf(folder))
    const { exit, said } = await run('add', 'paper', url)
    if (exit !== 0) throw new Error(`r2e add ended with ${exit}: ${said}`)
    return {
      async poll() {
        const ran = await run('run')
        const isFaulty = ran.exit !== 0 || /\[(WARNING|ERROR)\]/.test(ran.said)
        const [, next] = /^\[feed\.paper\]\nurl = (.+)$/m.exec(await readFile(config, 'utf8')) ?? []
        return { sights: await readMails(mails), next: next ?? '', ...(isFaulty && { fault: ran.said.trim() }) }
      },
    }
  },
}

/** In the order in which they were sent. */
async function readMails(folder: string): Promise<Sight[]> {
  const sights: { sight: Sight; isReply: boolean }[] = []
  for (const name of await readdir(join(folder, 'new'))) {
    const mail = await simpleParser(await readFile(join(folder, 'new', name)))
    const header = (key: string) => {
      const value = mail.headers.get(key)
      return typeof value === 'string' ? value : ''
    }
    const $ = load(typeof mail.html === 'string' ? mail.html : '')
    const files = $('.footer p').filter((_, one) => $(one).text().startsWith('Enclosure: '))
    const author = mail.from?.value[0]?.name ?? ''
    const topics = decoded(header('x-rss-tags'))
    sights.push({
      isReply: mail.inReplyTo !== undefined,
      sight: {
        ...{ id: header('x-rss-id'), title: mail.subject ?? '', url: header('x-rss-url') },
        published: mail.date?.toISOString().replace('.000Z', 'Z') ?? '',
        authors: author === '' ? [] : [author],
        topics: topics === '' ? [] : [topics],
        html: $('#body').html() ?? '',
        files: files.toArray().map((one) => `? ? ${$(one).find('a').attr('href') ?? ''}`),
      },
    })
  }
  return sights.toSorted((one, other) => Number(one.isReply) - Number(other.isReply)).map(({ sight }) => sight)
}

/** Encoded words of RFC 2047, as Python writes them. */
function decoded(header: string): string {
  return header
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?b\?([^?]*)\?=/gi, (_, word: string) => Buffer.from(word, 'base64').toString('utf8'))
}
