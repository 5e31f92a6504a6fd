import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigFailure, parseConfig, readConfig } from '../src/config.ts'
import { Failure } from '../src/failures.ts'

const SMALLEST = `
site: { title: Paper, url: https://paper.example/ }
sources:
  - { id: desk, kind: folder, path: articles }
`

const WITH_NEWSLETTER = `
site: { title: Paper, url: https://paper.example/, address: 1 Street }
server: { url: https://news.paper.example }
sources:
  - { id: desk, kind: folder, path: articles }
newsletters:
  - { id: daily, title: Daily, from: Paper <daily@paper.example> }
`

/** Line, path and wording of each fault of a config text. */
function faultsOf(text: string, environment: NodeJS.ProcessEnv = {}) {
  try {
    parseConfig(text, 'broadsheet.yaml', environment)
  } catch (thrown) {
    assert(thrown instanceof ConfigFailure)
    return thrown.faults.map(({ line, path, expected, found }) => ({ line, path, expected, found }))
  }
  return []
}

/** The first fault of a config text that must have one. */
function onlyFaultOf(text: string, environment: NodeJS.ProcessEnv = {}) {
  const [fault] = faultsOf(text, environment)
  assert(fault !== undefined, 'a fault was expected')
  return fault
}

describe('config', () => {
  it('needs a title, an address and one source, and gives the rest a default', () => {
    const config = parseConfig(SMALLEST, 'broadsheet.yaml', {})
    assert.equal(config.site.timezone, 'UTC')
    assert.equal(config.server.listen, '127.0.0.1:8080')
    assert.equal(config.database, 'var/broadsheet.db')
    assert.equal(config.publish.directory, 'feeds')
    assert.deepEqual(config.newsletters, [])
  })

  it('names every fault with its line, path, what was expected and what was found', () => {
    const faults = faultsOf(`site:
  title: Paper
  url: paper.example
  colour: blue
sources:
  - id: desk
    kind: folder
    path: articles
feeds:
  - id: all
    title: Everything
    items: many
`)
    assert.deepEqual(
      faults.map(({ line, path, found }) => [line, path, found]),
      [
        [3, 'site.url', '"paper.example"'],
        [4, 'site.colour', '"blue"'],
        [12, 'feeds[0].items', '"many"'],
      ],
    )
    assert.match(faults[0]!.expected, /https/)
  })

  it('refuses a key that is not built yet instead of ignoring it', () => {
    const fault = onlyFaultOf(`${SMALLEST}publish: { mirror: "https://hub.example/" }\n`)
    assert.equal(fault.path, 'publish.mirror')
    assert.equal(fault.line, 5)
    assert.match(fault.found, /the key mirror/)
  })

  it('takes a hub by its address, or is one where it can be reached', () => {
    const faultOf = (publish: string) => onlyFaultOf(`${SMALLEST}publish: { hub: ${publish} }\n`)
    assert.equal(faultOf('mine').path, 'publish.hub')
    assert.equal(faultOf('own').path, 'server.url')
    assert.equal(parseConfig(`${SMALLEST}publish: { hub: "https://hub.example/" }\n`, 'b.yaml', {}).feeds.length, 0)
  })

  it('refuses PostgreSQL plainly', () => {
    const fault = onlyFaultOf(`${SMALLEST}database: postgres://user@host/name\n`)
    assert.equal(fault.path, 'database')
    assert.match(fault.expected, /PostgreSQL is not built yet/)
  })

  it('refuses a source kind that it does not know', () => {
    const fault = onlyFaultOf(SMALLEST.replace('folder', 'telepathy'))
    assert.equal(fault.path, 'sources[0].kind')
    assert.match(fault.expected, /folder/)
  })

  it('shows a missing key where it should stand', () => {
    const fault = onlyFaultOf('site:\n  title: Paper\nsources:\n  - { id: desk, kind: folder, path: a }\n')
    assert.deepEqual([fault.line, fault.path, fault.found], [1, 'site.url', 'nothing'])
  })

  it('refuses two sources of one id and a choice of a source that is not there', () => {
    const faults = faultsOf(`${SMALLEST}  - { id: desk, kind: folder, path: b }
feeds: [{ id: all, title: All, where: { sources: [desk, attic] } }]
`)
    assert.deepEqual(
      faults.map(({ path }) => path),
      ['sources[1].id', 'feeds[0].where.sources[1]'],
    )
  })

  it('lets no newsletter be configured without a postal and a public address', () => {
    assert.deepEqual(faultsOf(WITH_NEWSLETTER), [])
    const without = WITH_NEWSLETTER.replace(', address: 1 Street', '').replace(/server:.*\n/, '')
    assert.deepEqual(
      faultsOf(without).map(({ path }) => path),
      ['site.address', 'server.url'],
    )
  })

  it('fills ${NAME} from the environment and says which is missing', () => {
    const text = `${SMALLEST}server: { adminPassword: "\${ADMIN}" }\n`
    assert.equal(
      parseConfig(text, 'broadsheet.yaml', { ADMIN: 'twelve-letters' }).server.adminPassword,
      'twelve-letters',
    )
    const fault = onlyFaultOf(text)
    assert.match(fault.expected, /ADMIN/)
  })

  it('never shows a secret that came from the environment', () => {
    const faults = faultsOf(`${SMALLEST}server: { adminPassword: "\${ADMIN}" }\n`, { ADMIN: 'hunter2' })
    assert.equal(faults.length, 1)
    assert.doesNotMatch(JSON.stringify(faults), /hunter2/)
  })

  it('points at the line where the YAML itself is broken', () => {
    const fault = onlyFaultOf('site:\n  title: "Paper\nsources: []\n')
    assert(fault.line >= 2)
    assert.equal(fault.expected, 'YAML')
  })

  it('refuses a former id that is still in use, or that two claim', () => {
    const feeds =
      'feeds:\n  - { id: a, title: A }\n  - { id: b, title: B, was: [a, c] }\n  - { id: d, title: D, was: c }\n'
    const paths = faultsOf(`${SMALLEST}${feeds}`).map(({ path }) => path)
    assert.deepEqual(paths, ['feeds[1].was', 'feeds[2].was'])
  })

  it('refuses a bomb of aliases', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]']
    for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef'])
      bomb.push(`${to}: &${to} [${Array(9).fill(`*${from}`).join()}]`)
    assert.equal(faultsOf(bomb.join('\n')).length, 1)
  })

  it('reads .env beside the file, which the environment outweighs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'broadsheet-config-'))
    try {
      const file = join(folder, 'broadsheet.yaml')
      await writeFile(file, SMALLEST.replace('title: Paper', 'title: "${NAME} ${KIND}"'))
      await writeFile(join(folder, '.env'), 'NAME=Morning\nKIND=Post\n')
      const config = await readConfig(file, { KIND: 'Star' })
      assert.equal(config.site.title, 'Morning Star')
      assert.equal(config.publishDirectory, join(folder, 'feeds'))
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('says that there is no config file', async () => {
    await assert.rejects(readConfig('/nowhere/broadsheet.yaml', {}), (thrown) => {
      return thrown instanceof Failure && thrown.code === 'config.missing'
    })
  })
})
