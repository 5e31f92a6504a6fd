import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmod, readFile, rm, symlink, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type z } from 'zod'
import { type Failure } from '../../src/failures.ts'
import { find, options, readArticleFile } from '../../src/sources/folder.ts'
import { addFiles, isRoot, makeFolder, skipLoudly } from '../folders.ts'
import { png } from '../pictures.ts'

const fixture = fileURLToPath(new URL('../fixtures/folder/a-paper/', import.meta.url))
const BASE = 'https://news.gazette.example/articles/desk/'

describe('sources/folder', () => {
  let root: string

  beforeEach(async () => (root = await makeFolder()))

  afterEach(() => rm(root, { recursive: true, force: true }))

  /** What is found in the folder `articles` of `root`, and the faults as `code file`. */
  async function look(given: Partial<z.input<typeof options>> = {}, from = root) {
    const faults: string[] = []
    const items = await find(options.parse({ id: 'desk', kind: 'folder', path: 'articles', ...given }), {
      root: from,
      base: BASE,
      fault: (failure: Failure) => faults.push(`${failure.code} ${String(failure.details['file'])}`),
    })
    return { items, urls: items.map(({ url }) => url), faults }
  }

  const bodyOf = async (name: string, content: string | Uint8Array) => {
    await addFiles(root, { [name]: content })
    return readArticleFile(join(root, name), name)
  }

  it('finds the articles of a folder, sorted by path, without README and hidden files', async () => {
    const { items, faults } = await look({ path: 'input' }, fixture)
    const found = items.map(({ url, place, body, files }) => ({
      url,
      place,
      form: body?.form,
      files: files?.map((file) => file.url),
    }))
    assert.deepEqual(found, JSON.parse(await readFile(join(fixture, 'expected.json'), 'utf8')))
    assert.deepEqual(faults, [])
  })

  it('gives each article the address of its folder, where the publisher has one', async () => {
    await addFiles(root, { 'articles/2026/Ö & ö?.md': 'x', 'articles/index.txt': 'x', 'articles/a.b.HTML': 'x' })
    const { urls } = await look({ url: 'https://gazette.example/news' })
    assert.deepEqual(urls, [
      'https://gazette.example/news/2026/%C3%96%20%26%20%C3%B6%3F',
      'https://gazette.example/news/a.b',
      'https://gazette.example/news/',
    ])
  })

  it('gives one address to a name, however the system stores its accents', async () => {
    await addFiles(root, { 'articles/cafe\u0301.md': 'x' })
    assert.deepEqual((await look()).urls, [`${BASE}caf%C3%A9`])
  })

  it('keeps the first of two files with one address and names the second', async () => {
    await addFiles(root, {
      'articles/a.md': '1',
      'articles/a.txt': '2',
      'articles/b.md': '3',
      'articles/b/index.md': '4',
    })
    const { items, urls, faults } = await look()
    assert.deepEqual(urls, [`${BASE}a`, `${BASE}b`])
    assert.equal(items[0]?.body?.value, '1')
    assert.deepEqual(faults, ['file.sameAddress articles/a.txt', 'file.sameAddress articles/b/index.md'])
  })

  it('leaves out what exclude names before reading it', async () => {
    await addFiles(root, { 'articles/drafts/a.md': 'bin\0', 'articles/b.md': 'x', 'articles/c.txt': 'x' })
    const { urls, faults } = await look({ exclude: ['/Drafts/', 'regex:\\.txt$'] })
    assert.deepEqual(urls, [`${BASE}b`])
    assert.deepEqual(faults, [])
  })

  it('names the pictures that lie in the folder, by their addresses there, and reads none', async () => {
    await addFiles(root, {
      'articles/news/a.md': 'x',
      'articles/news/Quay 1.JPG': 'no picture',
      'articles/b.svg': '<svg/>',
    })
    const { items, faults } = await look()
    assert.deepEqual(items[0]?.files, [
      { url: `${BASE}news/Quay%201.JPG`, path: join(root, 'articles/news/Quay 1.JPG') },
    ])
    assert.deepEqual(faults, [])
  })

  it('follows no link out of the folder, and reads no article twice through a link', async () => {
    await addFiles(root, { 'secret.md': 'x', 'out/a.md': 'x', 'articles/a.md': 'x', 'articles/p.png': png(2, 2) })
    await symlink('../secret.md', join(root, 'articles/secret.md'))
    await symlink('../out', join(root, 'articles/out'))
    await symlink('a.md', join(root, 'articles/latest.md'))
    await symlink('.', join(root, 'articles/loop'))
    await symlink('p.png', join(root, 'articles/q.png'))
    await symlink('nowhere.md', join(root, 'articles/broken.md'))
    const { items, urls, faults } = await look()
    assert.deepEqual(urls, [`${BASE}a`])
    assert.deepEqual(
      items[0]?.files?.map(({ url }) => url),
      [`${BASE}p.png`, `${BASE}q.png`],
    )
    assert.deepEqual(faults.toSorted(), [
      'file.outside articles/out',
      'file.outside articles/secret.md',
      'file.unreadable articles/broken.md',
    ])
  })

  it('reads a folder that is a link itself, as the operator named it', async () => {
    await addFiles(root, { 'elsewhere/a.md': 'x' })
    await symlink('elsewhere', join(root, 'articles'))
    assert.deepEqual((await look()).urls, [`${BASE}a`])
  })

  it('names a file over 5 MB, a binary and broken text, and reads the rest', async () => {
    await addFiles(root, {
      'articles/a.md': 'x',
      'articles/binary.html': Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1]),
      'articles/huge.html': '<p>',
      'articles/latin.txt': Buffer.from('caf\u00e9', 'latin1'),
      'articles/z.txt': 'x',
    })
    await truncate(join(root, 'articles/huge.html'), 20_000_000)
    const { urls, faults } = await look()
    assert.deepEqual(urls, [`${BASE}a`, `${BASE}z`])
    assert.deepEqual(faults, [
      'file.notText articles/binary.html',
      'file.tooLarge articles/huge.html',
      'file.notText articles/latin.txt',
    ])
  })

  it('names what it may not read, and reads the rest', async () => {
    await addFiles(root, { 'articles/a.md': 'x', 'articles/shut.md': 'x', 'articles/closed/b.md': 'x' })
    await chmod(root, 0o755)
    await chmod(join(root, 'articles/shut.md'), 0)
    await chmod(join(root, 'articles/closed'), 0)
    // Nothing is shut to root, so for this moment the process is somebody else.
    if (isRoot) process.seteuid?.(65534)
    try {
      const { urls, faults } = await look()
      assert.deepEqual(urls, [`${BASE}a`])
      assert.deepEqual(faults, ['file.unreadable articles/closed', 'file.unreadable articles/shut.md'])
    } finally {
      if (isRoot) process.seteuid?.(0)
      await chmod(join(root, 'articles/closed'), 0o755)
    }
  })

  it('takes no time over a named pipe that is called an article', async function () {
    if (process.platform === 'win32') skipLoudly(this, 'there are no named pipes here')
    await addFiles(root, { 'articles/a.md': 'x' })
    execFileSync('mkfifo', [join(root, 'articles/pipe.md')])
    assert.deepEqual((await look()).urls, [`${BASE}a`])
  })

  it('fails as a whole when the folder is missing or is a file', async () => {
    await assert.rejects(look(), { code: 'folder.missing' })
    await addFiles(root, { articles: 'a file' })
    await assert.rejects(look(), { code: 'folder.missing' })
  })

  it('tells a whole page from a piece of HTML', async () => {
    assert.deepEqual(await bodyOf('a.htm', '<p>One.</p>'), { form: 'fragment', value: '<p>One.</p>' })
    assert.equal((await bodyOf('b.html', '<!DOCTYPE html><title>T</title><p>One.</p>')).form, 'page')
    assert.equal((await bodyOf('c.html', '\n<body class="x"><p>One.</p>')).form, 'page')
    assert.equal((await bodyOf('d.html', '<header>H</header><p>One.</p>')).form, 'fragment')
  })

  it('reads UTF-8 with and without a mark, and UTF-16 with one', async () => {
    assert.equal((await bodyOf('a.txt', '\ufeffHafen 港 🚢')).value, 'Hafen 港 🚢')
    assert.equal((await bodyOf('b.txt', Buffer.from('\ufeffHafen 港 🚢', 'utf16le'))).value, 'Hafen 港 🚢')
    const swapped = Buffer.from('\ufeff<p>Hafen 港', 'utf16le').swap16()
    assert.equal((await bodyOf('c.html', swapped)).value, '<p>Hafen 港')
    await assert.rejects(bodyOf('d.txt', Buffer.from('Hafen', 'utf16le')), { code: 'file.notText' })
    await assert.rejects(bodyOf('e.txt', Buffer.from([0xff, 0xfe, 0x41])), { code: 'file.notText' })
  })

  it('believes the encoding that a page declares', async () => {
    const quoted = (head: string) => Buffer.concat([Buffer.from(head), Buffer.from([0x93, 0x48, 0xe9, 0x94, 0x80])])
    const legacy = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">'
    assert.equal((await bodyOf('a.html', quoted(legacy))).value, `${legacy}“Hé”€`)
    assert.equal((await bodyOf('b.html', quoted('<META CHARSET=iso-8859-1>'))).value, '<META CHARSET=iso-8859-1>“Hé”€')
    const greek = Buffer.concat([Buffer.from("<meta charset='iso-8859-7'>"), Buffer.from([0xe1])])
    assert.equal((await bodyOf('c.html', greek)).value, "<meta charset='iso-8859-7'>α")
    const japanese = Buffer.concat([Buffer.from('<meta charset="shift_jis">'), Buffer.from([0x8d, 0x60])])
    assert.equal((await bodyOf('d.html', japanese)).value, '<meta charset="shift_jis">港')
  })

  it('reads a page as UTF-8 that declares what cannot be, and refuses it when it is not', async () => {
    for (const charset of ['utf-16', 'x-nonsense', 'utf-8']) {
      const page = `<meta charset="${charset}">Hafen 港`
      assert.equal((await bodyOf('a.html', page)).value, page)
      await assert.rejects(bodyOf('b.html', Buffer.from(`<meta charset="${charset}">\u00e9`, 'latin1')), {
        code: 'file.notText',
      })
    }
    // Only pages declare: in a text about pages the same words are words.
    await assert.rejects(bodyOf('c.txt', Buffer.from('<meta charset=latin1>\u00e9', 'latin1')), {
      code: 'file.notText',
    })
  })
})
