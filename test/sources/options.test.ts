import assert from 'node:assert/strict'
import { z } from 'zod'
import { cron, id, webBase } from '../../src/sources/options.ts'

const web = z.strictObject({ id, ...webBase })

describe('sources/options', () => {
  for (const text of ['*/30 * * * *', '0 7 * * mon-fri', '5,35 6-22/2 1 jan *', ' 0 0 * * 0 ', '0 6 * * THU'])
    it(`takes ${JSON.stringify(text)} as a schedule`, () => assert(cron.safeParse(text).success))

  for (const text of [
    '',
    '* * * *',
    '* * * * * *',
    '60 * * * *',
    '@daily',
    'every day at noon',
    '0 0 L * *',
    '0 0 * * 1L',
    '0 25 * * *',
    '*/0 * * * *',
  ])
    it(`refuses ${JSON.stringify(text)} as a schedule`, () => assert(!cron.safeParse(text).success))

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
