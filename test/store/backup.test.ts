import { strict as assert } from 'node:assert'
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { newestArticles, saveArticle } from '../../src/store/articles.ts'
import { backUp, readMigrations } from '../../src/store/backup.ts'
import { openDatabase, type Store } from '../../src/store/database.ts'
import { MIGRATIONS } from '../../src/store/migrate.ts'
import { makeFolder } from '../folders.ts'
import { mountDisk } from '../tmpfs.ts'
import { article, keysOf, pathOf } from './nouns.ts'

describe('store/backup', () => {
  let folder: string
  let path: string
  let target: string
  let store: Store
  beforeEach(async () => {
    folder = await makeFolder()
    path = join(folder, 'broadsheet.db')
    target = join(folder, 'copy.db')
    store = await openDatabase(path)
    await save('a1')
  })
  afterEach(async () => {
    await store.close()
    await rm(folder, { recursive: true })
  })

  const save = (id: string, text = id) => {
    const one = article({ id, text })
    return saveArticle(store.db, one, keysOf(one), pathOf(one))
  }

  async function idsIn(file: string): Promise<string[]> {
    const copy = await openDatabase(file)
    try {
      return (await newestArticles(copy.db, { limit: 999 })).map(({ id }) => id).toSorted()
    } finally {
      await copy.close()
    }
  }

  it('copies what others still have in their write-ahead log, into one file that only its owner reads', async () => {
    const copied = await backUp(path, target)
    assert.deepEqual(copied, { path: target, bytes: (await stat(target)).size, migrations: Object.keys(MIGRATIONS) })
    assert.equal((await stat(target)).mode & 0o777, 0o600)
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.startsWith('copy')),
      ['copy.db'],
    )
    assert.deepEqual(await idsIn(target), ['a1'])
  })

  it('copies one moment, while the database is written to without a pause', async () => {
    for (let number = 0; number < 200; number += 1) await save(`b${number}`, 'x'.repeat(20_000))
    const expected = await idsIn(path)
    let written = 0
    const reports: [number, number][] = []
    let writing = Promise.resolve()
    await backUp(path, target, {
      report(done, total) {
        reports.push([done, total])
        writing = writing.then(async () => {
          await save(`during${(written += 1)}`)
        })
      },
    })
    await writing
    // Beginning anew for each of them, it would never come to an end.
    assert.ok(reports.length > 1 && reports.length < 20, `${reports.length} reports`)
    assert.ok(written > 1)
    assert.deepEqual(await idsIn(target), expected)
    assert.ok((await idsIn(path)).includes('during1'))
  })

  it('replaces no file unless it is told to', async () => {
    await writeFile(target, 'the only copy of something else')
    await assert.rejects(backUp(path, target), { code: 'usage.exists', message: /copy\.db/ })
    assert.equal(await readFile(target, 'utf8'), 'the only copy of something else')
    await backUp(path, target, { force: true })
    assert.deepEqual(await idsIn(target), ['a1'])
  })

  it('never replaces the database itself or the files beside it, under whatever name', async () => {
    await symlink(folder, join(folder, 'link'))
    for (const name of ['broadsheet.db', 'broadsheet.db-wal', 'link/broadsheet.db', 'link/../broadsheet.db-shm'])
      await assert.rejects(backUp(path, join(folder, name), { force: true }), {
        code: 'backup.failed',
        message: /the database itself/,
      })
    assert.deepEqual(await idsIn(path), ['a1'])
  })

  it('says why it could not, and leaves what was there', async () => {
    await mkdir(join(folder, 'folder'))
    await assert.rejects(backUp(path, join(folder, 'folder')), { code: 'backup.failed', message: /not a file/ })
    await assert.rejects(backUp(path, join(folder, 'none', 'copy.db')), { code: 'backup.failed', message: /ENOENT/ })
    await assert.rejects(backUp(join(folder, 'none.db'), target), { code: 'database.unusable' })
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.includes('copy')),
      [],
    )
  })

  it('gives no name to a copy that is not whole', async () => {
    await store.close()
    // An index that does not say what its rows say: to be seen only by whoever reads everything.
    const sqlite = new BetterSqlite(path)
    sqlite.unsafeMode()
    sqlite.pragma('writable_schema = ON')
    const turned = sqlite
      .prepare(`update sqlite_master set sql = replace(sql, '("url")', '("title")') where name = 'article_url'`)
      .run()
    assert.equal(turned.changes, 1)
    sqlite.close()
    await writeFile(target, 'the last good one')
    await assert.rejects(backUp(path, target, { force: true }), { code: 'backup.faulty', message: /article_url/ })
    assert.equal(await readFile(target, 'utf8'), 'the last good one')
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.includes('unfinished')),
      [],
    )
    await rm(path)
    store = await openDatabase(path)
  })

  it('leaves nothing behind on a full disk, and the last copy as it was', async function () {
    const disk = await mountDisk(this, 4)
    try {
      const copy = join(disk.path, 'copy.db')
      await backUp(path, copy)
      await disk.fill()
      await save('a2')
      await assert.rejects(backUp(path, copy, { force: true }), { code: 'backup.failed', message: /full|ENOSPC/ })
      assert.deepEqual((await readdir(disk.path)).toSorted(), ['copy.db', 'filler'])
      await disk.empty()
      assert.deepEqual(await idsIn(copy), ['a1'])
      await backUp(path, copy, { force: true })
      assert.deepEqual(await idsIn(copy), ['a1', 'a2'])
    } finally {
      await disk.remove()
    }
  })

  it('reads the migrations of a database without running any', async () => {
    assert.deepEqual(readMigrations(path), Object.keys(MIGRATIONS))
    const old = join(folder, 'old.db')
    const [first = assert.fail()] = Object.entries(MIGRATIONS)
    await (await openDatabase(old, Object.fromEntries([first]))).close()
    const before = await readFile(old)
    assert.deepEqual(readMigrations(old), ['0001-first'])
    await backUp(old, target)
    assert.deepEqual(readMigrations(target), ['0001-first'])
    assert.deepEqual(await readFile(old), before)
    await writeFile(join(folder, 'letter.txt'), 'Dear editors, this is no database. '.repeat(100))
    assert.throws(() => readMigrations(join(folder, 'letter.txt')), { code: 'database.unusable' })
    await chmod(old, 0o400)
    assert.deepEqual(readMigrations(old), ['0001-first'])
  })
})
