import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import { writePacked } from '../../src/disk/packed.ts'
import { writeAtomically } from '../../src/disk/write.ts'
import { makeFolder } from '../folders.ts'

const unpackers = { gz: gunzipSync, br: brotliDecompressSync, zst: zstdDecompressSync }

describe('disk/packed', () => {
  let folder: string
  let path: string
  beforeEach(async () => {
    folder = await makeFolder()
    path = join(folder, 'rss.xml')
  })
  afterEach(() => rm(folder, { recursive: true }))

  const write = async (text: string) => {
    await writeAtomically(path, text)
    await writePacked(path, text)
  }

  it('makes copies that unpack to the file and are as old as it is', async () => {
    for (const text of ['The ferry is late. '.repeat(500), 'The ferry is here. '.repeat(70_000), '']) {
      await write(text)
      const { mtimeMs } = await stat(path)
      for (const [ending, unpack] of Object.entries(unpackers)) {
        assert.equal(unpack(await readFile(`${path}.${ending}`)).toString(), text)
        assert.ok(Math.abs((await stat(`${path}.${ending}`)).mtimeMs - mtimeMs) <= 1)
      }
    }
  })

  it('does nothing where nothing changed', async () => {
    await write('The same')
    const inode = (await stat(`${path}.br`)).ino
    await write('The same')
    assert.equal((await stat(`${path}.br`)).ino, inode)
  })

  it('removes the copies when one cannot be made anew', async () => {
    await write('The first')
    await rm(`${path}.br`)
    await mkdir(join(`${path}.br`, 'in the way'), { recursive: true })
    await writeAtomically(path, 'The second')
    await assert.rejects(writePacked(path, 'The second'), { code: 'disk.write' })
    assert.deepEqual(await readdir(folder), ['rss.xml'], 'no copy of the first is handed out')
    await writePacked(path, 'The second')
    assert.equal(brotliDecompressSync(await readFile(`${path}.br`)).toString(), 'The second')
  })
})
