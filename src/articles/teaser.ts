/** Whether a page shows only the beginning of its article, because the rest is for those who pay. */
import { wordCount } from '../read-time.ts'
import { evenText } from './characters.ts'
import { type Data, isData, listOf, textOf } from './metadata/data.ts'
import { type Page } from './metadata/page.ts'
import { letterWorth } from './verdict/page-signs.ts'

/** What a page says of paying, seen before anything is taken out of it. */
export interface Fence {
  /** Its data or meta elements say that the article is not free. */
  isStated: boolean
  /** It asks readers to pay or to log in, to read on. */
  isSaid: boolean
  /** It says how much is missing. */
  isMeasured: boolean
  /** In words, as its data say. */
  words?: number
  /** How many letters there are in the parts that its data say are to be paid for, where they name them. */
  paidLetters?: number
}

/** The fence of a page; nothing where it has none. Many sites state that an article is not free and show all of it. */
export function findFence(page: Page): Fence | undefined {
  const { article, data, lines } = page
  const nodes = Object.keys(article).length > 0 ? [article] : data.slice(0, 20)
  const tier = page.meta('article:content_tier', 'content_tier', 'article.content_tier')[0] ?? ''
  const isStated = nodes.some((node) => isPaid(node)) || /^(?:locked|paid|premium|subscriber)/i.test(tier)
  const short = lines.filter(({ length }) => length <= LONGEST_LINE).slice(0, MOST_LINES)
  const isMeasured = short.some(({ text }) => MEASURED.test(text))
  const isSaid = isMeasured || short.some(({ text }) => SAID.test(text))
  if (!isStated && !isSaid) return undefined
  const words = Number(textOf(article['wordCount']) ?? article['wordCount'])
  const paidLetters = lettersToPay(page, nodes)
  return {
    ...{ isStated, isSaid, isMeasured },
    ...(words > 0 && { words }),
    ...(paidLetters !== undefined && { paidLetters }),
  }
}

/** Whether the text that was taken out of a page with this fence is only the beginning. */
export function isCut({ isStated, isSaid, isMeasured, words, paidLetters }: Fence, html: string): boolean {
  const text = evenText(html.replace(/<[^>]*>/g, ' '), html.length)
  const letters = text.length * letterWorth(text)
  if (isMeasured) return letters < LONGEST
  if (words !== undefined && words > wordCount(text) * 1.5 + 50) return true
  // What is to be paid for stands there: the fence is drawn by a script.
  if (paidLetters !== undefined && paidLetters >= FEW) return false
  // Where it does not, sites may as well have named a part that is none: a long text is whole.
  if (paidLetters !== undefined) return letters < (isSaid ? LONG : MIDDLE)
  if (isStated && isSaid) return letters < LONG
  if (isStated) return letters < SHORT || /(?:…|\.\.\.)\s*\]?$/.test(text)
  return letters < MIDDLE
}

/** In letters. */
const FEW = 200
const SHORT = 700
const MIDDLE = 1500
const LONG = 3000
const LONGEST = 10_000
const LONGEST_LINE = 300
const MOST_LINES = 2000
const MOST_SELECTORS = 5

/** JSON-LD writes it as a boolean, a word, or an address of schema.org. */
function isPaid({ isAccessibleForFree: free }: Data): boolean {
  return free === false || /^(?:https?:\/\/schema\.org\/)?(?:false|no|0)$/i.test(typeof free === 'string' ? free : '')
}

