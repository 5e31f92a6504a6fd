import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import { type App } from '../../src/app.ts'
import { type Call, type Result, type Run } from '../../src/cli.ts'
import { register } from '../../src/commands/articles.ts'
import { type Listed } from '../../src/commands/article-view.ts'
import { type Article } from '../../src/model.ts'
import { saveArticle } from '../../src/store/articles.ts'
import { openDatabase, type Database, type Store } from '../../src/store/database.ts'
import { markCopy } from '../../src/store/stories.ts'
import { readTick } from '../../src/store/ticks.ts'
import { addFiles, makeFolder } from '../folders.ts'
import { addDueEdition, article, at, ledger, save, silent } from '../press.ts'

describe('commands/articles', () => {
  let store: Store
  let db: Database
  let folder: string

  beforeEach(async () => {
    store = await openDatabase(':memory:')
    db = store.db
    folder = await makeFolder()
    await save(
      db,
      article('a1111111', at(0), {
        title: 'The ferry is back',
        text: 'It sails at eleven.\n\nTickets are cheaper.',
        publishedAt: at(-5),
      }),
      article('b2222222', at(1), { title: 'Storm shuts the quay', sourceId: 'other' }),
    )
  })

  afterEach(async () => {
    await store.close()
    await rm(folder, { recursive: true, force: true })
  })

  /** What a person typed behind `broadsheet articles`. */
  async function articles(...argv: string[]): Promise<Result & { json: Record<string, unknown> }> {
    const config = { feeds: [{ id: 'all' }], site: { timezone: 'UTC' } }
    const app = { db, config, now: () => at(30), log: silent } as unknown as App
    const call = {
      config: async () => app.config,
      withApp: (work: (app: App) => Promise<Result>) => work(app),
    } as unknown as Call
    const results: Result[] = []
    const run: Run =
      (work) =>
      async (...given) => {
        results.push(await work(call, ...given))
      }
    const program = new Command('broadsheet').exitOverride().configureOutput({ writeErr: () => undefined })
    register(program, run)
    await program.parseAsync(['articles', ...argv], { from: 'user' })
    return results[0] as Result & { json: Record<string, unknown> }
  }

  const listed = async (...argv: string[]) => (await articles('list', ...argv)).json['articles'] as Listed[]
  const ids = async (...argv: string[]) => (await listed(...argv)).map(({ id }) => id)
  const row = (id: string) => db.selectFrom('article').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

  /** As a later collection saves it. */
  async function again(changes: Partial<Article>) {
    const known = article('a1111111', at(0), {
      title: 'The ferry is back',
      text: 'It sails at eleven.\n\nTickets are cheaper.',
      publishedAt: at(-5),
      ...changes,
    })
    return saveArticle(db, known, [`url:${known.url}`], '/news/a1111111', { now: at(40), why: 'the site changed it' })
  }

  describe('list', () => {
    it('shows the newest first, and only what was asked for', async () => {
      assert.deepEqual(await ids(), ['b2222222', 'a1111111'])
      assert.deepEqual(await ids('--source', 'other'), ['b2222222'])
      assert.deepEqual(await ids('--text', 'FERRY'), ['a1111111'])
      assert.deepEqual(await ids('--text', 'cheaper'), ['a1111111'])
      assert.deepEqual(await ids('--since', '2026-07-15'), [])
      assert.deepEqual(await ids('--limit', '1'), ['b2222222'])
      assert.deepEqual(await ids('--withdrawn'), [])
      assert.match((await articles('list')).text, /^b2222222 {2}2026-07-14 {2}other {2}Storm shuts the quay$/m)
      assert.match((await articles('list', '--text', 'nowhere')).text, /No such article/)
      await assert.rejects(articles('list', '--limit', 'many'), { code: 'usage.wrong' })
      await assert.rejects(articles('list', '--since', 'soon'), { code: 'usage.wrong' })
    })
  })

  describe('an article is named', () => {
    it('by its address, one that it had, and the beginning of its id; anything else is said not to be one', async () => {
      await saveArticle(db, article('a1111111', at(0)), ['url:gazette.example/old'], '/x')
      for (const name of [
        'a1111',
        'A1111111',
        'https://gazette.example/old',
        'http://www.gazette.example/old/?utm_source=x',
      ])
        assert.equal((await articles('show', name)).json['id'], 'a1111111', name)
      for (const name of ['https://gazette.example/none', 'a11', '%', 'zzzz'])
        await assert.rejects(articles('show', name), { code: 'article.unknown' }, name)
      await save(db, article('a1113333', at(2)))
      await assert.rejects(articles('show', 'a111'), /several: a1111111 .*a1113333/)
    })
  })

  describe('show', () => {
    it('tells where each field came from, what else was said, and what it said before', async () => {
      const known = article('a1111111', at(0), {
        title: 'The ferry is back',
        text: 'It sails at noon.\n\nTickets are cheaper.',
        updatedAt: at(40),
      })
      await saveArticle(db, known, [], '/a', {
        now: at(40),
        why: 'the site changed it',
        origins: {
          title: { place: 'h1', confidence: 0.93, runnerUp: { value: 'Ferry!', place: 'og:title' } },
          authors: { place: 'the feed or list' },
        },
        correction: { kind: 'correction', note: 'Correction: it sails at noon.' },
      })
      const { text, json } = await articles('show', 'a1111111')
      assert.match(text, /title +The ferry is back +\(h1, 93 % sure; og:title says “Ferry!”\)/)
      assert.match(text, /authors +Ada Moor +\(the feed or list\)/)
      assert.match(text, /the site changed it/)
      assert.match(text, /~ It sails at \[-eleven-\]\{\+noon\+\}\./)
      assert.match(text, /Corrected .*: “Correction: it sails at noon\.”/)
      const [change] = json['history'] as { why: string; fields: { field: string; before: string }[] }[]
      assert.deepEqual(
        change?.fields.map(({ field }) => field),
        ['title', 'text', 'url', 'publishedAt', 'updatedAt'].filter((field) =>
          ['text', 'publishedAt', 'updatedAt'].includes(field),
        ),
      )
      assert.match((await articles('show', 'a1111111', '--text')).text, /\n\nIt sails at noon\.\n\nTickets/)
    })

    it('tells of copies, both ways', async () => {
      await markCopy(db, 'b2222222', 'a1111111')
      assert.match((await articles('show', 'a1111111')).text, /Also in:\n +other +Storm shuts the quay/)
      assert.match((await articles('show', 'b2222222')).text, /The original is “The ferry is back” of main/)
      assert.match((await articles('list')).text, /a copy of a1111111/)
    })
  })

  for (const [command, column, only] of [
    ['pin', 'pinnedAt', '--pinned'],
    ['exclude', 'excludedAt', '--excluded'],
    ['withdraw', 'withdrawnAt', '--withdrawn'],
  ] as const)
    describe(command, () => {
      it('does it once, says so, makes the feeds due, and takes it back', async () => {
        const first = await articles(command, 'a1111111')
        assert.equal(first.json['changed'], true)
        assert.equal((await row('a1111111'))[column], at(30).toISOString())
        assert.deepEqual(await ids(only), ['a1111111'])
        assert.equal((await readTick(db, 'publish:all'))?.finishedAt, undefined)
        assert.equal((await articles(command, 'a1111111')).json['changed'], false)
        assert.match(
          (await articles('show', 'a1111111')).text,
          new RegExp(`broadsheet articles ${command} a1111111 --undo`),
        )
        assert.equal((await articles(command, 'a1111111', '--undo')).json['changed'], true)
        assert.equal((await row('a1111111'))[column], null)
        assert.equal((await articles(command, 'a1111111', '--undo')).json['changed'], false)
        assert.equal(((await articles('show', 'a1111111')).json['history'] as unknown[]).length, 2)
      })
    })

  it('calls back an edition that holds a withdrawn article, and says what had gone', async () => {
    await addDueEdition(db, 3, { articleIds: ['a1111111'] })
    const { text, json } = await articles('withdraw', 'a1111111', '--why', 'the harbour master asked for it')
    assert.match(text, /daily\/1 held it and is called back; 3 readers had not got theirs/)
    assert.match(text, /broadsheet compose daily/)
    assert.equal((json['editions'] as unknown[]).length, 1)
    assert.deepEqual(Object.values(await ledger(db)), ['dropped', 'dropped', 'dropped'])
    assert.match((await articles('show', 'a1111111')).text, /withdrawn by the editor: the harbour master asked for it/)
    assert.match((await articles('show', 'a1111111')).text, /In daily\/1 \(cancelled\)/)
  })

  describe('correct', () => {
    it('writes what the editor says, keeps it when the site is read again, and takes it back', async () => {
      await articles('correct', 'a1111111', '--title', 'The  ferry sails again', '--author', 'Mara Lund', 'Tobias Renn')
      const corrected = await row('a1111111')
      assert.deepEqual(
        [corrected.title, corrected.authors, corrected.updatedAt],
        ['The ferry sails again', '["Mara Lund","Tobias Renn"]', at(30).toISOString()],
      )
      assert.equal(await again({}), 'unchanged')
      assert.equal(
        await again({ title: 'Ferry returns', authors: ['Somebody'], updatedAt: at(39), hash: 'other' }),
        'updated',
      )
      const later = await row('a1111111')
      assert.deepEqual(
        [later.title, later.authors, later.updatedAt],
        [corrected.title, corrected.authors, corrected.updatedAt],
      )
      assert.match((await articles('show', 'a1111111')).text, /title +The ferry sails again +\(the editor\)/)
      assert.match((await articles('correct', 'a1111111', '--undo', 'title')).text, /Taken back: title/)
      const half = await row('a1111111')
      assert.deepEqual([half.title, half.authors], ['Ferry returns', corrected.authors])
      await articles('correct', 'a1111111', '--undo')
      assert.equal((await row('a1111111')).authors, '["Somebody"]')
      assert.match((await articles('correct', 'a1111111', '--undo')).text, /has no such correction/)
    })

    it('takes a text from a file, cleaned, with an excerpt of its own', async () => {
      await addFiles(folder, {
        'ferry.md': 'The **ferry** sails.\n\n<script>alert(1)</script>\n\nIt is [full](https://gazette.example/full).',
        'ferry.pdf': 'x',
      })
      await db.updateTable('article').set({ excerpt: 'It sails at eleven. Tickets are cheaper.' }).execute()
      await articles(
        'correct',
        'a1111111',
        '--text',
        join(folder, 'ferry.md'),
        '--picture',
        'https://gazette.example/ferry.jpg',
        '--published',
        '2026-03-01',
      )
      const { html, text, excerpt, images, publishedAt, datedAt } = await row('a1111111')
      assert.equal(
        html,
        '<p>The <strong>ferry</strong> sails.</p>\n<p>It is <a href="https://gazette.example/full">full</a>.</p>',
      )
      assert.equal(text, 'The ferry sails.\n\nIt is full.')
      assert.equal(excerpt, 'The ferry sails. It is full.')
      assert.deepEqual(
        [images, publishedAt, datedAt],
        ['[{"url":"https://gazette.example/ferry.jpg"}]', '2026-03-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
      )
      const [change] = (await articles('show', 'a1111111')).json['history'] as { why: string }[]
      assert.equal(change?.why, 'corrected by the editor')
    })

    it('refuses what it cannot do, and changes nothing', async () => {
      const before = await row('a1111111')
      for (const wrong of [
        [],
        ['--title', ' '],
        ['--text', 'a.pdf'],
        ['--published', 'soon'],
        ['--undo', 'colour'],
        ['--title', 'x', '--undo'],
      ])
        await assert.rejects(articles('correct', 'a1111111', ...wrong), { code: 'usage.wrong' }, wrong.join(' '))
      await assert.rejects(articles('correct', 'a1111111', '--text', join(folder, 'none.md')), {
        code: 'file.unreadable',
      })
      assert.deepEqual(await row('a1111111'), before)
    })
  })
})
