/** Lines within and below a text that are no part of it: what marks an advertisement, counts pictures, sells the rest. */
import { isTag, isText } from 'domhandler'
import { readLine } from '../dates.ts'
import { AROUND, type Box, calledOf, NOT_CALLED } from './boxes.ts'
import { NAME_KINDS } from './names.ts'
import { type Passage, type Passages } from './passages.ts'

const ADVERT = /^[-–—*\s[(]*(?:advertisements?|advertising|ads?|sponsored(?: content)?|paid (?:post|content)|(?:the )?(?:story|article) continues (?:below|after)(?: (?:this |the )?(?:ad|advert|advertisement))?|scroll to continue(?: with content)?|anzeige|werbung|(?:artikel|hier) (?:weiterlesen )?nach der anzeige|weiter(?:lesen)? nach der (?:anzeige|werbung)|publicité|la suite après (?:cette|la) publicité|publicidad|(?:sigue|continúa) (?:leyendo )?(?:después|tras) (?:de )?la publicidad|pubblicità|continua (?:a leggere )?dopo la pubblicità|publicidade|propaganda|continua (?:após|depois) d?a publicidade|continua após o anúncio|reclame|advertentie|(?:artikel )?(?:gaat|lees) verder (?:onder|na) (?:de )?advertentie|annons|artikeln fortsätter (?:under|efter) annonsen|annonse|artikkelen fortsetter under annonsen|annonce|artiklen fortsætter (?:under|efter) annoncen|mainos|reklama|reklam|reklamă|publicitate|oglas|hirdetés|διαφήμιση|реклама|إعلان|پیام بازرگانی|פרסומת|विज्ञापन|โฆษณา|quảng cáo|iklan|広告|スポンサーリンク|广告|廣告|광고)[-–—*\s\])↓:.]*$/iu // prettier-ignore
const COUNT = /^\(?\d{1,3}\s*(?:\/|of|von|de|sur|di|van|av|af|z|из)\s*\d{1,3}\)?$/i

const WALL = new RegExp(
  [
    // What every one begins with, in the languages that papers are sold in.
    '^(?:to )?(?:continue|keep) reading(?![^.:!]*\\. \\S)|^(?:subscribe|sign up|register|log ?in|sign in|join)(?: now| today)?(?: (?:to|for) (?:read|continue|keep|unlock|access|full|unlimited|this|just|only|as little|€|£|\\$).*)?[.!]?$',
    '^(?:already|are you already) (?:a |an )?(?:subscriber|member|subscribed|registered)|^not (?:yet )?a (?:subscriber|member)|^(?:want to read|read) (?:the rest|the full|this full)|^unlock (?:this|the|all)|^start your (?:free )?trial',
    "^you(?:’|')?(?:ve| have) (?:reached|read|used) .*\\b(?:free|limit)|^this (?:article|story|post|content|page) is (?:only |exclusively )?(?:for|available (?:only )?to|reserved for|exclusive to|behind)\\b.*(?:subscri|member|paid|regist|paywall)",
    '^(?:jetzt )?weiterlesen|^(?:jetzt|sie möchten|um) .*(?:weiterlesen|weiterzulesen|abonnieren|testen)[.!]?$|^(?:sie sind |schon |du bist )?(?:bereits )?(?:abonnent|registriert|mitglied)|^(?:dieser|diesen) (?:artikel|beitrag|inhalt|text) .*(?:abonn|mitglied|registr|lesen)',
    "^il vous reste .*% |^(?:pour )?lire la suite|^(?:cet |l’|l')?article (?:est )?réservé|^la suite (?:de cet article )?est réservée|^(?:vous êtes )?déjà (?:abonné|inscrit)|^abonnez-vous|^s(?:’|')abonner",
    '^(?:para )?(?:sigue|seguir|continúa|continuar) leyendo|^suscríbe(?:te|ase)|^¿?(?:ya )?(?:eres|es usted|soy|tienes) (?:ya )?(?:una )?suscri|^(?:este )?(?:contenido|artículo) (?:es )?(?:exclusivo|solo) para',
    '^(?:per )?(?:continua(?:re)?) (?:a leggere|la lettura)|^(?:questo )?(?:articolo|contenuto) (?:è )?riservato|^abbonati (?:a|ora|per|subito)|^sei già (?:un )?abbonat|^hai già un abbonamento',
    '^(?:para )?(?:continue|continuar) (?:lendo|a ler|a leitura)|^assine (?:já|agora|para|por|o |a )|^já (?:é|sou) assinante|^(?:este )?(?:conteúdo|artigo) (?:é )?(?:exclusivo|reservado)',
    '^(?:verder|lees) (?:lezen|verder)|^(?:neem|word) (?:nu )?(?:een abonnement|abonnee|lid)|^(?:al|ben je al|bent u al) (?:abonnee|lid|geabonneerd)|^dit artikel is (?:alleen|exclusief)',
    '^(?:fortsätt|vill du) läsa|^(?:redan|är du) (?:prenumerant|medlem)|^(?:bli|köp) (?:abonnent|prenumerant)|^(?:les videre|læs videre|allerede abonnent|bli abonnent|bliv abonnent)|^(?:jatka lukemista|onko sinulla jo)',
    '^(?:czytaj dalej|aby (?:czytać|przeczytać)|dostęp (?:tylko )?dla|masz już (?:konto|prenumeratę)|dalsza część (?:artykułu )?)|^(?:читать далее|полный текст доступен|материал доступен|оформите подписку|уже подписаны)',
    '^(?:この記事は(?:有料|会員)|続きを読む|残り\\s?\\d+文字|会員限定|有料会員)|^(?:登录后|登錄後|订阅后|訂閱後|本文(?:仅|僅)|付费(?:阅读|会员)|会员专享|阅读全文|閱讀全文)|^(?:이 (?:기사는|콘텐츠는).*(?:구독|유료|회원)|구독하(?:고|시면)|로그인 후)',
  ].join('|'),
  'iu',
)
const CALLED_WALL = ['account', 'signup'].map((kind) => NAME_KINDS.indexOf(kind))
/** In units: what is longer says something beside it. */
const LONGEST = 220
const MOST_LINES = 8
const MOST_LOOKED_AT = 300

