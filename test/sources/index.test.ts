import assert from 'node:assert/strict'
import { type z } from 'zod'
import { type Item } from '../../src/item.ts'
import { kinds, moduleKind, sourceOptions, wants } from '../../src/sources/index.ts'

describe('sources', () => {
  for (const [name, kind] of Object.entries({ ...kinds, './module.ts': moduleKind }))
    it(`describes every option of the kind ${name}, for the config reference`, () => {
      assert(kind.options.shape.kind.safeParse(name).success)
      for (const [key, option] of Object.entries<z.ZodType>(kind.options.shape))
        assert((option.description ?? '').length > 10, `${key} is not described`)
      assert(kind.guide.length > 100)
    })

  it('refuses unknown kinds, unknown keys and ids that are no part of an address', () => {
    const source = { id: 'desk', kind: 'folder', path: 'articles' }
    assert(sourceOptions.safeParse(source).success)
    for (const change of [
      { kind: 'fax' },
      { schedule: 'hourly' },
      { id: 'Desk' },
      { id: '../desk' },
      { id: '' },
      { path: '' },
      { url: 'ftp://gazette.example/' },
      { include: [''] },
      { exclude: ['regex:('] },
    ])
      assert(!sourceOptions.safeParse({ ...source, ...change }).success, JSON.stringify(change))
  })

  const item: Item = { url: 'https://gazette.example/news/storm', place: 'desk/articles/news/storm.md' }
  const judge = (patterns: { include?: string[]; exclude?: string[] }) =>
    wants(sourceOptions.parse({ id: 'desk', kind: 'folder', path: 'desk/articles', ...patterns }), item, 'Storm at Sea')

  it('wants everything unless told otherwise', () => assert(judge({})))

  it('wants what include names by path, address or title', () => {
    for (const pattern of ['/news/', '.md', 'gazette.example/news', 'storm at', 'regex:^storm', 'regex:/news/.*\\.md$'])
      assert(judge({ include: ['nothing', pattern] }), pattern)
    for (const pattern of ['/sport/', 'desk/articles', 'regex:^/storm', 'storm.at'])
      assert(!judge({ include: [pattern] }), pattern)
  })

  it('wants nothing that exclude names, whatever include says', () => {
    assert(!judge({ include: ['/news/'], exclude: ['at sea'] }))
    assert(!judge({ exclude: ['STORM.MD'] }))
    assert(judge({ exclude: ['on land'] }))
  })
})
