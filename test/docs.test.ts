import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { glob } from 'node:fs/promises'
import { repository } from './sample.ts'

const run = promisify(execFile)

/** The fenced blocks of a page that say what a test is to do with them: `<!-- file: NAME -->` or `<!-- run -->`. */
function blocks(markdown: string) {
  return [...markdown.matchAll(/<!-- (file: (\S+)|run) -->\n+```\w*\n([\s\S]*?)```/g)].map(([, , name, text = '']) => ({
    name,
    text,
  }))
}

describe('the documentation', () => {
  it("holds a guide to one's own paper that works as written", async () => {
    const folder = await mkdtemp(join(tmpdir(), 'broadsheet-guide-'))
    try {
      const steps = blocks(await readFile(join(repository, 'README.md'), 'utf8'))
      assert.equal(steps.length, 4)
      for (const { name, text } of steps) {
        if (name !== undefined) {
          await mkdir(dirname(join(folder, name)), { recursive: true })
          await writeFile(join(folder, name), text)
          continue
        }
        for (const line of text.trim().split('\n')) {
          const [command, ...args] = line.split(' ')
          assert.equal(command, 'broadsheet')
          await run(process.execPath, [join(repository, 'bin', 'broadsheet.js'), ...args], { cwd: folder })
        }
      }
      for (const name of [
        'feeds/all/rss.xml',
        'feeds/all/atom.xml',
        'feeds/all/feed.json',
        'feeds/all/index.html',
        'var/preview/weekly.html',
      ])
        await stat(join(folder, name))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('links to no file that is not there', async () => {
    const missing: string[] = []
    for (const page of await Array.fromAsync(glob('{*.md,docs/**/*.md}', { cwd: repository }))) {
      const text = await readFile(join(repository, page), 'utf8')
      for (const [, link = ''] of text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
        if (/^[a-z]+:/i.test(link)) continue
        await stat(join(repository, dirname(page), link)).catch(() => missing.push(`${page}: ${link}`))
      }
    }
    assert.deepEqual(missing, [])
  })
})
