import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { lintFiles } from '../../src/commands/lint.ts'
import { Failure } from '../../src/failures.ts'
import { renderFeed } from '../../src/feeds/render.ts'
import { makeFolder } from '../folders.ts'
import { addresses, article, feed, site } from '../feeds/nouns.ts'
import { broadsheet } from '../run.ts'

const now = new Date('2026-04-01T00:00:00Z')
const { 'rss.xml': good, 'feed.json': json } = renderFeed(feed(), site, addresses, [article(1), article(2)])
const bad = good.replace('Sun, 01 Mar', 'Mon, 01 Mar')

interface Json {
  files: {
    file: string
    kind?: string
    faults?: number
    failure?: { code: string }
    findings?: { rule: string; severity: string; line?: number; item?: string; mend: string; reference: string }[]
  }[]
}

describe('lint', () => {
  let root = ''
  const folder = () => root
  before(async () => (root = await makeFolder()))
  after(() => rm(root, { recursive: true }))
  const file = async (name: string, text: string) => {
    const path = join(folder(), name)
    await writeFile(path, text)
    return path
  }

  it('has nothing to say against a good feed, and ends with 0', async () => {
    const { text, exit } = await lintFiles([await file('good.xml', good), await file('good.json', json)], { now })
    assert.equal(exit, 0)
    assert.match(
      text,
      /good\.xml: RSS 2\.0, 2 items; nothing to say against it\n\n.*good\.json: JSON Feed 1\.1, 2 items/,
    )
  })

  it('ends with 1 when one of several files has a fault, and says all of it', async () => {
    const result = await lintFiles([await file('bad.xml', bad), await file('good.xml', good)], { now })
    assert.equal(result.exit, 1)
    assert.match(result.text, /2 items; 1 fault, 1 warning\n\nfault item\.date: [^]*Mon, 01 Mar 2026[^]*→ .*\(https:/)
    const { files } = result.json as Json
    const [finding] = files[0]!.findings!.filter(({ rule }) => rule === 'item.date')
    assert.equal(finding?.severity, 'fault')
    assert.equal(finding.item, 'urn:uuid:00000000-0000-8000-8000-000000000001')
    assert.ok(finding.line! > 1 && finding.mend !== '' && finding.reference.startsWith('https:'))
    assert.deepEqual([files[0]!.faults, files[1]!.faults], [1, 0])
  })

  it('ends with 0 when there are only warnings', async () => {
    const path = await file('plain.xml', good.replace(/<atom:link [^>]*>/, ''))
    const { text, exit } = await lintFiles([path], { now })
    assert.equal(exit, 0)
    assert.match(text, /0 faults, 1 warning\n\nwarning feed\.self/)
  })

  it('reads standard input', async () => {
    async function* input() {
      yield Buffer.from(bad.slice(0, 100))
      yield Buffer.from(bad.slice(100))
    }
    const { exit, text } = await lintFiles(['-'], { now, input: input() })
    assert.equal(exit, 1)
    assert.match(text, /^-: RSS 2\.0, 2 items/)
  })

  it('goes on behind a file that cannot be read', async () => {
    const { exit, json } = await lintFiles([join(folder(), 'none.xml'), await file('good.xml', good)], { now })
    const { files } = json as Json
    assert.equal(exit, 1)
    assert.deepEqual([files[0]!.failure?.code, files[1]!.kind], ['file.unreadable', 'RSS 2.0'])
  })

  it('refuses mails before it reads anything', async () => {
    await assert.rejects(lintFiles(['none.xml', 'edition.eml'], { now }), (thrown) => {
      assert(thrown instanceof Failure)
      return thrown.code === 'usage.wrong' && thrown.details['file'] === 'edition.eml'
    })
  })

  it('is a command, for whoever has no installation', async () => {
    const path = await file('bad.xml', bad)
    const { exit, stdout } = await broadsheet(folder(), 'lint', '--json', path)
    assert.equal(exit, 1)
    const found = (JSON.parse(stdout) as Json).files[0]!.findings!.map(({ rule }) => rule)
    assert.deepEqual(found.toSorted(), ['item.date', 'item.recommended'])
    assert.equal((await broadsheet(folder(), 'lint', 'edition.eml')).exit, 2)
  }).timeout(60_000)
})
