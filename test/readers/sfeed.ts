/** Sfeed, a reader made of shell and lines: its file of tab-separated values. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { firstMissing, momentOf, runIn, type Reader, type Sight } from './reader.ts'

const both = ['rss.xml', 'atom.xml'] as const

export const sfeed: Reader = {
  name: 'sfeed',
  version: '1.7',
  files: both,
  keeps: ['id', 'title', 'url', 'published', 'authors', 'topics', 'html', 'files'],
  limits: [
    {
      field: 'authors',
      files: both,
      says: 'of several authors, the first',
      by: 'sfeed(5), field 7',
      sees: ({ authors }) => authors.slice(0, 1),
    },
    {
      field: 'files',
      files: both,
      says: 'of several files the first, its address alone',
      by: 'sfeed(5), field 8',
      sees: ({ files }) => files.slice(0, 1).map((file) => file.replace(/^\S+ \d+/, '? ?')),
    },
  ],
  asksWhetherChanged: 'never',
  corrected: 'beside',
  moved: 'refused',
  lacks: () => firstMissing('sfeed_update', 'curl'),
  async subscribe(url, folder) {
    const kept = join(folder, 'feeds', 'paper')
    await mkdir(join(folder, '.sfeed'))
    // `fetch` is its own but for the time that it waits (sfeedrc(5)).
    const fetch = 'curl -L --max-redirs 0 -H "User-Agent:" -f -s -m 240 "$2" 2>/dev/null'
    await writeFile(
      join(folder, '.sfeed', 'sfeedrc'),
      `sfeedpath="${join(folder, 'feeds')}"\nfetch() {\n\t${fetch}\n}\nfeeds() {\n\tfeed paper "${url}"\n}\n`,
    )
    return {
      async poll() {
        const { exit, said } = await runIn(folder, 'sfeed_update')
        const lines = (await readFile(kept, 'utf8')).split('\n').filter((line) => line !== '')
        return { sights: lines.map(readLine), ...(exit !== 0 && { fault: said.trim() }) }
      },
    }
  },
}

/** The nine fields of sfeed(5). */
function readLine(line: string): Sight {
  const [time = '', title = '', url = '', content = '', , id = '', author = '', file = '', topics = ''] =
    line.split('\t')
  const characters: Partial<Record<string, string>> = { t: '\t', n: '\n' }
  return {
    ...{ id, title, url, published: time === '' ? '' : momentOf(Number(time)) },
    authors: author === '' ? [] : [author],
    topics: topics === '' ? [] : topics.split('|'),
    html: content.replace(/\\(.)/g, (_, letter: string) => characters[letter] ?? letter),
    files: file === '' ? [] : [`? ? ${file}`],
  }
}
