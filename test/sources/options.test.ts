import assert from 'node:assert/strict'
import { z } from 'zod'
import { id, webBase } from '../../src/sources/options.ts'

const web = z.strictObject({ id, ...webBase })

describe('sources/options', () => {
  it('reads every half hour unless told otherwise', () => {
    const read = web.parse({ id: 'main' })
    assert.equal(read.schedule, '*/30 * * * *')
    assert.deepEqual([read.was, read.headers, read.topics], [[], {}, []])
  })

  it('takes one former id or several', () => {
    assert.deepEqual(web.parse({ id: 'main', was: 'old' }).was, ['old'])
    assert.deepEqual(web.parse({ id: 'main', was: ['old', 'older'] }).was, ['old', 'older'])
    assert(!web.safeParse({ id: 'main', was: 'No Id' }).success)
  })

  it('takes headers of the source, and none that would break a request or forge another', () => {
    const headers = { Cookie: 'session=1; a="b"', 'X-Token': 'grün' }
    assert.deepEqual(web.parse({ id: 'main', headers }).headers, headers)
    for (const faulty of [
      { 'Bad Name': 'x' },
      { Cookie: 'a\r\nHost: evil.example' },
      { Host: 'evil.example' },
      { 'content-length': '1' },
      { 'If-None-Match': '"x"' },
      { '': 'x' },
    ])
      assert(!web.safeParse({ id: 'main', headers: faulty }).success, JSON.stringify(faulty))
  })
})
