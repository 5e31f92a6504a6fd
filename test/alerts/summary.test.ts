import assert from 'node:assert/strict'
import { summarize, type News } from '../../src/alerts/summary.ts'
import { type Occasion } from '../../src/alerts/dedupe.ts'
import { Failure } from '../../src/failures.ts'
import { hideAddresses } from '../../src/log.ts'
import { at } from '../press.ts'

const news = (occasion: Occasion, source: string): News => ({
  occasion,
  alert: {
    key: `source:${source}`,
    failure: new Failure('http.timeout', { source, url: `https://${source}.example/`, reason: undefined }).toJSON(),
    raisedAt: at(0),
    ...(occasion === 'over' && { clearedAt: at(90) }),
  },
})

const same = (text: string) => text

describe('alerts/summary', () => {
  it('tells of one trouble in words, with the facts, since when, and what to do', () => {
    const { subject, text, json } = summarize([news('new', 'main')], 'The Gazette', same)
    assert.equal(subject, '[The Gazette] source main: the site did not answer in time')
    assert.match(
      text,
      /^New:\n\n- the site did not answer in time\n {4}source: main\n {4}url: https:\/\/main\.example\/\n/,
    )
    assert.match(text, /since 2026-07-14 12:00 UTC\n {4}→ /)
    assert.doesNotMatch(text, /reason/)
    assert.equal(json.failures[0]?.state, 'new')
    assert.equal(json.failures[0].code, 'http.timeout')
    assert.match(json.text, /^The Gazette\n\nNew:/)
  })

  it('tells of several in one, what is new first, and what is over with its end and no advice', () => {
    const { subject, text } = summarize(
      [news('over', 'a'), news('still', 'b'), news('new', 'c'), news('new', 'd')],
      'G',
      same,
    )
    assert.equal(subject, '[G] 2 new, 1 still so, 1 over')
    assert.match(text, /New:[^]*source: c[^]*source: d[^]*Still so:[^]*source: b[^]*Over:[^]*source: a/)
    assert.match(text, /from 2026-07-14 12:00 UTC to 2026-07-14 13:30 UTC\n$/)
  })

  it('counts what does not fit, so that a storm stays one short mail', () => {
    const storm = Array.from({ length: 500 }, (_, index) => news('new', `s${index}`))
    const { subject, text, json } = summarize(storm, 'G', same)
    assert.equal(subject, '[G] 500 new')
    assert.match(text, /And 480 more: see the log\.\n$/)
    assert.equal(json.failures.length, 20)
  })

  it('lets no address of a reader out', () => {
    const failure = new Failure('mail.refused', {
      reply: '550 <ada@reader.example> unknown',
      newsletter: 'daily',
    }).toJSON()
    const told = summarize([{ alert: { key: 'k', failure, raisedAt: at(0) }, occasion: 'new' }], 'G', hideAddresses)
    assert.doesNotMatch(JSON.stringify(told), /ada/)
    assert.match(told.text, /reply: 550 <…@reader\.example> unknown/)
  })
})
