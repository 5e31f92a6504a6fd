import { strict as assert } from 'node:assert'
import { options } from '../../src/http/options.ts'

describe('http/options', () => {
  it('has a default for everything but the contact', () => {
    assert.deepEqual(options.parse({}), { allow: [], gap: 1_000, timeout: 30_000 })
  })

  it('takes what is written', () => {
    const written = {
      contact: 'bot@gazette.example',
      allow: ['127.0.0.1:4001', '[::1]:80'],
      gap: '500ms',
      timeout: '2m',
    }
    assert.deepEqual(options.parse(written), { ...written, gap: 500, timeout: 120_000 })
    assert.equal(options.parse({ contact: 'https://gazette.example/bot' }).contact, 'https://gazette.example/bot')
    assert.equal(options.parse({ gap: '0s' }).gap, 0)
  })

  for (const [key, value] of [
    ['contact', 'the editors'],
    ['contact', 'ftp://gazette.example/'],
    ['allow', ['127.0.0.1']],
    ['allow', ['http://127.0.0.1:4001']],
    ['allow', ['*:80']],
    ['allow', ['10.0.0.0/8:80']],
    ['gap', 1],
    ['gap', '1h'],
    ['gap', '61s'],
    ['gap', '-1s'],
    ['timeout', '500ms'],
    ['timeout', '6m'],
    ['timeout', 'long'],
    ['cookies', true],
  ] as const) {
    it(`refuses ${key}: ${JSON.stringify(value)}`, () => {
      const { error } = options.safeParse({ [key]: value })
      assert.equal(error?.issues.length, 1)
    })
  }
})
