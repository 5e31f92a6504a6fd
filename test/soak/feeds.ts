/** Looks at the published files as feed readers do: whatever is there parses, and changes only when articles do. */
import assert from 'node:assert/strict'
import { access, glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseFeed } from 'feedsmith'
import { SaxesParser } from 'saxes'

const formats = { 'rss.xml': 'rss', 'atom.xml': 'atom', 'feed.json': 'json' } as const

export interface FeedWatch {
  /** Throws when a file is broken, or has changed although it may not. Gives the files that have changed. */
  look(mayChange: boolean): Promise<string[]>
  /** How many versions were read in all. */
  versions(): number
}

export function watchFeeds(directory: string): FeedWatch {
  const known = new Map<string, string>()
  let versions = 0
  return {
    versions: () => versions,
    async look(mayChange) {
      const changed: string[] = []
      for (const [file, format] of Object.entries(formats)) {
        for await (const name of glob(`*/${file}`, { cwd: directory })) {
          const text = await readFile(join(directory, name), 'utf8')
          if (known.get(name) === text) continue
          assert(mayChange || !known.has(name), `${name} has changed, and no article has`)
          // Throws at the first thing that XML does not allow.
          if (format !== 'json') new SaxesParser().write(text).close()
          assert.equal(parseFeed(text).format, format, name)
          known.set(name, text)
          versions += 1
          changed.push(name)
        }
      }
      for (const name of known.keys()) await access(join(directory, name))
      return changed
    },
  }
}
