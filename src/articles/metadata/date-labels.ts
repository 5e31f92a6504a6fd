/** The words by which papers say what a date is the date of, in many languages. */

const PUBLISHED =
  /\b(?:published|posted|publication|pub(?:lish)? date|first published|written|created|filed|released?|issued)\b|publié|publication|mis en ligne|paru le|rédigé|veröffentlicht|erschienen|publiziert|eingestellt|erstellt|geschrieben|publicad[oa]|publicación|publicação|creado|pubblicat[oa]|scritto|gepubliceerd|geplaatst|geschreven|publicerad|publisert|udgivet|offentliggjort|lagt ut|skapad|julkaistu|opublikowan|dodan[oey]|data publikacji|utworzon|publikován|vydáno|zverejnen|publikované|közzét|megjelen|létrehoz|publicat|data publicării|опубликован|дата публикации|размещен|добавлен|создан|опублік|дата публікації|публикуван|објављено|objavljeno|δημοσι|ημερομηνία|yayın|yayım|eklenme|oluşturma|نشر|انتشار|פורסם|תאריך|प्रकाशित|diterbitkan|dipublikasikan|đăng|เผยแพร่|ลงวันที่|公開|投稿|掲載|配信|作成|发布|發佈|發布|发表|發表|刊登|등록|입력|작성|게시/giu

const UPDATED =
  /\b(?:updated?|modified|last (?:edit|change|modif|review|updat)\w*|edited|revised|reviewed)\b|mise? à jour|modifié|actualisé|aktualisiert|geändert|zuletzt|stand:|überarbeitet|bearbeitet|actualizad|modificad|atualizad|aggiornat|ultima modifica|bijgewerkt|gewijzigd|laatst|uppdatera|ändrad|oppdater|opdater|endret|päivitet|muokattu|aktualiz|zmodyfik|frissít|módosít|actualizat|modificat|обновл|измен|отредакт|оновл|актуализ|ažurir|ενημέρ|τροποπ|güncell|تحديث|روزرسانی|עודכן|अपडेट|अद्यतन|diperbarui|diupdate|cập nhật|อัปเดต|แก้ไข|更新|最終|修正|修改|수정|업데이트/giu

const OTHER =
  /©|\bcopyright\b|\(c\)|\b(?:expires?|deadline|until|valid|joined|member since|since|born|died|accessed|retrieved|archived|starts?|ends?|begins?|sale|through|event|dates?:? .*(?:to|–)|closes?|opens?|next|comment|replied|says?|said|wrote|by the end|effective)\b|jusqu|abgerufen|geboren|gültig|\bbis\b|\bab\b|beginn|anmelde|schrieb|sagt|a dit|hasta|válid|nacid|dice|fino al|scad|geldig|schreef|skrev|napisał|napsal|пишет|действ|até|válido|vence|截止|有效/giu

export type Label = 'published' | 'updated' | 'other'

const LABELS = [['published', PUBLISHED], ['updated', UPDATED], ['other', OTHER]] as const // prettier-ignore

/** What a date is, by the words before it, the nearest first; where these say nothing, by the words behind. */
export function labelOf(before: string, behind: string): Label | undefined {
  const near = before.slice(-40)
  let best: { label: Label; at: number } | undefined
  if (/\p{L}|©/u.test(near))
    for (const [label, pattern] of LABELS)
      for (const { index } of near.matchAll(pattern))
        if (best === undefined || index >= best.at) best = { label, at: index }
  const next = behind.slice(0, 16)
  if (best !== undefined || !/\p{L}/u.test(next)) return best?.label
  return LABELS.find(([, pattern]) => next.search(pattern) >= 0)?.[0]
}
