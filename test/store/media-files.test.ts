import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Enclosure } from '../../src/model.ts'
import { toRow } from '../../src/store/article-rows.ts'
import { saveArticle } from '../../src/store/articles.ts'
import { openDatabase, type Database } from '../../src/store/database.ts'
import { withdrawArticle } from '../../src/store/article-fates.ts'
import { dueFiles, postponeFile, settleFile, withAnswers } from '../../src/store/media-files.ts'
import { MIGRATIONS } from '../../src/store/migrate.ts'
import { retireArticles } from '../../src/store/retention.ts'
import { articlesTouchedAfter, latestTouch } from '../../src/store/touches.ts'
import { describeOnEveryDatabase } from './databases.ts'
import { article, at, keysOf, pathOf } from './nouns.ts'

const file = (name: string, more: Partial<Enclosure> = {}): Enclosure => ({
  url: `https://gazette.example/${name}.mp3`,
  type: 'audio/mpeg',
  bytes: 10,
  ...more,
})

describeOnEveryDatabase('store: the files beside articles', (open) => {
  async function save(db: Database, id: string, enclosures: Enclosure[], now = at(0)) {
    const one = article({ id, enclosures })
    await saveArticle(db, one, keysOf(one), pathOf(one), { now, why: 'test' })
    return one
  }
  const due = async (db: Database, now = at(1), limit = 9) =>
    (await dueFiles(db, 'main', now, limit)).map(({ url }) => url.split('/').at(-1)!.split('.')[0])

  it('are due once they are known, and not before, and no more once they are settled', async () => {
    const db = await open()
    await save(db, 'a1', [file('x'), file('y')], at(5))
    assert.deepEqual(await due(db, at(4)), [])
    assert.deepEqual(await due(db, at(5)), ['x', 'y'])
    assert.deepEqual(await due(db, at(5), 1), ['x'])
    assert.deepEqual(await dueFiles(db, 'other', at(5), 9), [])
    await settleFile(db, file('x').url, { fate: 'known', bytes: 3 })
    await postponeFile(db, file('y').url, { dueAt: at(9), attempts: 1 })
    assert.deepEqual(await due(db, at(8)), [])
    assert.deepEqual(await dueFiles(db, 'main', at(9), 9), [{ url: file('y').url, type: 'audio/mpeg', attempts: 1 }])
  })

  it('are due again when the source says other numbers, and are forgotten when it names them no more', async () => {
    const db = await open()
    await save(db, 'a1', [file('x'), file('y')])
    for (const name of ['x', 'y']) await settleFile(db, file(name).url, { fate: 'known', bytes: 3 })
    await save(db, 'a1', [file('x', { title: 'X' }), file('y')])
    assert.deepEqual(await due(db), [])
    await save(db, 'a1', [file('x', { bytes: 11 })])
    assert.deepEqual(await due(db), ['x'])
    assert.equal((await db.selectFrom('mediaFile').selectAll().execute()).length, 1)
    const one = await save(db, 'a1', [file('x', { bytes: 11, type: '' })])
    assert.deepEqual(await withAnswers(db, [one]), [one])
  })

  it('are shown as their hosts know them, in every article that waited for it', async () => {
    const db = await open()
    const one = await save(db, 'a1', [file('x', { title: 'X' }), file('y'), file('z')])
    const other = await save(db, 'a2', [file('x')])
    await settleFile(db, file('x').url, { fate: 'known', bytes: 3, type: 'audio/mp4' })
    await settleFile(db, file('y').url, { fate: 'known' })
    await settleFile(db, file('z').url, { fate: 'missing' }, { dueAt: at(9), attempts: 1 })
    const shown = await withAnswers(db, [one, other])
    const { url } = file('y')
    assert.deepEqual(shown[0]!.enclosures, [file('x', { title: 'X', bytes: 3, type: 'audio/mp4' }), { url, type: 'audio/mpeg' }])
    assert.deepEqual(shown[1]!.enclosures, [file('x', { bytes: 3, type: 'audio/mp4' })])
    assert.deepEqual(await due(db, at(9)), ['z'])
    await settleFile(db, file('z').url, { fate: 'unasked' })
    assert.deepEqual((await withAnswers(db, [one]))[0]!.enclosures.at(-1), file('z'))
  }) // prettier-ignore

  it('change an article for feeds only where they are shown otherwise than before', async () => {
    const db = await open()
    await save(db, 'a1', [file('x'), file('y')])
    await save(db, 'a2', [file('z')])
    const before = await latestTouch(db)
    await settleFile(db, file('x').url, { fate: 'known', bytes: 10, type: 'audio/mpeg' })
    await settleFile(db, file('y').url, { fate: 'unasked' })
    assert.equal(await latestTouch(db), before)
    await settleFile(db, file('z').url, { fate: 'missing' })
    const changed = await articlesTouchedAfter(db, { touched: before, id: '￿' }, 9)
    assert.deepEqual(changed.map(({ article: { id } }) => id), ['a2'])
  }) // prettier-ignore

  it('are asked about no more when their article is gone', async () => {
    const db = await open()
    await save(db, 'a1', [file('x')])
    await save(db, 'a2', [file('y')])
    await withdrawArticle(db, 'a1', { by: 'editor', why: 'test', now: at(1) })
    await retireArticles(db, ['a2'], at(1))
    assert.deepEqual(await due(db), [])
    assert.equal((await db.selectFrom('mediaFile').selectAll().execute()).length, 1)
  })
})

describe('store: the migration that brings files beside articles', () => {
  it('lets the files of articles that are there already be asked about', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'broadsheet-media-files-'))
    const path = join(folder, 'broadsheet.db')
    try {
      const former = await openDatabase(
        path,
        Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name < '0012')),
      )
      const one = toRow(article({ id: 'a1', enclosures: [file('x')] }), '/1')
      const { episode, ...row } = one
      assert.equal(episode, null)
      await former.db.insertInto('article').values(row).execute()
      await former.close()
      const store = await openDatabase(path)
      assert.deepEqual(await dueFiles(store.db, 'main', at(0), 9), [
        { url: file('x').url, type: 'audio/mpeg', attempts: 0 },
      ])
      await store.close()
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
