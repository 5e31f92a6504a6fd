import assert from 'node:assert/strict'
import fc from 'fast-check'
import { accentsOf, contrast } from '../src/colour.ts'

describe('colour', () => {
  it('measures contrast as WCAG does', () => {
    assert.equal(contrast('#000000', '#ffffff'), 21)
    assert.equal(contrast('#777777', '#ffffff').toFixed(2), '4.48')
    assert.equal(contrast('#abcdef', '#abcdef'), 1)
  })

  it('leaves a colour alone where it reads well', () => {
    assert.equal(accentsOf('#0b4f6c').light, '#0b4f6c')
    assert.equal(accentsOf('#ffd479').dark, '#ffd479')
  })

  it('makes any colour readable on either paper', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffff }), (value) => {
        const { light, dark } = accentsOf(`#${value.toString(16).padStart(6, '0')}`)
        // The mail's paper, and the tinted backgrounds of pages and footers, which are the harder ones.
        assert.ok(contrast(light, '#fffdf8') >= 5.5, light)
        assert.ok(contrast(light, '#ebe6db') >= 4.5, light)
        assert.ok(contrast(dark, '#1d1e22') >= 4.5, dark)
      }),
    )
  })
})
