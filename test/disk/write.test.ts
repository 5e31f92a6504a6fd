import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { writeAtomically } from '../../src/disk/write.ts'
import { Failure } from '../../src/failures.ts'
import { addFiles, isRoot, makeFolder, skipLoudly } from '../folders.ts'

const failsFor = (path: string, reason: RegExp) => (thrown: unknown) => {
  assert(thrown instanceof Failure)
  assert.equal(thrown.code, 'disk.write')
  assert.equal(thrown.details['path'], path)
  assert.match(String(thrown.details['reason']), reason)
  assert(thrown.cause instanceof Error)
  return true
}

describe('disk/write', () => {
  let folder: string
  const mounted: string[] = []

  beforeEach(async () => (folder = await makeFolder()))

  afterEach(async () => {
    for (const path of mounted.splice(0)) execFileSync('umount', [path])
    await rm(folder, { recursive: true, force: true })
  })

  /** A small file system of its own, or undefined where this user may not have one. */
  function mountSmall(path: string, options: string): boolean {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { stdio: 'ignore' })
    } catch {
      return false
    }
    mounted.push(path)
    return true
  }

  it('writes text and bytes into folders that it makes', async () => {
    assert.equal(await writeAtomically(join(folder, 'feeds/all/rss.xml'), 'Hafen – 港'), 'written')
    assert.equal(await readFile(join(folder, 'feeds/all/rss.xml'), 'utf8'), 'Hafen – 港')
    assert.equal(await writeAtomically(join(folder, 'bytes'), new Uint8Array([0, 255, 10])), 'written')
    assert.deepEqual([...(await readFile(join(folder, 'bytes')))], [0, 255, 10])
    assert.deepEqual(await readdir(folder), ['bytes', 'feeds'])
  })

  it('leaves a file alone that holds the same bytes already', async () => {
    const path = join(folder, 'feed.json')
    await writeAtomically(path, '{}')
    await utimes(path, 1000, 1000)
    assert.equal(await writeAtomically(path, '{}'), 'unchanged')
    assert.equal((await stat(path)).mtimeMs, 1_000_000)
    assert.equal(await writeAtomically(path, '[]'), 'written')
    assert.equal(await readFile(path, 'utf8'), '[]')
  })

  it('keeps the permissions of the file that it replaces', async () => {
    const path = join(folder, 'feed.json')
    await writeAtomically(path, 'one')
    await chmod(path, 0o664)
    await writeAtomically(path, 'two')
    assert.equal((await stat(path)).mode & 0o777, 0o664)
  })

  it('says so when the target is a folder, and leaves no temporary file', async () => {
    const path = join(folder, 'rss.xml')
    await mkdir(path)
    await assert.rejects(writeAtomically(path, 'text'), failsFor(path, /EISDIR|EPERM|ENOTEMPTY|EEXIST/))
    assert.deepEqual(await readdir(folder), ['rss.xml'])
  })

  it('says so when a file stands where its folder should be', async () => {
    await addFiles(folder, { feeds: 'a file' })
    const path = join(folder, 'feeds/rss.xml')
    await assert.rejects(writeAtomically(path, 'text'), failsFor(path, /EEXIST|ENOTDIR/))
  })

  it('keeps what was there when the folder may not be written to', async function () {
    const home = join(folder, 'feeds')
    await mkdir(home)
    if (isRoot && !mountSmall(home, 'size=64k')) skipLoudly(this, 'root may write everywhere and may not mount here')
    const path = join(home, 'rss.xml')
    await writeAtomically(path, 'good')
    if (isRoot) execFileSync('mount', ['-o', 'remount,ro', home])
    else await chmod(home, 0o555)
    await assert.rejects(writeAtomically(path, 'new'), failsFor(path, /EROFS|EACCES/))
    assert.equal(await readFile(path, 'utf8'), 'good')
    assert.deepEqual(await readdir(home), ['rss.xml'])
    if (!isRoot) await chmod(home, 0o755)
  })

  it('keeps the last good file and leaves no temporary one when the disk is full', async function () {
    const disk = join(folder, 'disk')
    await mkdir(disk)
    if (!mountSmall(disk, 'size=64k')) skipLoudly(this, 'a full disk is made with mount, which this user may not use')
    const path = join(disk, 'feeds/rss.xml')
    await writeAtomically(path, 'g'.repeat(20_000))
    await assert.rejects(writeAtomically(path, 'n'.repeat(200_000)), failsFor(path, /ENOSPC/))
    assert.equal(await readFile(path, 'utf8'), 'g'.repeat(20_000))
    assert.deepEqual(await readdir(join(disk, 'feeds')), ['rss.xml'])
    assert.equal(await writeAtomically(path, 'small again'), 'written')
  })

  it('never shows half a file while two processes write the same one', async function () {
    this.timeout(60_000)
    const path = join(folder, 'rss.xml')
    const contents = ['a', 'b'].map((letter) => letter.repeat(300_000))
    await writeAtomically(path, contents[0]!)
    const module = new URL('../../src/disk/write.ts', import.meta.url).href
    const script = `import { writeAtomically } from ${JSON.stringify(module)}
      for (let n = 0; n < 100; n++) await writeAtomically(process.argv[1], (n % 2 === 0 ? 'b' : 'a').repeat(300_000))`
    let working = 2
    const writers = [1, 2].map(() =>
      promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, path]).finally(() => working--),
    )
    const seen = new Set<string>()
    const reading = (async () => {
      do seen.add(await readFile(path, 'utf8'))
      while (working > 0)
    })()
    await Promise.all([...writers, reading])
    assert(seen.size === 2, 'the reader met both contents')
    for (const content of seen) assert(contents.includes(content), `half a file of ${content.length} characters`)
    assert.deepEqual(await readdir(folder), ['rss.xml'])
  })
})
