/** Corrections that a text names: "Correction: …", "Berichtigung", "Erratum", "Updated at 14:05". */
import { evenText } from './characters.ts'

/** What a text says of its own changes. `update`: something was added or made new, which is no mistake mended. */
export interface Correction {
  kind: 'correction' | 'update'
  /** The line that says it. */
  note: string
}

/** Labels at the beginning of a line, by what they announce; the languages in the order of their codes. */
const LABELS = {
  correction: [
    'تصحيح|تصويب|تنويه وتصحيح', // ar
    "correccions?|rectificació|fe d[’']errades", // ca
    'opravy?|opraveno|upřesnění', // cs
    'rettelser?|korrektion|præcisering', // da
    'berichtigung(?:en)?|berichtigt|korrekturen?|korrektur|korrigiert|richtigstellung|korrekturhinweis', // de
    'διόρθωση|διορθώσεις|διευκρίνιση', // el
    'corrections?|corrected|clarifications?|errat(?:um|a)|corrigend(?:um|a)|amendment', // en
    'correcci[oó]n(?:es)?|correcto|fe de erratas?|fe de errores|rectificaci[oó]n|aclaraci[oó]n', // es
    'oikaisu|oikaistu|korjaus|korjattu', // fi
    'rectificatifs?|correctif|corrigé|précision', // fr
    'תיקון|תיקון טעות|הבהרה', // he
    'सुधार|भूल सुधार|स्पष्टीकरण', // hi
    'ispravak|ispravka|ispravci', // hr, sr
    'helyesbítés|helyreigazítás|javítás', // hu
    'koreksi|ralat', // id, ms
    'errata corrige|correzion[ei]|rettific[ah]e?|precisazione', // it
    '訂正|お詫びと訂正|おわびと訂正|訂正とお詫び', // ja
    '정정|정정보도|바로잡습니다|바로잡습니다', // ko
    'correcties?|rectificaties?|gecorrigeerd|verbetering', // nl
    'rettelse|retting|rettet|presisering', // nb, nn
    'sprostowani[ea]|korekta|poprawka|errata', // pl
    'correç(?:ão|ões)|errata|retifica(?:ção|do)|corrigido', // pt
    'erată|corectură|rectificare|corecție', // ro
    'исправлени[ея]|исправлено|поправка|уточнение|опровержение', // ru
    'oprava|spresnenie', // sk
    'popravek', // sl
    'rättelser?|rättat|rättad|korrigering|förtydligande', // sv
    'düzeltme|tekzip', // tr
    'виправлення|виправлено|уточнення|спростування', // uk
    'đính chính', // vi
    '更正|更正启事|勘误|勘誤|订正|更正啟事', // zh
  ],
  update: [
    'تحديث|حُدّث', // ar
    'aktualizováno|aktualizace|aktualizované', // cs, sk
    'opdatere?t|opdatering', // da
    'aktualisiert|aktualisierung|update|nachtrag', // de
    'ενημέρωση|ενημερώθηκε', // el
    '(?:last )?updated?|updates', // en
    'actualizad[oa]|actualización|actualitzat', // es, ca
    'päivitetty|päivitys', // fi
    'mis(?:e)? à jour|actualisé', // fr
    'עדכון|עודכן', // he
    'अपडेट|अद्यतन', // hi
    'frissítve|frissítés', // hu
    'pembaruan|diperbarui', // id
    'aggiornat[oa]|aggiornamento', // it
    '更新|追記', // ja, zh
    '업데이트|수정', // ko
    'bijgewerkt|geactualiseerd', // nl
    'oppdatert|oppdatering', // nb
    'aktualizacja|zaktualizowano', // pl
    'atualizad[oa]|atualização|actualizado', // pt
    'actualizare|actualizat', // ro
    'обновлено|обновление', // ru
    'uppdaterad|uppdatering', // sv
    'güncelleme|güncellendi', // tr
    'оновлено|оновлення', // uk
    'cập nhật', // vi
  ],
} as const

// A label stands alone before a colon or dash, or with a date or time, which has a digit: "Correction (5 March):". "Correction
// territory for shares" is a headline.
const BEFORE = String.raw`^[\s\p{P}\p{S}]{0,6}`
const DATED = String.raw`(?:[\s,(（\[–—-]{0,3}[^:：.!?\n]{0,12}\p{Nd}[^:：.!?\n]{0,40})`
const AFTER = String.raw`(?:\s?[)\]】」）]?\s?[:：]|\s[–—-]\s|[】」]|\s*$|${DATED}(?:[:：.]|\s[–—-]\s|$))`

const LABELLED = Object.entries(LABELS).map(
  ([kind, words]) => [kind as Correction['kind'], new RegExp(`${BEFORE}(?:${words.join('|')})${AFTER}`, 'iu')] as const,
)

/** Sentences that say so without a label. */
const SENTENCES = new RegExp(
  [
    '^(?:this|the) (?:article|story|post|piece|report|headline|version) (?:was|has been) (?:amended|corrected|updated to correct|edited to correct)',
    '(?:an|a|the) (?:earlier|previous|prior|original) version of this (?:article|story|post|piece|report|headline)',
    'in einer (?:früheren|vorherigen|ersten|älteren) (?:version|fassung)',
    'dans une version (?:précédente|antérieure)|une version (?:précédente|antérieure) de cet article',
    'una versión (?:anterior|previa) de est[ea]',
    'una (?:precedente versione|versione precedente) di quest',
    'uma versão (?:anterior|prévia) (?:dest[ea]|d[ea]ste)',
    'in een (?:eerdere|vorige) versie',
    'i en tidigare version|i en tidligere ver?sion|i en tidligere utgave',
    'we wcześniejszej wersji|w poprzedniej wersji',
    'v (?:předchozí|původní|dřívější) verzi',
    'в (?:предыдущей|первоначальной|более ранней) версии',
    'у попередній версії',
    'bu haberin (?:önceki|ilk)',
    'artikkelin aiemmassa versiossa|jutun aiemmassa versiossa',
  ].join('|'),
  'iu',
)

/** Corrections stand above the text or below it. */
const FIRST_LINES = 8
const LAST_LINES = 15

const LONGEST = 400

/** The correction that a text names, or else the update; of several, the first. Undefined where it names none. */
export function findCorrection(text: string): Correction | undefined {
  const all = text.split('\n').filter((line) => line.trim() !== '')
  const lines = all.length <= FIRST_LINES + LAST_LINES ? all : [...all.slice(0, FIRST_LINES), ...all.slice(-LAST_LINES)]
  let update: Correction | undefined
  for (const line of lines) {
    const head = line.slice(0, 160).replace(/^(?:> ?|- |\d+\. )+/, '')
    const kind = LABELLED.find(([, pattern]) => pattern.test(head))?.[0]
    const note = evenText(line, LONGEST)
    if (kind === 'correction' || (kind === undefined && SENTENCES.test(head))) return { kind: 'correction', note }
    if (kind === 'update') update ??= { kind, note }
  }
  return update
}
