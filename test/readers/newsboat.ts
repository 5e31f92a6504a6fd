/** Newsboat, a reader in a terminal: what it keeps in its database. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { firstMissing, momentOf, runIn, type Reader, type Sight } from './reader.ts'

interface Row {
  guid: string
  title: string
  author: string
  url: string
  pubDate: number
  content: string
  enclosure_url: string | null
  enclosure_type: string | null
}

export const newsboat: Reader = {
  name: 'newsboat',
  version: '2.21',
  files: ['rss.xml', 'atom.xml'],
  keeps: ['id', 'title', 'url', 'published', 'authors', 'html', 'files'],
  limits: [
    {
      field: 'authors',
      files: ['rss.xml'],
      says: 'of several authors, the last',
      by: 'rss/rss20parser.cpp: each dc:creator replaces the one before it',
      sees: ({ authors }) => authors.slice(-1),
    },
    {
      field: 'authors',
      files: ['atom.xml'],
      says: 'several authors in one line',
      by: 'rss/atomparser.cpp: joined with commas',
      sees: ({ authors }) => (authors.length > 1 ? [authors.join(', ')] : authors),
    },
    {
      field: 'files',
      files: ['rss.xml', 'atom.xml'],
      says: 'of several files, one, without its length',
      by: 'its table rss_item has one enclosure_url and one enclosure_type',
      sees: ({ files }) => files.slice(0, 1).map((file) => file.replace(/ \d+ /, ' ? ')),
    },
  ],
  // Until 2024 it had no row yet for a feed that is new to it, into which it could write the validators (newsboat/newsboat#2734).
  asksWhetherChanged: 'the 3rd time, or before',
  corrected: 'replaced',
  moved: 'followed',
  lacks: () => firstMissing('newsboat'),
  async subscribe(url, folder) {
    const [urls, cache, config] = ['urls', 'cache.db', 'config'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ]
    await writeFile(urls, `${url}\n`)
    await writeFile(config, 'download-timeout 240\ndownload-retries 1\n')
    return {
      async poll() {
        const { exit, said } = await runIn(folder, 'newsboat', '-u', urls, '-c', cache, '-C', config, '-x', 'reload')
        if (exit !== 0) throw new Error(`newsboat ended with ${exit}: ${said}`)
        return { sights: readCache(cache) }
      },
    }
  },
}

function readCache(cache: string): Sight[] {
  const db = new Sqlite(cache, { readonly: true })
  try {
    const rows = db.prepare('select * from rss_item where deleted = 0').all() as Row[]
    return rows.map(({ guid, title, author, url, pubDate, content, enclosure_url: file, enclosure_type: type }) => ({
      ...{ id: guid, title, url, published: momentOf(pubDate), html: content },
      authors: author === '' ? [] : [author],
      files: file === null || file === '' ? [] : [`${type ?? '?'} ? ${file}`],
    }))
  } finally {
    db.close()
  }
}
