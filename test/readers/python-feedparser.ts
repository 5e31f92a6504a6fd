/** Python's feedparser, of which many scripts that read feeds are made. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { asText, momentOf, python, runIn, type Limit, type Polled, type Reader, type Sight } from './reader.ts'

const script = `
import calendar, feedparser, json, sys
url, etag, modified = sys.argv[1:]
feed = feedparser.parse(url, etag=etag or None, modified=modified or None)
def file(one, address, length):
    return '%s %s %s' % (one.get('type', '?'), one.get(length) or '?', one[address])
def sight(entry):
    content = entry.get('content') or [entry.summary_detail]
    return {
        'id': entry.id, 'title': entry.title, 'isHtml': 'html' in entry.title_detail.type, 'url': entry.link,
        'published': calendar.timegm(entry.published_parsed),
        'authors': [author.name for author in entry.get('authors', []) if 'name' in author],
        'topics': [tag.term for tag in entry.get('tags', [])],
        'html': content[0].value,
        'files': [file(one, 'href', 'length') for one in entry.get('enclosures', [])]
            + [file(one, 'url', 'filesize') for one in entry.get('media_content', []) if one.get('medium') != 'image'],
    }
print(json.dumps({
    'status': feed.get('status'), 'etag': feed.get('etag'), 'modified': feed.get('modified'), 'href': feed.get('href'),
    'fault': str(feed.get('bozo_exception')) if feed.bozo else None,
    'sights': [sight(entry) for entry in feed.entries],
}))
`

interface Answer {
  status: number
  etag: string | null
  modified: string | null
  href: string
  fault: string | null
  sights: (Omit<Sight, 'published'> & { title: string; isHtml: boolean; published: number })[]
}

/** What feedparser makes of a title that it takes for HTML: text that is read as such once more. */
export const guessedTitle: Limit = {
  field: 'title',
  files: ['rss.xml'],
  says: 'a title in RSS with `&lt;` or `&amp;` written out in it is taken for HTML',
  by: 'feedparser/mixin.py, looks_like_html: RSS 2.0 does not say which it is',
  sees: ({ title }) => (/&#?\w+;/.test(title) ? asText(title) : title),
}

export const pythonFeedparser: Reader = {
  name: 'python3-feedparser',
  version: '6.0.10',
  files: ['rss.xml', 'atom.xml'],
  keeps: ['id', 'title', 'url', 'published', 'authors', 'topics', 'html', 'files'],
  limits: [guessedTitle],
  asksWhetherChanged: 'the 2nd time',
  corrected: 'as the feed is',
  moved: 'followed, and noted',
  lacks: () => lacksModule('feedparser'),
  async subscribe(url, folder) {
    let asked = [url, '', '']
    return {
      async poll(): Promise<Polled> {
        const { exit, stdout, said } = await runIn(folder, python, '-c', script, ...asked)
        if (exit !== 0) throw new Error(`python ended with ${exit}: ${said}`)
        const { status, etag, modified, href, fault, sights } = JSON.parse(stdout) as Answer
        if (status < 400) asked = [href, etag ?? '', modified ?? '']
        return {
          sights: sights.map(({ isHtml, title, published, ...rest }) => ({
            ...{ ...rest, title: isHtml ? asText(title) : title, published: momentOf(published) },
          })),
          isUnchanged: status === 304,
          ...((fault !== null || status >= 400) && { fault: fault ?? `status ${status}` }),
          next: href,
        }
      },
    }
  },
}

/** Names the module of Debian's Python that is not on this machine. */
function lacksModule(name: string): string | undefined {
  const has = existsSync(python) && spawnSync(python, ['-c', `import ${name}`], { stdio: 'ignore' }).status === 0
  return has ? undefined : `python3-${name}`
}
