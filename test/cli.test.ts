import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { copySample, repository, type Sample } from './sample.ts'

const launcher = join(repository, 'bin', 'broadsheet.js')

interface Ended {
  exit: number | null
  stdout: string
  stderr: string
}

/** One command line, run as a person runs it, to its end. */
async function broadsheet(cwd: string, ...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [launcher, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const [exit] = (await once(child, 'close')) as [number | null]
  return { exit, stdout, stderr }
}

const oneArticle = `---
title: The ferry is late
date: 2026-03-01T08:00:00Z
topics: [harbour]
---

The morning ferry left the quay at nine, an hour after its time, and nobody on it minded.
`

/** An installation that has one article and nothing else. */
async function smallPaper(): Promise<Sample> {
  const sample = await copySample()
  await rm(join(sample.root, 'examples'), { recursive: true })
  await mkdir(join(sample.root, 'examples'))
  await writeFile(join(sample.root, 'examples', 'ferry.md'), oneArticle)
  return sample
}

describe('the command line', () => {
  let paper: Sample
  beforeEach(async () => {
    paper = await smallPaper()
  })
  afterEach(() => paper.remove())

  it('teaches with --help, and each command has help of its own', async () => {
    const help = await broadsheet(paper.root, '--help')
    assert.equal(help.exit, 0)
    for (const command of [
      'serve',
      'run',
      'collect',
      'publish',
      'compose',
      'deliver',
      'check',
      'doctor',
      'preview',
      'send-test',
      'extract',
      'lint',
      'init',
      'inspect',
      'sources',
      'subscribers',
    ])
      assert.match(help.stdout, new RegExp(`^  ${command}\\b`, 'm'))
    assert.equal((await broadsheet(paper.root, 'subscribers', 'add', '--help')).exit, 0)
  })

  it('exits with 2 on a command or option that does not exist, and suggests the right one', async () => {
    const wrong = await broadsheet(paper.root, 'colect')
    assert.equal(wrong.exit, 2)
    assert.match(wrong.stderr, /Did you mean collect\?/)
    assert.equal((await broadsheet(paper.root, 'run', '--fast')).exit, 2)
  })

  it('exits with 2 without a config, and says how to get one', async () => {
    const ended = await broadsheet(paper.root, '--config', 'nothing.yaml', 'run')
    assert.equal(ended.exit, 2)
    assert.match(ended.stderr, /broadsheet\.yaml/)
  })

  it('checks the config and points at the faulty line', async () => {
    assert.equal((await broadsheet(paper.root, 'check')).exit, 0)
    const yaml = await readFile(paper.configFile, 'utf8')
    await writeFile(paper.configFile, yaml.replace('kind: folder', 'kind: foldr'))
    const ended = await broadsheet(paper.root, 'check')
    assert.equal(ended.exit, 2)
    const line = yaml.split('\n').findIndex((text) => text.includes('kind: folder')) + 1
    assert.match(ended.stderr, new RegExp(`broadsheet\\.yaml:${line} .*sources\\[0\\]\\.kind`))
  })

  it('runs the four verbs, then finds nothing left to do', async () => {
    const first = await broadsheet(paper.root, 'run', '--json')
    assert.equal(first.exit, 0, first.stderr)
    const done = JSON.parse(first.stdout) as {
      collected: { sources: { added: number }[] }
      delivered: { submitted: number }
    }
    assert.equal(done.collected.sources[0]?.added, 1)
    assert.equal(done.delivered.submitted, 1)
    assert.equal((await readdir(join(paper.root, 'var', 'mail'))).filter((name) => name.endsWith('.eml')).length, 1)

    const second = await broadsheet(paper.root, 'run')
    assert.equal(second.exit, 0)
    assert.match(second.stdout, /1 unchanged/)
    assert.match(second.stdout, /no edition/)
    assert.match(second.stdout, /nothing due/)
  })

  it('exits with 1 while no mail server can be used, keeps the mails due, and sends them when one can', async () => {
    const yaml = await readFile(paper.configFile, 'utf8')
    await writeFile(paper.configFile, `${yaml}\nmail:\n  transports: [{ id: relay, url: "smtp://127.0.0.1:1" }]\n`)
    const added = await broadsheet(paper.root, 'subscribers', 'add', 'ada@reader.example')
    assert.equal(added.exit, 0, added.stderr)
    const down = await broadsheet(paper.root, 'run')
    assert.equal(down.exit, 1)
    assert.match(down.stdout, /mail server cannot be used[^]*transport: relay[^]*ECONNREFUSED[^]*broadsheet doctor/)
    await writeFile(paper.configFile, yaml)
    assert.match((await broadsheet(paper.root, 'deliver')).stdout, /1 submitted/)
  })

  it('lets each verb run alone', async () => {
    for (const verb of ['collect', 'publish', 'compose', 'deliver']) {
      const ended = await broadsheet(paper.root, verb, '--json')
      assert.equal(ended.exit, 0, `${verb}: ${ended.stderr}`)
      JSON.parse(ended.stdout)
    }
    assert.equal((await broadsheet(paper.root, 'collect', 'attic')).exit, 2)
  })

  it('exits with 1 when one file is bad, keeps the rest and names the file', async () => {
    await writeFile(join(paper.root, 'examples', 'broken.md'), '---\ntitle: [never closed\n---\nText.\n')
    await writeFile(join(paper.root, 'examples', 'picture.html'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0]))
    const ended = await broadsheet(paper.root, 'run')
    assert.equal(ended.exit, 1)
    assert.match(ended.stdout, /broken\.md/)
    assert.match(ended.stdout, /picture\.html/)
    assert.match(ended.stdout, /1 submitted/)
  })

  it('keeps the list: adds, lists, removes, and never revives someone who left', async () => {
    const add = () => broadsheet(paper.root, 'subscribers', 'add', 'Ann@Reader.example')
    assert.equal((await add()).exit, 0)
    assert.match((await broadsheet(paper.root, 'subscribers', 'list')).stdout, /Ann@reader\.example +weekly +active/)
    assert.equal((await broadsheet(paper.root, 'subscribers', 'remove', 'ann@reader.example')).exit, 0)
    assert.match((await broadsheet(paper.root, 'subscribers', 'list')).stdout, /ended/)
    const again = await add()
    assert.equal(again.exit, 1)
    assert.match(again.stderr, /only they can come back/)
    assert.equal((await broadsheet(paper.root, 'subscribers', 'add', 'no address')).exit, 1)
    assert.equal((await broadsheet(paper.root, 'subscribers', 'remove', 'nobody@reader.example')).exit, 1)
  })

  it('previews the next edition without sending it', async () => {
    await broadsheet(paper.root, 'collect')
    const ended = await broadsheet(paper.root, 'preview', 'weekly', '--json')
    assert.equal(ended.exit, 0, ended.stderr)
    const { files, isNew } = JSON.parse(ended.stdout) as { files: Record<string, string>; isNew: boolean }
    assert.equal(isNew, true)
    assert.match(await readFile(files['html']!, 'utf8'), /The ferry is late/)
    assert.match(await readFile(files['text']!, 'utf8'), /The ferry is late/i)
    assert.match(await readFile(files['eml']!, 'utf8'), /^List-Unsubscribe: </m)
    assert.match((await broadsheet(paper.root, 'run')).stdout, /1 submitted/)
  })

  it('extracts one article without needing a config', async () => {
    await rm(paper.configFile)
    const ended = await broadsheet(paper.root, 'extract', join('examples', 'ferry.md'), '--json')
    assert.equal(ended.exit, 0, ended.stderr)
    const article = JSON.parse(ended.stdout) as { title: string; published: string; text: string }
    assert.equal(article.title, 'The ferry is late')
    assert.equal(article.published, '2026-03-01T08:00:00.000Z')
    assert.match(article.text, /nobody on it minded\.$/)
    assert.equal((await broadsheet(paper.root, 'extract', 'nothing.txt')).exit, 1)
  })

  it('serves until it is told to stop, and ends cleanly', async () => {
    const yaml = await readFile(paper.configFile, 'utf8')
    await writeFile(paper.configFile, yaml.replace('listen: 127.0.0.1:8080', 'listen: 127.0.0.1:0'))
    const child = spawn(process.execPath, [launcher, 'serve'], { cwd: paper.root, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    const ended = once(child, 'close')
    const address = await new Promise<string>((resolve, reject) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text
        const found = /The paper +(http:\S+)/.exec(stdout)?.[1]
        if (found !== undefined && stdout.includes('Ctrl-C ends.')) resolve(found)
      })
      void ended.then(() => reject(new Error(`serve ended by itself: ${stdout}`)))
    })
    for (const [path, type] of [
      ['', 'text/html'],
      ['feeds/all/rss.xml', 'application/rss+xml'],
      ['feeds/all/', 'text/html'],
      ['mail/', 'text/html'],
      ['healthz', 'application/json'],
    ] as const) {
      const answer = await fetch(new URL(path, address))
      assert.equal(answer.status, 200, path)
      assert.match(answer.headers.get('content-type') ?? '', new RegExp(type.replace('+', '\\+')), path)
      await answer.arrayBuffer()
    }
    child.kill('SIGINT')
    assert.deepEqual(await ended, [0, null])
  })
})
