import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MIGRATIONS } from '../../src/store/migrate.ts'
import { openDatabase } from '../../src/store/database.ts'
import { copySample, repository, type Sample } from '../sample.ts'

interface Ended {
  exit: number | null
  stdout: string
  stderr: string
}

const names = Object.keys(MIGRATIONS)
const [first = assert.fail()] = Object.entries(MIGRATIONS)

describe('commands/backup and commands/migrate', () => {
  let paper: Sample
  let path: string
  beforeEach(async () => {
    paper = await copySample()
    path = join(paper.root, 'var', 'broadsheet.db')
  })
  afterEach(() => paper.remove())

  async function broadsheet(...args: string[]): Promise<Ended> {
    const child = spawn(process.execPath, [join(repository, 'bin', 'broadsheet.js'), ...args], {
      cwd: paper.root,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const [exit] = (await once(child, 'close')) as [number | null]
    return { exit, stdout, stderr }
  }

  const makeDatabase = async (migrations = MIGRATIONS) => (await openDatabase(path, migrations)).close()

  it('copies, says what and where, and replaces nothing unasked', async () => {
    await makeDatabase()
    const done = await broadsheet('backup', 'copy.db', '--json')
    assert.equal(done.exit, 0, done.stderr)
    const copy = join(paper.root, 'copy.db')
    assert.deepEqual(JSON.parse(done.stdout), { path: copy, bytes: (await stat(copy)).size, migrations: names })

    const again = await broadsheet('backup', 'copy.db')
    assert.equal(again.exit, 2)
    assert.match(again.stderr, /--force/)
    const forced = await broadsheet('backup', 'copy.db', '--force')
    assert.equal(forced.exit, 0, forced.stderr)
    assert.match(forced.stdout, /copy\.db holds the whole database \(\d+ kB\), checked/)
  })

  it('copies a database of an older version as it is, and makes none where there is none', async () => {
    const none = await broadsheet('backup', 'copy.db')
    assert.equal(none.exit, 1)
    await assert.rejects(stat(path))
    await makeDatabase(Object.fromEntries([first]))
    const done = await broadsheet('backup', 'copy.db', '--json')
    assert.deepEqual((JSON.parse(done.stdout) as { migrations: string[] }).migrations, [first[0]])
    assert.equal((await broadsheet('migrate', '--check')).exit, 1)
  })

  it('migrate shows what is pending, keeps a copy, and says where', async () => {
    await makeDatabase(Object.fromEntries([first]))
    const check = await broadsheet('migrate', '--check')
    assert.equal(check.exit, 1)
    for (const name of names.slice(1)) assert.match(check.stdout, new RegExp(`^  ${name}$`, 'm'))
    assert.deepEqual(
      (await readdir(join(paper.root, 'var'))).filter((name) => name.includes('before')),
      [],
    )

    const done = await broadsheet('migrate')
    assert.equal(done.exit, 0, done.stderr)
    const copy = `${path}.before-${names[1] ?? ''}`
    assert.match(done.stdout, new RegExp(`^As it was before: ${copy}$`, 'm'))
    await stat(copy)
    const after = await broadsheet('migrate', '--check', '--json')
    assert.equal(after.exit, 0)
    assert.deepEqual(JSON.parse(after.stdout), { database: path, pending: [], ran: [], backup: null })
  })

  it('migrate makes a new database, and says as JSON what it did', async () => {
    const done = await broadsheet('migrate', '--json')
    assert.equal(done.exit, 0, done.stderr)
    assert.deepEqual(JSON.parse(done.stdout), { database: path, pending: [], ran: names, backup: null })
  })

  it('migrate refuses a database of a newer version, and leaves it alone', async () => {
    await makeDatabase({ ...MIGRATIONS, '9999-later': { up: () => Promise.resolve() } })
    for (const args of [['migrate'], ['migrate', '--check']]) {
      const ended = await broadsheet(...args)
      assert.equal(ended.exit, 1)
      assert.match(ended.stderr, /9999-later/)
    }
    await rm(path)
    await writeFile(path, 'Dear editors, this is no database. '.repeat(100))
    assert.equal((await broadsheet('migrate', '--check')).exit, 1)
  })
})
