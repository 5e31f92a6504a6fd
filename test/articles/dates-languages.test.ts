import assert from 'node:assert/strict'
import { findDates, readDate, readLine } from '../../src/articles/dates.ts'
import { LANGUAGES } from '../../src/articles/dates/words.ts'
import { pagesOfWork } from '../work.ts'

describe('dates in many languages', () => {
  const days: [language: string, text: string][] = [
    ['en-GB', 'Sunday 14th March 2021'],
    ['en-US', 'Mar. 14, 2021'],
    ['de', 'Sonntag, 14. März 2021'],
    ['de-AT', '14. Mrz. 2021'],
    ['fr', 'dimanche 14 mars 2021'],
    ['fr', '14 MARS 2021'],
    ['es', '14 de marzo de 2021'],
    ['it', '14 marzo 2021'],
    ['pt-BR', '14 de março de 2021'],
    ['nl', '14 maart 2021'],
    ['sv', '14 mars 2021'],
    ['da', 'den 14. marts 2021'],
    ['no', '14. mars 2021'],
    ['fi', '14. maaliskuuta 2021'],
    ['pl', '14 marca 2021 r.'],
    ['cs', '14. března 2021'],
    ['sk', '14. marca 2021'],
    ['hu', '2021. március 14., vasárnap'],
    ['ro', '14 martie 2021'],
    ['ru', '14 марта 2021 г.'],
    ['uk', '14 березня 2021 року'],
    ['bg', '14 март 2021 г.'],
    ['sr', '14. март 2021.'],
    ['hr', '14. ožujka 2021.'],
    ['lt', '2021 m. kovo 14 d.'],
    ['lv', '2021. gada 14. marts'],
    ['et', '14. märts 2021'],
    ['el', '14 Μαρτίου 2021'],
    ['tr', '14 Mart 2021 Pazar'],
    ['ca', '14 de març de 2021'],
    ['ar', '١٤ مارس ٢٠٢١'],
    ['ar-LB', '14 آذار 2021'],
    ['ar-JO', 'الأحد 14 آذار / مارس 2021'],
    ['fa', '۲۴ اسفند ۱۳۹۹'],
    ['fa', '۱۳۹۹/۱۲/۲۴'],
    ['he', '14 במרץ 2021'],
    ['hi', '१४ मार्च २०२१'],
    ['bn', '১৪ মার্চ, ২০২১'],
    ['id', 'Minggu, 14 Maret 2021'],
    ['vi', 'ngày 14 tháng 3 năm 2021'],
    ['th', '14 มีนาคม 2564'],
    ['th', '14 มี.ค. 2564'],
    ['ja', '2021年3月14日（日）'],
    ['ja', '令和3年3月14日'],
    ['ja', '２０２１年３月１４日'],
    ['zh', '二〇二一年三月十四日'],
    ['zh-TW', '民國110年3月14日'],
    ['ko', '2021년 3월 14일'],
    ['ko', '2021. 3. 14.'],
  ]
  for (const [language, text] of days)
    it(`reads «${text}» in ${language}`, () => {
      assert.equal(readDate(text, 'UTC', { language })?.toISOString(), '2021-03-14T00:00:00.000Z')
    })

  it('reads back the same day from what the runtime writes in each language, with and without the time', function () {
    this.timeout(60_000)
    // Basque writes its endings in brackets; Japanese and Chinese months need no names.
    for (const language of LANGUAGES.filter((one) => one !== 'eu'))
      for (const dateStyle of ['full', 'long', 'medium'] as const)
        for (const timeStyle of [undefined, 'short'] as const) {
          const format = new Intl.DateTimeFormat(language, { dateStyle, timeStyle, timeZone: 'UTC' })
          for (let month = 0; month < 12; month++) {
            const at = new Date(Date.UTC(2021, month, 3 + month * 2, 17, 30))
            const text = format.format(at)
            const expected = at.toISOString().slice(0, timeStyle === undefined ? 10 : 16)
            assert.equal(readLine(text, { language })?.at.toISOString().slice(0, expected.length), expected, `${language}: ${text}`) // prettier-ignore
          }
        }
  })

  it('takes 3/4 by the language and its region, and says where it could not know', () => {
    const day = (language?: string) => findDates('03/04/2021', { language })[0]
    assert.equal(day('en-US')?.written, '2021-03-04')
    assert.equal(day('en-GB')?.written, '2021-04-03')
    assert.equal(day('fr-FR')?.written, '2021-04-03')
    assert.equal(day('en')?.isAmbiguous, true)
    assert.equal(day()?.isAmbiguous, true)
    assert.equal(day('en-US')?.isAmbiguous, false)
    assert.equal(readDate('03/04/2021'), undefined)
    assert.equal(findDates('14/03/2021', { language: 'en-US' })[0]?.written, '2021-03-14')
    // Two months are no second name of one.
    assert.equal(findDates('14 March / April 2021')[0]?.precision, 'month')
    assert.equal(findDates('3/14/2021', { language: 'en-GB' })[0]?.written, '2021-03-14')
    assert.equal(findDates('03.04.2021', { language: 'en-US' })[0]?.written, '2021-04-03')
  })

  const times: [text: string, written: string][] = [
    ['March 14, 2021 5:30 PM ET', '2021-03-14T21:30:00.000Z'],
    ['January 14, 2021 5:30 PM ET', '2021-01-14T22:30:00.000Z'],
    ['14 March 2021, 17:30 GMT+1', '2021-03-14T16:30:00.000Z'],
    ['11:30 AM EST, Thu January 14, 2021', '2021-01-14T16:30:00.000Z'],
    ['14 марта 2021, 17:30 (МСК)', '2021-03-14T14:30:00.000Z'],
    ['14 mars 2021 à 17h30', '2021-03-14T17:30:00.000Z'],
    ['14.03.2021 um 17.30 Uhr', '2021-03-14T17:30:00.000Z'],
    ['2021年3月14日 下午5:30', '2021-03-14T17:30:00.000Z'],
    ['2021년 3월 14일 오후 5:30', '2021-03-14T17:30:00.000Z'],
    ['2021年3月14日 17時30分', '2021-03-14T17:30:00.000Z'],
    ['Sun Mar 14 17:30:00 +0000 2021', '2021-03-14T17:30:00.000Z'],
  ]
  for (const [text, moment] of times)
    it(`reads the time of «${text}»`, () => {
      assert.equal(findDates(text)[0]?.at.toISOString(), moment)
    })

  it('keeps the day and the offset as they are written', () => {
    assert.equal(findDates('2021-03-14T23:30:00-05:00')[0]?.written, '2021-03-14T23:30:00-05:00')
    assert.equal(findDates('14 March 2021')[0]?.written, '2021-03-14')
  })

  it('finds each date of a line that names several', () => {
    const found = findDates('By Ida Holm | Published 14 March 2021 | Updated 16 March 2021 at 09:15')
    assert.deepEqual(found.map(({ written }) => written), ['2021-03-14', '2021-03-16T09:15:00']) // prettier-ignore
  })

  it('finds no date where there is none', () => {
    for (const text of [
      'The ferry carries 2021 people a day',
      'Room 14, March Street',
      'Call 030 14 03 20 21',
      'version 3.14.2021.7',
      '192.168.20.21',
      '1/2',
      'in March',
      'May 4000 people',
      '31 February 2021',
      '2021-00-10',
      '99/99/2021',
      '14 marzipan 2021',
      '\u0000\uffff',
    ])
      assert.deepEqual(findDates(text).filter(({ precision }) => precision !== 'month'), [], text) // prettier-ignore
  })

  it('never throws and never takes long, whatever it is given', () => {
    let seed = 7
    const random = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below
    const pieces = ['2021', '14', '3', '/', '-', '.', ':', ' ', ',', 'March', 'марта', '年', '月', '日', 'ago', 'vor', '٣', '一', 'T', 'Z', '+', "'", 'at', '\u200f', '𝟙'] // prettier-ignore
    const work = pagesOfWork(() => {
      for (let round = 0; round < 3000; round++) {
        const text = Array.from({ length: random(14) }, () => pieces[random(pieces.length)]).join('')
        readLine(text, { now: new Date('2021-03-14T12:00:00Z'), language: 'en' })
      }
      for (const piece of pieces) findDates(piece.repeat(100_000))
    })
    assert.ok(work < 160, `${work} pages`)
  })
})

