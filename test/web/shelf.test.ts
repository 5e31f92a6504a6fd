import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openShelf, recheckMs } from '../../src/web/shelf.ts'
import { makeFolder } from '../folders.ts'

describe('web/shelf', () => {
  it('has at hand what it looked at within the last second, and nothing else', async () => {
    const folder = await makeFolder({ 'all/rss.xml': 'one' })
    let nowMs = 0
    const shelf = openShelf(folder, () => nowMs)
    assert.equal(shelf.peek('all/rss.xml'), undefined)
    const taken = await shelf.take('all/rss.xml')
    assert.equal(taken?.forms.identity.body.toString(), 'one')
    nowMs = recheckMs - 1
    assert.equal(shelf.peek('all/rss.xml'), taken)
    nowMs = recheckMs
    assert.equal(shelf.peek('all/rss.xml'), undefined)
    await writeFile(join(folder, 'all/rss.xml'), 'another')
    assert.equal((await shelf.take('all/rss.xml'))?.forms.identity.body.toString(), 'another')
    await rm(join(folder, 'all/rss.xml'))
    assert.equal(await shelf.take('all/rss.xml'), undefined)
    assert.equal(shelf.peek('all/rss.xml'), undefined)
  })

  it('keeps only as much as fits, the last taken longest', async () => {
    const names = Array.from({ length: 6 }, (_, number) => `f${number}`)
    // Nothing that could be packed.
    const bytes = Buffer.from(Array.from({ length: 15_000_000 }, (_, at) => (at * 2654435761) >>> 24))
    const folder = await makeFolder({})
    for (const name of names) await writeFile(join(folder, name), bytes)
    const shelf = openShelf(folder, () => 0)
    for (const name of names) await shelf.take(name)
    const kept = names.filter((name) => shelf.peek(name) !== undefined)
    assert(kept.length < names.length && kept.length > 0, kept.join())
    assert.equal(kept.at(-1), names.at(-1))
  })
}).timeout(60_000)
