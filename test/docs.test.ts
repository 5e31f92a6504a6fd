import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { chmod, glob, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { parse, stringify } from 'yaml'
import { parseConfig } from '../src/config.ts'
import { copySample, repository } from './sample.ts'

const run = promisify(execFile)

/** The fenced blocks of a page that say what a test is to do with them: `<!-- file: NAME -->` or `<!-- run -->`. */
function blocks(markdown: string) {
  return [...markdown.matchAll(/<!-- (file: (\S+)|run) -->\n+```\w*\n([\s\S]*?)```/g)].map(([, , name, text = '']) => ({
    name,
    text,
  }))
}

describe('the documentation', () => {
  it("holds a guide to one's own paper that works as written", async function () {
    this.timeout(120_000)
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

  it('holds a guide to a podcast that works as written', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'broadsheet-podcast-'))
    // Where the recordings are, in place of the paper's own site, which there is not.
    const lengths: Record<string, number> = { '/talk/the-wall.mp3': 29_784_103, '/the-ferry.m4a': 17_004_211 }
    const site = createServer(({ url = '' }, response) => {
      const length = lengths[url]
      if (length === undefined) response.writeHead(404).end()
      else response.writeHead(200, { 'content-length': length, 'content-type': 'application/octet-stream' }).end()
    }).listen(0, '127.0.0.1')
    await once(site, 'listening')
    const { port } = site.address() as AddressInfo
    const here = `http://127.0.0.1:${port}`
    try {
      const steps = blocks(await readFile(join(repository, 'docs', 'podcasts.md'), 'utf8'))
      assert.deepEqual(steps.map(({ name }) => name), ['broadsheet.yaml', 'talk/the-wall.md', 'talk/the-ferry.md', undefined])
      for (const { name, text } of steps) {
        if (name === undefined) continue
        const local = text
          .replace('https://gazette.example/talk/ }', `${here}/talk/ }`)
          .replace('https://media.gazette.example', here)
        await mkdir(dirname(join(folder, name)), { recursive: true })
        await writeFile(join(folder, name), name.endsWith('.yaml') ? `${local}fetch: { allow: ["127.0.0.1:${port}"] }\n` : local)
      }
      const broadsheet = (...args: string[]) =>
        run(process.execPath, [join(repository, 'bin', 'broadsheet.js'), ...args], { cwd: folder })
      assert.equal(steps.at(-1)?.text.trim(), 'broadsheet run')
      await broadsheet('run')
      await broadsheet('lint', 'feeds/talk/rss.xml')
      const rss = await readFile(join(folder, 'feeds', 'talk', 'rss.xml'), 'utf8')
      const wall = rss.slice(rss.indexOf('<title>The wall'))
      const ferry = rss.slice(rss.indexOf('<title>The ferry'), rss.indexOf('<title>The wall'))
      assert.ok(wall.includes(`<enclosure length="29784103" type="audio/mpeg" url="${here}/talk/the-wall.mp3"/>`))
      assert.ok(ferry.includes(`<enclosure length="17004211" type="audio/mp4" url="${here}/the-ferry.m4a"/>`))
      for (const said of ['duration>3723', 'season>1', 'episode>7', 'image href="https://gazette.example/talk/the-wall.jpg"'])
        assert.ok(wall.includes(`<itunes:${said}`), said)
      assert.ok(wall.includes('<podcast:transcript url="https://gazette.example/talk/the-wall.vtt" type="text/vtt"/>'))
      for (const said of ['author>Mara Lund', 'category text="Daily News"', 'explicit>false'])
        assert.ok(rss.slice(0, rss.indexOf('<item>')).includes(`<itunes:${said}`), said)
    } finally {
      site.closeAllConnections()
      site.close()
      await rm(folder, { recursive: true, force: true })
    }
  }).timeout(120_000) // prettier-ignore

  it('says how to copy a paper, bring it back and upgrade it, and all of that works as written', async function () {
    // A dozen commands, each a process of its own.
    this.timeout(120_000)
    const paper = await copySample((yaml) => yaml.replace(/schedule: .*/g, 'schedule: "0 0 1 1 *"'))
    try {
      const shell = await openShell(paper.root)
      const steps = blocks(await readFile(join(repository, 'docs', 'running.md'), 'utf8')).map(({ text }) => text)
      const [copy = '', restore = '', look = '', start = '', upgrade = '', ...more] = steps
      assert.deepEqual(more, [])
      const mails = async () => (await readdir(join(paper.root, 'var', 'mail'))).length

      await shell('broadsheet run')
      await shell('broadsheet subscribers add reader@reader.example')
      assert.equal(await mails(), 1)
      await shell(copy)

      // What the copy does not know: an article that was mailed since. Then the disk takes its revenge.
      const late =
        '---\ntitle: The late ferry\ntopics: [harbour]\n---\n\nIt sailed an hour after its time, and all on board were asleep.\n'
      await writeFile(join(paper.root, 'examples', 'late-ferry.md'), late)
      await shell('broadsheet collect && broadsheet compose && broadsheet deliver')
      const before = await mails()
      assert.ok(before > 1)
      await writeFile(join(paper.root, 'var', 'broadsheet.db'), 'nothing but noise '.repeat(500))
      await assert.rejects(shell('broadsheet run'))

      await shell(restore)
      assert.match(await shell('broadsheet subscribers list'), /reader@reader\.example/)
      assert.match(await shell(look), /weekly\/2/)
      await shell('broadsheet editions cancel weekly/2')
      await shell(start)
      assert.equal(await mails(), before, 'what was mailed before is not mailed again')
      await shell(upgrade)
    } finally {
      await paper.remove()
    }
  })

  it('shows no config that would be refused', async () => {
    const base = parse(await readFile(join(repository, 'broadsheet.yaml'), 'utf8')) as Record<string, unknown>
    let shown = 0
    for (const page of ['README.md', 'docs/running.md', 'docs/politeness.md', 'docs/podcasts.md']) {
      const text = await readFile(join(repository, page), 'utf8')
      for (const [, yaml = ''] of text.matchAll(/```yaml\n([\s\S]*?)```/g)) {
        shown += 1
        const config = stringify({ ...base, feeds: [], newsletters: [], ...(parse(yaml) as Record<string, unknown>) })
        parseConfig(config, page, { BROADSHEET_ADMIN_PASSWORD: 'twelve letters or more', SMTP_PASSWORD: 'secret' })
      }
    }
    assert.ok(shown >= 8, `only ${shown} were found`)
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

/** Runs lines as a person at a shell in this folder does, where `broadsheet` is a command; gives what they print. */
async function openShell(folder: string): Promise<(lines: string) => Promise<string>> {
  const bin = join(folder, 'bin')
  await mkdir(bin)
  const launcher = join(repository, 'bin', 'broadsheet.js')
  await writeFile(join(bin, 'broadsheet'), `#!/bin/sh\nexec '${process.execPath}' '${launcher}' "$@"\n`)
  await chmod(join(bin, 'broadsheet'), 0o755)
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` }
  return async (lines) => (await run('sh', ['-ec', lines], { cwd: folder, env })).stdout
}
