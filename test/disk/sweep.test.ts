import assert from 'node:assert/strict'
import { mkdir, readdir, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import {
  listMedia,
  mediaNamesIn,
  publishedTexts,
  removeFiles,
  sweepCopies,
  sweepMails,
  sweepUnfinished,
} from '../../src/disk/sweep.ts'
import { addFiles, makeFolder } from '../folders.ts'

const name = `${'0123456789abcdef'.repeat(2)}.jpg`
const other = `${'fedcba9876543210'.repeat(2)}.webp`
const monthAgo = new Date('2026-06-14T12:00:00Z')
const now = new Date('2026-07-14T12:00:00Z')

describe('disk/sweep', () => {
  let folder: string
  beforeEach(async () => (folder = await makeFolder()))
  afterEach(() => rm(folder, { recursive: true }))

  it('finds the names of pictures in whatever address they stand', () => {
    const text = `<img src="https://x.example/feeds/media/${name}?w=1"> "media/${other}" a${name} ${name}x media/${name.toUpperCase()}`
    assert.deepEqual(mediaNamesIn(text), [name, other])
  })

  it('lists our pictures and nothing else', async () => {
    await addFiles(folder, { [name]: '', 'logo.jpg': '', [`${name}.bak`]: '', [`.${name}`]: '' })
    assert.deepEqual(await listMedia(folder), [name])
    assert.deepEqual(await listMedia(join(folder, 'nowhere')), [])
  })

  it('reads the feed files that are out, of whatever feed', async () => {
    await addFiles(folder, {
      'all/rss.xml': '1',
      'old/feed.json': '2',
      'all/archive/12.json': '3',
      'all/topic/harbour/index.html': '4',
      'all/topic/harbour/archive/1.rss.xml': '5',
      'old/notes.txt': 'no',
      'all/archive/12.json.gz': 'no',
      'robots.txt': 'no',
    })
    assert.deepEqual((await Array.fromAsync(publishedTexts(folder))).toSorted(), ['1', '2', '3', '4', '5'])
  })

  it('removes what it can, and then says what it could not', async () => {
    await addFiles(folder, { a: '123', 'b/inside': '', c: '45' })
    await assert.rejects(removeFiles(folder, ['a', 'b', 'gone', 'c']), { code: 'disk.remove', message: /\/b/ })
    assert.deepEqual(await readdir(folder), ['b'])
    await addFiles(folder, { d: '123' })
    assert.deepEqual(await removeFiles(folder, ['d', 'gone']), { files: 1, bytes: 3 })
  })

  it('removes mails by the date in their names, and no other file', async () => {
    const files = {
      '20260614T115959999Z-a.eml': '',
      '20260614T120000000Z-b.eml': '',
      '20260714T120000000Z-c.eml': '',
      'kept by hand.eml': '',
      'readme.txt': '',
    }
    await addFiles(folder, files)
    assert.equal((await sweepMails(folder, monthAgo)).files, 1)
    assert.deepEqual((await readdir(folder)).toSorted(), Object.keys(files).slice(1).toSorted())
    assert.equal((await sweepMails(join(folder, 'nowhere'), monthAgo)).files, 0)
  })

  it('removes what was left half-written a while ago, and leaves what is being written', async () => {
    const old = ['.20260614T115959999Z-a.eml.part', `.broadsheet-${'0'.repeat(24)}.tmp`]
    const young = `.broadsheet-${'1'.repeat(24)}.tmp`
    await mkdir(join(folder, 'feeds', 'all'), { recursive: true })
    const archive = join(folder, 'feeds', 'all', 'topic', 'harbour', 'archive')
    await mkdir(archive, { recursive: true })
    for (const place of [folder, join(folder, 'feeds'), join(folder, 'feeds', 'all'), archive]) {
      await addFiles(place, { [old[0]!]: '', [old[1]!]: '', [young]: '', '.htaccess': '' })
      for (const each of [...old, '.htaccess']) await utimes(join(place, each), monthAgo, monthAgo)
      await utimes(join(place, young), now, now)
    }
    const before = new Date('2026-07-13T12:00:00Z')
    assert.equal((await sweepUnfinished([folder, join(folder, 'feeds')], before)).files, 8)
    assert.deepEqual(await readdir(join(folder, 'feeds', 'all')), [young, '.htaccess', 'topic'].toSorted())
    assert.deepEqual(await readdir(archive), [young, '.htaccess'].toSorted())
  })

  it('keeps the newest few copies of the database, whatever they are called', async () => {
    const path = join(folder, 'broadsheet.db')
    const names = ['0009-a', '0003-b', '0007-c', '0004-d']
    for (const [day, each] of names.entries()) {
      await addFiles(folder, { [`broadsheet.db.before-${each}`]: 'copy' })
      const at = new Date(now.getTime() + day * 86_400_000)
      await utimes(`${path}.before-${each}`, at, at)
    }
    const others = [
      'broadsheet.db',
      'broadsheet.db-wal',
      'other.db.before-0001-x',
      'broadsheet.db.before-0001-x.unfinished',
    ]
    await addFiles(folder, Object.fromEntries(others.map((each) => [each, ''])))
    assert.deepEqual(await sweepCopies(path, 3), { files: 1, bytes: 4 })
    assert.deepEqual(
      (await readdir(folder)).toSorted(),
      [...others, ...names.slice(1).map((each) => `broadsheet.db.before-${each}`)].toSorted(),
    )
  })
})
