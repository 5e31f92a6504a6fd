import assert from 'node:assert/strict'
import { glob, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import { type Call, type Result, type Run } from '../../src/cli.ts'
import { register } from '../../src/commands/sources.ts'
import { readConfig } from '../../src/config.ts'
import { type Failure } from '../../src/failures.ts'
import { openLog } from '../../src/log.ts'
import { makeFolder } from '../folders.ts'
import { openSite, type Site } from '../sites.ts'

const page = (title: string) =>
  `<!doctype html><html lang="en"><head><title>${title}</title></head><body><article><h1>${title}</h1><p>${'The outer quay stayed shut on Monday after waves broke over the wall twice before dawn. '.repeat(3)}</p></article></body></html>`
const list = (...names: string[]) =>
  `<!doctype html><body>${names.map((name) => `<article><a href="/${name}">${name}</a><time>2026-03-0${name.length}</time></article>`).join('')}</body>`

describe('sources record, replay and test', () => {
  let root: string
  let site: Site

  beforeEach(async () => {
    site = await openSite({
      '/news?api_key=secret-2': list('storm', 'tide'),
      '/storm': page('Storm at sea'),
      '/tide': page('Tide'),
    })
    root = await makeFolder({
      'broadsheet.yaml': `
site: { title: Paper, url: https://paper.example/ }
sources:
  - id: main
    kind: page
    url: ${site.url}news?api_key=secret-2
    headers: { Cookie: "session=secret-1" }
    select: { item: article, title: a, date: time }
  - { id: desk, kind: folder, path: articles }
fetch: { allow: ["${site.authority}"], gap: 0ms }
`,
    })
  })

  afterEach(async () => {
    await rm(root, { recursive: true, force: true })
    await site.close()
  })

  /** All that lies in the recording, by name. */
  async function recorded(folder = join(root, 'var', 'recordings', 'main')) {
    const files: Record<string, string> = {}
    for await (const file of glob('**/*.*', { cwd: folder })) files[file] = await readFile(join(folder, file), 'utf8')
    return files
  }

  /** What a person typed behind `broadsheet sources`. */
  async function run(...args: string[]): Promise<Result & { json: Record<string, unknown> }> {
    const call: Call = {
      config: () => readConfig(join(root, 'broadsheet.yaml'), {}),
      withApp: () => assert.fail(),
      progress: { report: () => undefined, clear: () => undefined },
      log: openLog('silent', false),
      asJson: false,
      say: () => undefined,
    }
    const results: Result[] = []
    const take: Run =
      (work) =>
      async (...given) => {
        results.push(await work(call, ...given))
      }
    const program = new Command('broadsheet').exitOverride()
    register(program, take)
    await program.parseAsync(['sources', ...args], { from: 'user' })
    const [result] = results
    return { ...result!, json: result!.json as Record<string, unknown> }
  }

  it('keep what a source answered as plain files without its secrets, and read it again without the web', async () => {
    const { exit, json } = await run('record', 'main')
    assert.deepEqual([exit, json['answers'], json['items'], json['articles']], [0, 3, 2, 2])
    assert.equal(site.headers.get('/storm')?.cookie, 'session=secret-1')

    const files = await recorded()
    const names = Object.keys(files).toSorted()
    assert.deepEqual(
      names.map((name) => name.replace(/-[0-9a-f]{6}\./, '.')),
      ['bodies/news-api-key-secret.html', 'bodies/storm.html', 'bodies/tide.html', 'index.json'],
    )
    assert.equal(files[names[1]!], page('Storm at sea'))
    for (const [name, text] of Object.entries(files)) assert.doesNotMatch(`${name} ${text}`, /secret-[12](?![0-9a-f])/)

    await site.close()
    const replayed = await run('replay', 'main')
    assert.equal(replayed.exit, 0, replayed.text)
    assert.deepEqual(
      (replayed.json['articles'] as { title: string; published: string }[]).map(({ title, published }) => [
        title,
        published,
      ]),
      [
        ['Storm at sea', '2026-03-05T00:00:00.000Z'],
        ['Tide', '2026-03-04T00:00:00.000Z'],
      ],
    )
    const folder = await run('replay', join(root, 'var', 'recordings', 'main'))
    assert.deepEqual(folder.json, replayed.json)
  })

  it('use the options that the config has now, so that selectors can be tried without the web', async () => {
    await run('record', 'main')
    const file = join(root, 'broadsheet.yaml')
    const before = await readFile(file, 'utf8')
    await writeFile(file, before.replace('select: {', 'exclude: [tide]\n    select: {'))
    const { json } = await run('replay', 'main')
    assert.equal((json['articles'] as unknown[]).length, 1)
    await writeFile(file, before.replace('item: article', 'item: .gone'))
    const failed = await run('replay', 'main')
    assert.equal(failed.exit, 1)
    assert.equal((failed.json['faults'] as { code: string }[])[0]?.code, 'source.empty')
  })

  it('are the same files when the site answers the same, and forget what is gone', async () => {
    await run('record', 'main')
    const first = await recorded()
    await run('record', 'main')
    const second = await recorded()
    const dateless = (text = '') => text.replace(/"recordedAt": "[^"]*"/, '')
    assert.deepEqual(
      Object.entries(second).map(([name, text]) => [name, dateless(text)]),
      Object.entries(first).map(([name, text]) => [name, dateless(text)]),
    )
    site.answers.set('/news?api_key=secret-2', list('storm'))
    await run('record', 'main')
    assert.equal(Object.keys(await recorded()).length, 3)
  })

  it('show what became of the source since', async () => {
    assert.equal(((await run('test', 'main')).json['sources'] as { comparison: unknown }[])[0]!.comparison, null)
    await run('record', 'main')
    site.answers.set('/news?api_key=secret-2', list('gale', 'storm').replaceAll(/<time>.*?<\/time>/g, ''))
    site.answers.set('/gale', page('Gale'))
    const { json } = await run('test', 'main')
    const [{ comparison } = { comparison: undefined }] = json['sources'] as { comparison: Record<string, unknown> }[]
    assert.deepEqual(comparison?.['gained'], [`${site.url}gale`])
    assert.deepEqual(comparison['lost'], [`${site.url}tide`])
    const fill = comparison['fill'] as Record<'then' | 'now', Record<string, number>>
    assert.deepEqual([fill.then['published'], fill.now['published']], [1, 0])
    const { text } = await run('test', 'main')
    assert.match(text, /1 gained, 1 lost/)
    assert.match(text, /date: 100 % of the items, now 0 %/)
  })

  it('say what is wrong: nothing recorded, a folder, a broken recording', async () => {
    for (const [args, code] of [
      [['replay', 'main'], 'recording.missing'],
      [['replay', './elsewhere'], 'recording.missing'],
      [['replay', 'nobody'], 'usage.unknown'],
      [['record', 'desk'], 'usage.wrong'],
    ] as const)
      await assert.rejects(run(...args), (thrown: Failure) => thrown.code === code, args.join(' '))
    await run('record', 'main')
    await writeFile(join(root, 'var', 'recordings', 'main', 'index.json'), '{"version": 2}')
    await assert.rejects(run('replay', 'main'), (thrown: Failure) => thrown.code === 'recording.broken')
  })

  it('keep failures too', async () => {
    site.answers.delete('/tide')
    assert.equal((await run('record', 'main')).exit, 1)
    await site.close()
    const { json } = await run('replay', 'main')
    assert.deepEqual(
      (json['faults'] as { code: string }[]).map(({ code }) => code),
      ['http.missing'],
    )
    site = await openSite()
  })
})
