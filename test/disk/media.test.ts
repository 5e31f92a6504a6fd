import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir, readFile, rm, stat, truncate, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { keepMedia } from '../../src/disk/media.ts'
import { Failure } from '../../src/failures.ts'
import { addFiles, makeFolder } from '../folders.ts'
import { avif, gif, jpeg, png, webp } from '../pictures.ts'

describe('disk/media', () => {
  let folder: string
  let media: string

  beforeEach(async () => {
    folder = await makeFolder()
    media = join(folder, 'feeds/media')
  })

  afterEach(() => rm(folder, { recursive: true, force: true }))

  async function keep(name: string, content: string | Uint8Array) {
    await addFiles(folder, { [name]: content })
    return keepMedia(join(folder, name), media)
  }

  const fails = (code: string) => (thrown: unknown) => thrown instanceof Failure && thrown.code === code

  for (const [ending, type, content] of [
    ['jpg', 'image/jpeg', jpeg(640, 480)],
    ['png', 'image/png', png(640, 480)],
    ['gif', 'image/gif', gif(640, 480)],
    ['webp', 'image/webp', webp(640, 480)],
    ['avif', 'image/avif', avif(640, 480)],
  ] as const)
    it(`knows a picture of type ${type} by its bytes, whatever it is called`, async () => {
      const kept = await keep('picture.bin', content)
      const hash = createHash('sha256').update(content).digest('hex').slice(0, 32)
      assert.deepEqual(kept, { fileName: `${hash}.${ending}`, type, bytes: content.length, width: 640, height: 480 })
      assert.deepEqual(await readFile(join(media, kept.fileName)), content)
    })

  it('gives the size of a photograph as it is shown, turned upright', async () => {
    const { width, height } = await keep('upright.jpg', jpeg(640, 480, 6))
    assert.deepEqual({ width, height }, { width: 480, height: 640 })
    const flat = await keep('flat.jpg', jpeg(640, 480, 1))
    assert.deepEqual({ width: flat.width, height: flat.height }, { width: 640, height: 480 })
  })

  it('keeps the same picture once and does not touch it again', async () => {
    const { fileName } = await keep('a.png', png(4, 4))
    await utimes(join(media, fileName), 1000, 1000)
    await keep('b.png', png(4, 4))
    assert.deepEqual(await readdir(media), [fileName])
    assert.equal((await stat(join(media, fileName))).mtimeMs, 1_000_000)
    const changed = await keep('a.png', png(4, 4, 200))
    assert.notEqual(changed.fileName, fileName)
  })

  it('refuses what is no raster picture, and keeps nothing of it', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'
    await assert.rejects(keep('drawing.png', svg), fails('media.unusable'))
    await assert.rejects(keep('page.jpg', '<!doctype html><p>Not found'), fails('media.unusable'))
    await assert.rejects(keep('empty.gif', ''), fails('media.unusable'))
    await assert.rejects(keep('old.tiff.png', Buffer.from('II*\0\x08\0\0\0\0\0\0\0\0\0')), fails('media.unusable'))
    await assert.rejects(keep('cut.png', png(9, 9).subarray(0, 18)), fails('media.unusable'))
    await assert.rejects(keep('flat.gif', gif(0, 9)), fails('media.unusable'))
    await assert.rejects(readdir(media), { code: 'ENOENT' })
  })

  it('refuses a picture of more than 20 MB', async () => {
    await addFiles(folder, { 'huge.png': png(9, 9) })
    await truncate(join(folder, 'huge.png'), 20_000_001)
    await assert.rejects(keepMedia(join(folder, 'huge.png'), media), fails('media.tooLarge'))
    await truncate(join(folder, 'huge.png'), 20_000_000)
    assert.equal((await keepMedia(join(folder, 'huge.png'), media)).bytes, 20_000_000)
  })

  it('says so when there is no such picture', async () => {
    await assert.rejects(keepMedia(join(folder, 'none.png'), media), fails('file.unreadable'))
  })
})
