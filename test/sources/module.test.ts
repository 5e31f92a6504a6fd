import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigFailure, readConfig } from '../../src/config.ts'
import { type Failure } from '../../src/failures.ts'
import { type Item } from '../../src/item.ts'
import { find, kinds, sourceOptions } from '../../src/sources/index.ts'
import { guide } from '../../src/sources/module.ts'
import { contextOf } from './context.ts'
import { makeFolder } from '../folders.ts'
import { noFetch, openSite, readerOf } from '../sites.ts'

describe('sources/module', () => {
  let root: string
  const faults: Failure[] = []

  beforeEach(async () => {
    root = await makeFolder()
    faults.length = 0
  })

  afterEach(() => rm(root, { recursive: true, force: true }))

  /** What a source gives whose module holds `code`. */
  async function run(code: string, entry: object = {}, fetch = noFetch): Promise<Item[]> {
    await writeFile(join(root, 'own.ts'), code)
    const source = sourceOptions.parse({ id: 'own', kind: './own.ts', ...entry })
    const fault = (failure: Failure) => void faults.push(failure)
    return find(source, contextOf(fetch, { root, fault }))
  }

  const config = (entry: string) => `
site: { title: Paper, url: https://paper.example/ }
sources:
  - ${entry}
`
  /** The faults of a config with this source, as `check` prints them. */
  async function faultsOf(entry: string, code?: string) {
    if (code !== undefined) await writeFile(join(root, 'own.ts'), code)
    await writeFile(join(root, 'broadsheet.yaml'), config(entry))
    try {
      await readConfig(join(root, 'broadsheet.yaml'), {})
    } catch (thrown) {
      assert(thrown instanceof ConfigFailure)
      return thrown.faults.map(({ line, path, expected, found }) => ({ line, path, expected, found }))
    }
    return []
  }

  it('does what its guide shows', async () => {
    const [, code = ''] = /```ts\n([^]*?)```/.exec(guide) ?? []
    const [, entry = ''] = /```yaml\n- (.*)\n```/.exec(guide) ?? []
    assert.deepEqual(await faultsOf(entry.replace('my-source', 'own'), code), [])
    const site = await openSite({
      '/north-quay.txt': '2026-03-01 | Quay shut | The quay is shut.\n2026-02-20 | Berth 4 | It is free again.',
    })
    const reader = readerOf(site)
    try {
      const items = await run(code, { url: site.url, board: 'north-quay' }, reader.fetch)
      assert.deepEqual(items, [
        {
          url: `${site.url}notices/2026-03-01`,
          title: 'Quay shut',
          published: '2026-03-01',
          body: { form: 'text', value: 'The quay is shut.' },
        },
        {
          url: `${site.url}notices/2026-02-20`,
          title: 'Berth 4',
          published: '2026-02-20',
          body: { form: 'text', value: 'It is free again.' },
        },
      ])
    } finally {
      await reader.close()
      await site.close()
    }
  })

  it('names every faulty item and keeps the others', async () => {
    const items = await run(`export const find = () => [
      { url: 'https://gazette.example/good', title: 'Good', image: null, published: new Date('2026-03-01T08:00:00Z') },
      { url: 'javascript:alert(1)' }, { title: 'No address' }, 7, { url: 'https://gazette.example/x', titel: 'Typing' },
      { url: 'https://gazette.example/y', body: { form: 'pdf', value: '' } }]`)
    assert.deepEqual(items, [
      { url: 'https://gazette.example/good', title: 'Good', published: '2026-03-01T08:00:00.000Z' },
    ])
    assert.deepEqual(
      faults.map(({ code }) => code),
      Array<string>(5).fill('source.item'),
    )
    assert.match(faults[0]!.message, /\.\/own\.ts.*items\[1\]\.url/)
    assert.match(faults[3]!.message, /items\[4\].*titel/)
  })

  for (const [what, code, reason] of [
    ['throws', 'export const find = () => { throw new Error("the board is down") }', /own\.ts.*the board is down/],
    ['gives no list', 'export const find = async () => ({})', /no list/],
    ['exports no find', 'export const fund = 1', /no function find/],
    ['is no code', 'export const find = = 1', /own\.ts/],
  ] as const)
    it(`fails by name when the module ${what}`, async () => {
      await assert.rejects(
        run(code),
        (thrown: Failure) => thrown.code === 'source.module' && reason.test(thrown.message),
      )
    })

  it('is refused with its line when it cannot be loaded or its options are wrong', async () => {
    const code = 'export const options = (z) => z.strictObject({ board: z.string() }); export const find = () => []'
    assert.deepEqual(await faultsOf('{ id: own, kind: ./own.ts, board: north }', code), [])
    assert.deepEqual(
      (await faultsOf('{ id: own, kind: ./own.ts, board: 7 }')).map(({ line, path, found }) => [line, path, found]),
      [[4, 'sources[0].board', '7']],
    )
    assert.deepEqual(
      (await faultsOf('{ id: own, kind: ./own.ts, board: north, bord: x }')).map(({ path }) => path),
      ['sources[0].bord'],
    )
    const [missing] = await faultsOf('{ id: own, kind: ./other.ts }')
    assert.equal(missing?.path, 'sources[0].kind')
    assert.match(missing.expected, /ENOENT/)
    await writeFile(join(root, 'plain.js'), 'export const find = () => []')
    const [plain] = await faultsOf('{ id: own, kind: ./plain.js, quay: 1 }')
    assert.equal(plain?.path, 'sources[0].quay')
  })

  it('leaves the faults of other kinds as clear as they were', async () => {
    assert.deepEqual(
      (await faultsOf('{ id: x, kind: rss, url: not-an-address }')).map(({ path }) => path),
      ['sources[0].url'],
    )
    assert.deepEqual(await faultsOf('{ id: x, kind: own.ts }'), [
      {
        line: 4,
        path: 'sources[0].kind',
        expected: `one of: ${Object.keys(kinds).join(', ')}, or the path of a module such as ./my-source.ts`,
        found: '"own.ts"',
      },
    ])
    assert.deepEqual(
      (await faultsOf('{ id: x, url: https://a.example/ }')).map(({ path }) => path),
      ['sources[0].kind'],
    )
  })
})
