// A process that dies while it writes archives leaves whole files, and the next one makes good what is missing.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { access, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { saveArticle } from '../src/store/articles.ts'
import { openDatabase } from '../src/store/database.ts'
import { article } from './feeds/nouns.ts'
import { addFiles, makeFolder } from './folders.ts'

const program = fileURLToPath(new URL('../bin/broadsheet.js', import.meta.url))

const config = `
site: { title: The Harbour Gazette, url: 'https://gazette.example/' }
sources: [{ id: main, kind: folder, path: articles }]
feeds: [{ id: all, title: All, each: source }]
`

describe('publish, killed while it writes archives @slow', function () {
  this.timeout(180_000)

  it('leaves whole files, and ends up with those of one that nothing happened to', async () => {
    const [killed, undisturbed] = [await makePaper(), await makePaper()]
    assert.equal(await publishIn(undisturbed), 0)
    const expected = await filesOf(undisturbed)
    assert.ok(Object.keys(expected).length > 40, String(Object.keys(expected).length))

    // The newest page is written first: each of these dies further on.
    for (const name of ['archive/4.rss.xml', 'archive/3.json', 'archive/2.atom.xml', 'archive/1.rss.xml', 'rss.xml']) {
      await publishIn(killed, join(killed, 'feeds', 'all', name))
      for (const [path, text] of Object.entries(await filesOf(killed)))
        if (path.includes('archive')) assert.equal(text, expected[path], path)
    }
    assert.equal(await publishIn(killed), 0)
    assert.deepEqual(await filesOf(killed), expected)
    for (const folder of [killed, undisturbed]) await rm(folder, { recursive: true })
  })
})

async function makePaper(): Promise<string> {
  const folder = await makeFolder()
  await addFiles(folder, { 'broadsheet.yaml': config, 'articles/.keep': '' })
  const store = await openDatabase(join(folder, 'var', 'broadsheet.db'))
  for (let number = 1; number <= 345; number += 1) {
    const one = article(number, { publishedAt: new Date(Date.UTC(2025, 0, 1, number)) })
    await saveArticle(store.db, one, [`url:${one.url}`], new URL(one.url).pathname)
  }
  await store.close()
  return folder
}

/** As if as much time had passed as they run for. */
async function forgetLeases(folder: string): Promise<void> {
  const store = await openDatabase(join(folder, 'var', 'broadsheet.db'))
  await store.db.deleteFrom('lease').execute()
  await store.close()
}

/** Its exit code; undefined when it was killed, as soon as that file was there. */
async function publishIn(folder: string, until?: string): Promise<number | undefined> {
  const child = spawn(process.execPath, [program, 'publish'], { cwd: folder, stdio: 'ignore' })
  const ended = once(child, 'exit') as Promise<[number | null]>
  while (until !== undefined && child.exitCode === null && child.signalCode === null) {
    const isThere = await access(until).then(
      () => true,
      () => false,
    )
    if (isThere) child.kill('SIGKILL')
    await new Promise((resolve) => setImmediate(resolve))
  }
  const [code] = await ended
  await forgetLeases(folder)
  return code ?? undefined
}

const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex').slice(0, 16)

/** All but what was half-written when it died, which nobody is shown. */
async function filesOf(folder: string): Promise<Record<string, string>> {
  const found = await readdir(join(folder, 'feeds'), { recursive: true, withFileTypes: true })
  const paths = found
    .filter((one) => one.isFile() && !one.name.startsWith('.'))
    .map((one) => join(one.parentPath, one.name))
  const texts = paths.toSorted().map(async (path) => [path.slice(folder.length), hashOf(await readFile(path))] as const)
  return Object.fromEntries(await Promise.all(texts))
}
