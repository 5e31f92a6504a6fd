import assert from 'node:assert/strict'
import { findCorrection } from '../../src/articles/corrections.ts'

const STORY =
  'The outer quay stayed shut on Monday after waves broke over the wall.\n\nThe harbour master said that it opens at noon.'

describe('articles/corrections', () => {
  for (const line of [
    'Correction: The ship sank in January, not in March.',
    'Correction (5 March 2026): The ship sank in January.',
    'CORRECTION — The ship sank in January.',
    '[Correction] The ship sank in January.'.replace(']', ']:'),
    'Corrected at 14:05: the name of the ship.',
    'Clarification: the closure is for ships only.',
    'Erratum: eleven days, not twelve.',
    'This article was amended on 6 March 2026 to correct the name of the ship.',
    'An earlier version of this story named the wrong ship.',
    'Berichtigung: Das Schiff sank im Januar.',
    'Korrektur vom 5.3.2026: Das Schiff sank im Januar.',
    'In einer früheren Version dieses Artikels hieß es, das Schiff sei im März gesunken.',
    'Rectificatif : le navire a coulé en janvier.',
    'Corrección: el barco se hundió en enero.',
    'Fe de errores: el barco se hundió en enero.',
    'Errata corrige: la nave è affondata a gennaio.',
    'Correção: o navio afundou em janeiro.',
    'Rectificatie: het schip zonk in januari.',
    'Rättelse: fartyget sjönk i januari.',
    'Rettelse: skibet sank i januar.',
    'Oikaisu: alus upposi tammikuussa.',
    'Sprostowanie: statek zatonął w styczniu.',
    'Oprava: loď se potopila v lednu.',
    'Helyesbítés: a hajó januárban süllyedt el.',
    'Düzeltme: gemi ocak ayında battı.',
    'Исправление: судно затонуло в январе.',
    'Виправлення: судно затонуло в січні.',
    'Διόρθωση: το πλοίο βυθίστηκε τον Ιανουάριο.',
    'تصحيح: غرقت السفينة في يناير.',
    'תיקון: הספינה טבעה בינואר.',
    'सुधार: जहाज़ जनवरी में डूबा।',
    '【訂正】船が沈没したのは1月でした。',
    '更正：该船于一月沉没。',
    '정정: 배는 1월에 침몰했습니다.',
    'Đính chính: con tàu chìm vào tháng Giêng.',
    'Koreksi: kapal itu tenggelam pada Januari.',
  ])
    it(`finds “${line.slice(0, 40)}”`, () => {
      for (const text of [`${STORY}\n\n${line}`, `${line}\n\n${STORY}`])
        assert.deepEqual(findCorrection(text), { kind: 'correction', note: line })
    })

  for (const line of [
    'Updated at 14:05: the quay is open.',
    'Update, 6 March: the quay is open.',
    'Last updated: 6 March 2026, 14:05',
    'Aktualisiert um 14.05 Uhr',
    'Mise à jour : le quai est ouvert.',
    'Actualizado a las 14:05',
    'Обновлено в 14:05',
    '更新：码头已开放。',
  ])
    it(`tells the update “${line.slice(0, 40)}” from a correction`, () => {
      assert.deepEqual(findCorrection(`${STORY}\n\n${line}`), { kind: 'update', note: line })
    })

  for (const line of [
    'Correction territory looms for the shares of shipping lines.',
    'Corrections officers went on strike on Monday.',
    'Updates to the timetable are expected in May.',
    'He said: a correction is not needed.',
    'Precision engineering is what the yard is known for.',
    'Errata are rare in this paper.',
    'Update your timetable before you travel.',
    '更新されたのは時刻表だけではない。',
  ])
    it(`finds none in “${line.slice(0, 40)}”`, () => assert.equal(findCorrection(`${line}\n\n${STORY}`), undefined))

  it('takes a correction before an update, and neither from within a long text', () => {
    const both = `Updated at 14:05\n\n${STORY}\n\nCorrection: it was January.`
    assert.equal(findCorrection(both)?.note, 'Correction: it was January.')
    const filler = Array.from({ length: 60 }, (_, at) => `Paragraph ${at} of a long text.`)
    assert.equal(
      findCorrection([...filler.slice(0, 30), 'Correction: quoted.', ...filler.slice(30)].join('\n\n')),
      undefined,
    )
  })
})