function lettersToPay({ $ }: Page, nodes: Data[]): number | undefined {
  const parts = nodes.flatMap((node) => listOf(node['hasPart'])).filter(isData)
  const selectors = parts.filter(isPaid).flatMap(({ cssSelector }) => listOf(cssSelector))
  const named = selectors.filter((one) => typeof one === 'string' && /^[.#]?[\w-]+$/.test(one)).slice(0, MOST_SELECTORS)
  if (named.length === 0) return undefined
  return Math.max(...named.map((one) => $(String(one)).text().replace(/\s+/g, ' ').length))
}

const anywhere = (...patterns: string[]) => new RegExp(patterns.join('|'), 'iu')

const MEASURED = anywhere(
  "il (?:vous )?reste (?:encore )?\\d+(?:[.,]\\d+)? ?% ", 'noch \\d+ ?% (?:dieses|des) (?:artikels|textes)', 'you have \\d+ ?% (?:of this (?:article|story) )?(?:left|remaining)', '残り[:：]?\\s?[\\d,]+\\s?文字', '(?:剩余|还剩|余下)\\s?\\d+ ?[%字]', 'осталось прочитать \\d+ ?%',
) // prettier-ignore

const SAID = anywhere(
  '(?:subscribe|register|sign up|log ?in|sign in)(?: now| today| here)? (?:to|and) (?:continue|keep) reading', 'to (?:continue|keep) reading(?: this (?:article|story))?,? (?:please )?(?:subscribe|log|sign|register|create|become)', '(?:(?:rest|remainder) of )?this (?:article|story|content|post) is (?:only |exclusively )?(?:available )?(?:for|to|reserved for) (?:our )?(?:paid |paying |premium )?(?:subscribers|members)', 'continue reading with a (?:subscription|free trial|membership)', 'become a (?:member|subscriber) to (?:read|continue)', 'unlock (?:this|the full|the rest of this) (?:article|story)', 'subscribers? only (?:content|article)', 'this (?:article|story|content) is behind a paywall',
  'weiterlesen mit (?:dem |einem )?\\S+.{0,20}(?:abo|\\+|plus)', 'jetzt (?:abonnieren|abo abschließen) und weiterlesen', 'diesen (?:artikel|beitrag) (?:jetzt )?(?:weiterlesen|freischalten)', '(?:nur|exklusiv) für abonnent', 'lesen sie (?:den ganzen|diesen) artikel mit', '(?:um|sie möchten) (?:weiterzulesen|weiterlesen)', 'mit (?:einem )?(?:digital)?abo weiterlesen',
  'la suite (?:de cet article )?est réservée', '(?:article|contenu) (?:est )?réservé (?:à nos|aux) abonnés', 'abonnez[- ]vous pour (?:lire|continuer|accéder)', 'pour lire la suite', '(?:contenido|artículo|noticia) (?:es )?(?:exclusiv[oa] |solo )*para suscriptores', 'suscríbete para (?:seguir|continuar|leer)', 'para (?:seguir|continuar) leyendo', 'per continuare a leggere', '(?:contenuto|articolo) (?:riservato|esclusivo) (?:agli|per gli) abbonati', 'abbonati per (?:leggere|continuare)', '(?:conteúdo|matéria|artigo) exclusiv[oa] para assinantes', 'assine para (?:continuar|ler)', 'para continuar (?:a ler|lendo)',
  'om verder te lezen', 'alleen voor abonnees', 'dit artikel is (?:exclusief )?voor abonnees', 'för att läsa vidare', '(?:endast|bara) för prenumeranter', 'kun for abonnenter', 'for å lese videre', 'for at læse videre', 'vain tilaajille', 'jatka lukemista tilaamalla', 'aby (?:czytać|przeczytać) dalej', '(?:tylko )?dla (?:subskrybentów|prenumeratorów)', '(?:jen|pouze) pro předplatitele', 'len pre predplatiteľov', 'csak előfizető', 'doar pentru abonați', 'okumaya devam etmek için', 'abonelere özel', 'доступн\\p{L}+ только (?:по подписке|подписчикам)', 'чтобы (?:прочитать|читать|дочитать) (?:дальше|полностью|статью)', 'лише для передплатників', 'μόνο για συνδρομητές', 'للمشتركين فقط', 'למנויים בלבד', 'khusus (?:untuk )?pelanggan',
  'この記事は(?:有料)?会員', '続きを読むには', '(?:有料)?会員限定(?:の|です|記事)', '(?:订阅|登录|付费|購買|訂閱|登入)(?:后|後|以)(?:可|才能)?(?:继续|繼續)?(?:阅读|閱讀)', '(?:仅限|僅限)(?:会员|會員|订阅|訂閱)', '(?:유료|구독) ?(?:회원|구독자) ?전용', '(?:이어서|계속) (?:읽|보)(?:으)?(?:시)?려면',
) // prettier-ignore