/** The chosen passages without these lines. */
export function withoutLabels(found: Passages, chosen: Set<number>): Set<number> {
  const { passages } = found
  const units = [...chosen].reduce((sum, index) => sum + (passages[index]?.units ?? 0), 0)
  const calls = signUps(found, chosen, units)
  const kept = new Set([...chosen].filter((index) => !isLabel(passages[index]) && !calls.has(index)))
  const all = [...kept].toSorted((one, other) => one - other)
  // What sells the rest stands behind the text; the same words within it are the author's.
  let wall = 0
  for (let back = 1; back <= MOST_LINES && back < all.length; back++) {
    const passage = passages[all.at(-back) ?? -1]
    if (passage === undefined || passage.units > LONGEST) break
    if (WALL.test(passage.text)) wall = back
    // Prices and buttons stand around such a line.
    else if (!isCalledWall(passage)) break
  }
  // The day above the text is the article's own field; the first of several is that of an entry.
  const text = all.findIndex((index) => !isTime(passages[index]))
  const isChronicle = text > 0 && all.slice(text, text + MOST_LOOKED_AT).some((index) => isTime(passages[index]))
  for (const index of all.slice(0, isChronicle ? 0 : Math.max(0, text))) kept.delete(index)
  // A text of nothing else is better shown than none.
  for (const index of all.slice(all.length - wall)) if (wall < all.length) kept.delete(index)
  return kept.size === 0 ? chosen : kept
}

const CALLED_SIGNUP = NAME_KINDS.indexOf('signup')
/** Boxes up: a table around a form is four. */
const FAR = 5

/** Of the whole text, as a share. */
const MOST_SIGNUP = 0.15

/**
 * What stands in boxes that are called forms for subscribers, and are a small part of the whole: builders call whole pages
 * so too, and every paragraph that only subscribers may read.
 */
function signUps({ passages }: Passages, chosen: Set<number>, units: number): Set<number> {
  const named = new Map<number, Box>()
  for (const index of chosen) {
    const box = signUpAround(passages[index])
    if (box !== undefined) named.set(index, box)
  }
  const sizes = new Map<string, number>()
  for (const box of new Set(named.values())) sizes.set(box.own, (sizes.get(box.own) ?? 0) + box.units)
  return new Set([...named].flatMap(([index, { own }]) => ((sizes.get(own) ?? 0) < units * MOST_SIGNUP ? [index] : [])))
}

function signUpAround(passage: Passage | undefined): Box | undefined {
  if (passage === undefined || passage.units > LONGEST) return undefined
  const distance = calledOf(passage.box)[CALLED_SIGNUP] ?? NOT_CALLED
  if (distance > FAR) return undefined
  let { box } = passage
  for (let up = 0; up < distance && box.parent; up++) box = box.parent
  return box
}

/** Whether a line is a `<time>` or says a day, in any language, and nothing else. */
function isTime(passage: Passage | undefined): boolean {
  if (passage === undefined || HEADING.test(passage.box.name)) return false
  const nodes = passage.nodes.filter((node) => !isText(node) || /\S/.test(node.data))
  if (nodes.every((node) => isTag(node) && node.name === 'time')) return true
  return passage.units <= LONGEST_DAY && readLine(passage.text) !== undefined
}

const HEADING = /^h[1-6]$/
/** In units: "Wednesday, 29 September 2026, 11:45 a.m. Pacific time". */
const LONGEST_DAY = 60

function isLabel(passage: Passage | undefined): boolean {
  if (passage === undefined || passage.text.length > 80 || (passage.box.around & UNTOUCHED) !== 0) return false
  return ADVERT.test(passage.text) || COUNT.test(passage.text)
}

const UNTOUCHED = AROUND.table | AROUND.pre

function isCalledWall({ box }: Passage): boolean {
  const called = calledOf(box)
  return CALLED_WALL.some((kind) => (called[kind] ?? 9) <= 2)
}