describe('dates in relative form', () => {
  const now = new Date('2021-03-14T12:00:00Z')
  const cases: [text: string, moment: string][] = [
    ['2 hours ago', '2021-03-14T10:00:00.000Z'],
    ['2h ago', '2021-03-14T10:00:00.000Z'],
    ['an hour ago', '2021-03-14T11:00:00.000Z'],
    ['5 mins ago', '2021-03-14T11:55:00.000Z'],
    ['Updated 3 days ago', '2021-03-11T00:00:00.000Z'],
    ['vor 2 Stunden', '2021-03-14T10:00:00.000Z'],
    ['vor einer Stunde', '2021-03-14T11:00:00.000Z'],
    ['vor 3 Tagen', '2021-03-11T00:00:00.000Z'],
    ['il y a 3 jours', '2021-03-11T00:00:00.000Z'],
    ['hace 2 horas', '2021-03-14T10:00:00.000Z'],
    ['2 ore fa', '2021-03-14T10:00:00.000Z'],
    ['há 2 horas', '2021-03-14T10:00:00.000Z'],
    ['2 uur geleden', '2021-03-14T10:00:00.000Z'],
    ['för 2 timmar sedan', '2021-03-14T10:00:00.000Z'],
    ['for 2 timer siden', '2021-03-14T10:00:00.000Z'],
    ['2 tuntia sitten', '2021-03-14T10:00:00.000Z'],
    ['2 godziny temu', '2021-03-14T10:00:00.000Z'],
    ['před 2 hodinami', '2021-03-14T10:00:00.000Z'],
    ['3 часа назад', '2021-03-14T09:00:00.000Z'],
    ['2 години тому', '2021-03-14T10:00:00.000Z'],
    ['πριν από 2 ώρες', '2021-03-14T10:00:00.000Z'],
    ['2 saat önce', '2021-03-14T10:00:00.000Z'],
    ['قبل 3 أيام', '2021-03-11T00:00:00.000Z'],
    ['۲ ساعت پیش', '2021-03-14T10:00:00.000Z'],
    ['לפני 3 שעות', '2021-03-14T09:00:00.000Z'],
    ['2 घंटे पहले', '2021-03-14T10:00:00.000Z'],
    ['2 jam yang lalu', '2021-03-14T10:00:00.000Z'],
    ['2 giờ trước', '2021-03-14T10:00:00.000Z'],
    ['2 ชั่วโมงที่ผ่านมา', '2021-03-14T10:00:00.000Z'],
    ['2時間前', '2021-03-14T10:00:00.000Z'],
    ['2小时前', '2021-03-14T10:00:00.000Z'],
    ['2시간 전', '2021-03-14T10:00:00.000Z'],
    ['gestern, 17:30 Uhr', '2021-03-13T17:30:00.000Z'],
    ['yesterday at 5:30 pm', '2021-03-13T17:30:00.000Z'],
    ['hier à 17h30', '2021-03-13T17:30:00.000Z'],
    ['вчера, 17:30', '2021-03-13T17:30:00.000Z'],
    ['ayer', '2021-03-13T00:00:00.000Z'],
    ['heute, 08:15', '2021-03-14T08:15:00.000Z'],
  ]
  for (const [text, moment] of cases)
    it(`reads «${text}» from the moment of reading`, () => {
      assert.equal(readDate(text, 'UTC', { now })?.toISOString(), moment)
    })

  it('reads none of them where nobody says from when', () => {
    for (const [text] of cases) assert.equal(readDate(text), undefined, text)
  })

  it('takes yesterday where its reader is', () => {
    const early = new Date('2021-03-14T02:00:00Z')
    assert.equal(readDate('yesterday', 'America/New_York', { now: early })?.toISOString(), '2021-03-12T05:00:00.000Z')
  })

  it('gives nothing for what is still to come', () => {
    for (const text of ['in 2 hours', 'in 3 Tagen', 'tomorrow', 'today at 23:30', 'через 2 часа'])
      assert.equal(readDate(text, 'UTC', { now }), undefined, text)
  })
})
