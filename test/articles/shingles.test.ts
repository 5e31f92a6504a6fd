import assert from 'node:assert/strict'
import { bandsOf, hasCommonWords, isSameStory, type Telling } from '../../src/articles/shingles.ts'

const WIRE =
  'The harbour authority will close the northern channel for eleven days in May so that divers can raise the wreck of the ' +
  'dredger Annelies, which sank in January after a collision with a grain carrier. Ships of more than 180 metres will be ' +
  'sent round by the eastern approach, which adds four hours to the voyage. The pilots had asked for a longer closure, ' +
  'because the tide leaves them two working hours a day. Insurers have paid 14 million so far, and the owners of both ships ' +
  'are in court over the rest. Fishing boats may pass at slack water if they call the signal station first.'

const AT = new Date('2026-03-02T08:00:00Z')
const hoursLater = (hours: number) => new Date(AT.getTime() + hours * 3_600_000)
const told = (changes: Partial<Telling> = {}): Telling => ({
  title: 'Channel closes for the wreck',
  text: WIRE,
  at: AT,
  ...changes,
})

/** So many words replaced, spread over the text. */
function altered(text: string, every: number): string {
  return text
    .split(' ')
    .map((word, at) => (at % every === every - 1 ? 'otherwise' : word))
    .join(' ')
}

const bulletin = (day: string, wind: string, degrees: number, wave: string) =>
  `Sea bulletin for ${day}. Wind ${wind}, at times strong in the outer harbour, easing towards the evening. Temperature ${degrees} degrees, ` +
  `water eight degrees. Waves ${wave} metres outside the wall, less behind it. Small boats should stay inside while the black ` +
  'ball is up at the signal station. The ferry sails by the timetable, and the lift bridge opens at the full hour. High water ' +
  'is given on the board at the quay. The next bulletin comes out tomorrow morning at six.'

describe('articles/shingles', () => {
  describe('takes for one story', () => {
    for (const [what, other] of [
      ['the same words under another headline', { title: 'Wreck to be raised in May' }],
      ['the same words a day later', { at: hoursLater(24), title: 'Divers to raise the dredger' }],
      [
        'one with a beginning and an end of its own',
        { text: `HARBOUR (Wire) - ${WIRE} Reporting by the wire; edited by Mara Lund.` },
      ],
      ['one that is cut short', { text: WIRE.split('. ').slice(0, 3).join('. ') }],
      [
        'one with a paragraph more within',
        {
          text: WIRE.replace(
            'The pilots had',
            'Shops on the quay fear for their trade, and the mayor promised help. The pilots had',
          ),
        },
      ],
      ['one with a word of its own', { text: WIRE.replace('dredger', 'barge') }],
    ] as [string, Partial<Telling>][])
      it(what, () => {
        assert.equal(isSameStory(told(), told(other)), true)
        assert.equal(isSameStory(told(other), told()), true)
        const bands = new Set(bandsOf(told()))
        assert(
          bandsOf(told(other)).some((band) => bands.has(band)),
          'found by a band',
        )
      })

    it('the same text in a script without spaces', () => {
      const text =
        '港務局宣布五月將關閉北航道十一天，以便潛水員打撈一月與運糧船相撞後沉沒的挖泥船。超過一百八十米的船隻須繞行東航道，航程增加四小時。'
      assert.equal(isSameStory(told({ text }), told({ text: `（通訊社）${text}` })), true)
    })
  })

  describe('keeps apart', () => {
    for (const [what, other] of [
      ['a text of which every twentieth word differs', { text: altered(WIRE, 20) }],
      ['a text that differs in one number', { text: WIRE.replace('eleven', '12').replace('14 million', '15 million') }],
      ['the same words in another week', { at: hoursLater(24 * 7) }],
      [
        'what shares only a paragraph',
        {
          text: `${WIRE.split('. ')[0]}. ${'A fair is held on the square every spring, and this year it lasts longer than before. '.repeat(6)}`,
        },
      ],
      ['headlines that count on', { title: 'Channel closes, part 2', text: WIRE, at: AT }],
    ] as [string, Partial<Telling>][])
      it(what, () => {
        const one = what.includes('count on') ? told({ title: 'Channel closes, part 1' }) : told()
        assert.equal(isSameStory(one, told(other)), false)
        assert.equal(isSameStory(told(other), one), false)
      })

    it('two daily bulletins of which 95 words in 100 are the same', () => {
      const monday = told({ title: 'Sea bulletin', text: bulletin('Monday', 'north-west four', 9, 'two') })
      const tuesday = told({
        title: 'Sea bulletin',
        text: bulletin('Tuesday', 'north four', 11, 'two'),
        at: hoursLater(24),
      })
      assert.equal(isSameStory(monday, tuesday), false)
      const words = told({
        title: 'Sea bulletin',
        text: bulletin('Tuesday', 'west four', 9, 'one'),
        at: hoursLater(24),
      })
      assert.equal(isSameStory(monday, words), false)
      const day = told({
        title: 'Sea bulletin',
        text: bulletin('Tuesday', 'north-west four', 9, 'two'),
        at: hoursLater(24),
      })
      assert.equal(isSameStory(monday, day), false)
      // The same bulletin in two papers is one.
      assert.equal(isSameStory(monday, told({ ...monday, at: hoursLater(1) })), true)
    })

    it('notices of two lines, unless headline and words are the same', () => {
      const text = 'The library stays shut on Friday because of the storm, the town says.'
      assert.equal(isSameStory(told({ text }), told({ text })), true)
      assert.equal(isSameStory(told({ text }), told({ text, title: 'Library shut' })), false)
      assert.equal(isSameStory(told({ text }), told({ text: text.replace('Friday', 'Monday') })), false)
      assert.deepEqual(bandsOf({ title: 'Storm', text: 'Waves broke over the wall.' }), [])
    })
  })

  it('tells whether two texts have anything in common', () => {
    assert.equal(hasCommonWords(WIRE, `${WIRE.slice(0, 300)} and so on`), true)
    assert.equal(
      hasCommonWords(
        WIRE,
        'A fair is held on the square every spring, and this year it lasts longer than it did before.',
      ),
      false,
    )
  })

  it('takes the time of its words and no more over a text of any length', function () {
    this.timeout(60_000)
    const long = 'word '.repeat(2_000_000)
    assert.equal(bandsOf({ title: 'Long', text: long }).length, 16)
    assert.equal(isSameStory(told({ text: long }), told({ text: long })), true)
  })
})
