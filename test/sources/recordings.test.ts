import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runRecording } from '../../src/commands/recordings.ts'
import { type Ran } from '../../src/commands/source-run.ts'
import { readRecording } from '../../src/disk/cassette.ts'
import { parseHere } from '../../src/parse-here.ts'
import { kinds } from '../../src/sources/index.ts'

const ROOT = new URL('../fixtures/recordings/', import.meta.url)
const names = readdirSync(ROOT)

/** What is compared: how an article's HTML is cleaned is not for here. */
function essence({ items, articles, faults }: Ran) {
  return {
    items,
    articles: articles.map((article) =>
      Object.fromEntries(Object.entries(article).filter(([key]) => key !== 'html' && key !== 'excerpt')),
    ),
    faults: faults.map(({ code, details }) => ({ code, ...details })),
  }
}

describe('sources, by recordings', () => {
  for (const name of names)
    it(`gives what it should: ${name.replaceAll('-', ' ')}`, async () => {
      const folder = fileURLToPath(new URL(name, ROOT))
      const recording = await readRecording(folder)
      assert(recording !== undefined)
      const ran = essence(await runRecording(folder, recording, 100, parseHere))
      const file = new URL(`${name}/expected.json`, ROOT)
      const written = `${JSON.stringify(ran, null, 2)}\n`
      if (process.env['FIXTURES'] === 'write') writeFileSync(file, written)
      assert.equal(written, readFileSync(file, 'utf8'), `${file.pathname} differs`)
    })

  it('has a recording of every kind that reads the web by nothing but requests', async () => {
    const recorded = new Set<unknown>()
    for (const name of names) recorded.add((await readRecording(fileURLToPath(new URL(name, ROOT))))?.source['kind'])
    for (const name of Object.keys(kinds)) {
      if (name === 'folder' || name === 'browser') continue
      assert(recorded.has(name), `there is no recording of ${name} in test/fixtures/recordings/`)
    }
  })
})
