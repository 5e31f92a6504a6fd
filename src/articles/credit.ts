/** Who made a picture, as captions and saved texts say it in several languages. */

const WORDS =
  'photo(?:graph)?s?|photo credits?|image credits?|picture credits?|credits?|images?|pictures?|pic|courtesy(?: of)?|' +
  'fotos?|bild(?:er|nachweis|quelle)?|bildrechte|abbildung|' +
  'cr[ée]dits?(?: photos?| images?)?|photographie|illustrations?|' +
  'foto(?:graf[íi]a|graaf|graf|credit)?|imagen(?:es)?|cr[ée]ditos?(?: de (?:la )?(?:foto|imagen))?|' +
  'immagin[ei]|imagem|imagens|beeld|kuva|valokuva|billede|zdj[ęe]cie|fot\\.|фото|写真|图片|圖片|사진'

const LABELLED = new RegExp(
  `^[\\s([{*_–—-]*(?:(?:${WORDS})\\s*(?:[:：/|]|(?:credits?\\s*[:：]?\\s*)?(?:by|von|par|por|di|door|av|af|via)\\s)|©|\\(c\\)\\s)\\s*(.+?)[\\s)\\]}*_]*$`,
  'iu',
)

/** An agency's own form: `Jane Doe/Reuters`, `Jane Doe / Unsplash`. */
const AGENCY = /^\p{Lu}[\p{L}.'’-]+(?: [\p{L}.'’-]+){0,4} ?\/ ?(?:\p{Lu}[\p{L}\d.&' -]{1,40})$/u

/** The name in a line that says nothing but whose the picture is, or nothing. */
export function readCredit(line: string): string | undefined {
  if (line.length > 160 || /[.!?]\s+\p{Lu}\p{Ll}+ \p{Ll}/u.test(line)) return undefined
  const name = LABELLED.exec(line)?.[1]?.replace(/^©\s*/, '')
  if (name !== undefined) return name.split(/\s+/).length <= 14 ? name : undefined
  return AGENCY.test(line) ? line : undefined
}

/** A caption without the credit that stands at its end, in brackets or as a sentence of its own; and that credit. */
export function splitCredit(caption: string): { caption?: string; credit?: string } {
  if (caption === '') return {}
  const whole = readCredit(caption)
  if (whole !== undefined) return { credit: whole }
  const [, text = '', end = ''] =
    /^(.+?[.!?…"”’)])\s+([^.!?]{3,120}\.?)$/su.exec(caption) ??
    /^(.+?)\s*([([][^()[\]]{3,120}[)\]]\.?)$/su.exec(caption) ??
    []
  const credit = end === '' ? undefined : (readCredit(end) ?? readCredit(end.replace(/^[([]|[)\]]\.?$/g, '')))
  return credit === undefined ? { caption } : { caption: text, credit }
}
