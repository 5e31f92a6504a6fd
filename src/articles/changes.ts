/** What of a page that was read again is a change of its article, and what only passes by. */
import { load } from 'cheerio'
import { type ChildNode, type Element, isTag, isText } from 'domhandler'
import { type Article, type SafeHtml } from '../model.ts'
import { evenTitle } from './identity.ts'
import { parseUrl } from './links.ts'
import { excerptOf } from './text.ts'

type Told = Pick<Article, 'title' | 'html' | 'hash'>

/** Whether title or text say something else: counters, "5 minutes ago", other links to read on, white space are nothing. */
export function isRealChange(known: Told, fresh: Told): boolean {
  if (known.hash === fresh.hash) return false
  if (even(known.title) !== even(fresh.title)) return true
  return significant(known.html) !== significant(fresh.html)
}

/**
 * The article as it was read again, in which everything that is the same but for noise stands to the letter as it was: a
 * site that answers every time a little differently makes no feed differ.
 */
export function withoutNoise(known: Article, fresh: Article): Article {
  if (isRealChange(known, fresh)) return fresh
  const { hash, title, updatedAt } = known
  const said = { ...fresh, hash, title: even(title) === even(fresh.title) ? title : fresh.title }
  if (updatedAt === undefined) delete said.updatedAt
  else said.updatedAt = updatedAt
  const looksSame = known.html === fresh.html || shapeOf(known.html) === shapeOf(fresh.html)
  if (looksSame) Object.assign(said, { html: known.html, text: known.text })
  if (sameKeys(known.images, fresh.images)) said.images = known.images.map((image, at) => withWords(image, fresh.images[at])) // prettier-ignore
  if (isSameExcerpt(known, fresh)) said.excerpt = known.excerpt
  return said
}

function isSameExcerpt(known: Article, fresh: Article): boolean {
  const isCut = known.excerpt === excerptOf(known.text) && fresh.excerpt === excerptOf(fresh.text)
  return isCut || evenTitle(withoutAges(known.excerpt)) === evenTitle(withoutAges(fresh.excerpt))
}

/** The words of a picture may change: its address stays as it was. */
function withWords(known: Article['images'][number], fresh: Article['images'][number] | undefined) {
  const { alt, caption, credit } = { ...known, ...fresh }
  return {
    ...known,
    ...(alt !== undefined && { alt }),
    ...(caption !== undefined && { caption }),
    ...(credit !== undefined && { credit }),
  }
}

function sameKeys(known: Article['images'], fresh: Article['images']): boolean {
  return known.map(({ url }) => pictureKey(url)).join('\n') === fresh.map(({ url }) => pictureKey(url)).join('\n')
}

/** One spelling of a line: Unicode form, white space, and characters that nobody sees. */
function even(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

interface Line {
  text: string
  /** All of it leads elsewhere. */
  isLink: boolean
}

/** The lines that make the text, without those that only count or point elsewhere. */
function significant(html: SafeHtml): string {
  const lines = linesOf(html).map(({ text, isLink }) => ({ text: even(text), isLink }))
  const letters = (some: Line[]) => some.reduce((sum, { text }) => sum + text.length, 0)
  // Of a list of links, the links are the text.
  const isList = letters(lines.filter(({ isLink }) => isLink)) > letters(lines) / 2
  return lines
    .filter(({ text, isLink }) => text !== '' && (isList || !isLink) && !isPassing(text))
    .map(({ text }) => even(withoutAges(text)))
    .join('\n')
}

/** What leads where and shows what: the order of its pictures and of the links within its text. */
function shapeOf(html: SafeHtml): string {
  const shape: string[] = []
  for (const node of nodesOf(html)) {
    if (!isTag(node)) continue
    if (node.name === 'img') shape.push(`img ${pictureKey(node.attribs['src'] ?? '')}`)
    if (node.name === 'a' && !isAlone(node)) shape.push(`a ${placeOf(node.attribs['href'] ?? '')}`)
    if (/^(?:h\d|li|tr|pre|blockquote|video|audio)$/.test(node.name) && !isLinkOnly(node)) shape.push(node.name)
  }
  return shape.join('\n')
}

/** A link that is a whole line points elsewhere: read on here, more of this. */
function isAlone(link: Element): boolean {
  const { parent } = link
  return parent === null || !isTag(parent) || isLinkOnly(parent)
}

function isLinkOnly({ children }: Element): boolean {
  return children.every((child) => (isText(child) ? child.data.trim() === '' : isTag(child) && child.name === 'a'))
}

function placeOf(href: string): string {
  const url = parseUrl(href)
  return url === undefined ? href : url.host + url.pathname
}

const BLOCKS = new Set(
  'p h1 h2 h3 h4 h5 h6 li ul ol dl dt dd blockquote pre figure figcaption table caption tr hr br div section article'.split(' '), // prettier-ignore
)

function* nodesOf(html: SafeHtml): Generator<ChildNode> {
  const waiting = [
    ...load(html, { xml: { xmlMode: false, decodeEntities: true } }, false)
      .root()
      .contents(),
  ].reverse()
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    yield node
    if (isTag(node)) for (const child of node.children.toReversed()) waiting.push(child)
  }
}

function linesOf(html: SafeHtml): Line[] {
  const lines: Line[] = []
  let text = ''
  let plain = 0
  let linked = 0
  const endLine = () => {
    if (text.trim() !== '') lines.push({ text, isLink: linked > 0 && plain === 0 })
    text = ''
    plain = linked = 0
  }
  const roots = [
    ...load(html, { xml: { xmlMode: false, decodeEntities: true } }, false)
      .root()
      .contents(),
  ]
  const waiting: { node?: ChildNode; inLink: boolean }[] = roots.reverse().map((node) => ({ node, inLink: false }))
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, inLink } = next
    if (node === undefined) endLine()
    else if (isText(node)) {
      text += node.data
      const letters = node.data.match(/[\p{L}\p{N}]/gu)?.length ?? 0
      if (inLink) linked += letters
      else plain += letters
    } else if (isTag(node)) {
      const isBlock = BLOCKS.has(node.name)
      if (node.name === 'td' || node.name === 'th') text += ' '
      if (isBlock) {
        endLine()
        waiting.push({ inLink: false })
      }
      for (const child of node.children.toReversed()) waiting.push({ node: child, inLink: inLink || node.name === 'a' })
    }
  }
  endLine()
  return lines
}

const UNIT = String.raw`[\p{L}\p{M}]+\.?`

/** "5 minutes ago", "vor 5 Minuten", "il y a 5 minutes", "5分前": a moment that moves with whoever reads it. */
const AGES = new RegExp(
  [
    String.raw`\b(?:\d+|an?|one|few)\s*${UNIT}\s+(?:ago|fa|geleden|sitten|temu|önce|trước|yang lalu|lalu|prije|nazaj|tagasi|atrás)(?![\p{L}])`,
    String.raw`(?<![\p{L}])(?:vor|il y a|hace|há|acum|fa|før|före|pred|před|przed|prieš|πριν(?: από)?|منذ|قبل|לפני)\s+(?:\d+|an?|une?|einer?|einem|una?|um|uma)\s*${UNIT}`,
    String.raw`(?<![\p{L}])(?:för|for)\s+\d+\s*${UNIT}\s+(?:sedan|siden)`,
    String.raw`\d+\s*[\p{L}]+\s+(?:назад|тому|преди|पहले|ที่แล้ว)`,
    String.raw`преди\s+\d+\s*[\p{L}]+`,
    String.raw`\d+\s*(?:秒|分钟|分鐘|分|小时|小時|時間|天|日|周|個月|个月|か月|年)(?:之?前)`,
    String.raw`\d+\s*(?:초|분|시간|일|주|개월|년)\s*전`,
    String.raw`(?<![\p{L}])(?:just now|moments? ago|gerade eben|à l[’']instant|ahora mismo|adesso|agora mesmo|zojuist|just nu|akkurat nå|lige nu|juuri nyt|przed chwilą|právě teď|az imént|şimdi|только что|щойно|たった今|刚刚|剛剛|방금)(?![\p{L}])`,
  ].join('|'),
  'giu',
)

function withoutAges(text: string): string {
  return text.replace(AGES, ' ')
}

const COUNTED = [
  'comments?|replies|reply|likes?|shares?|shared|views?|reads?|readers?|reactions?|votes?|upvotes?|retweets?|claps?|followers?|listens?|plays?|downloads?|times|people',
  'min|mins|minutes?|reading|time|read|watching|online|now|live|viewers?|be|the|first|to|no|yet|one|a|add|your|leave|post|write|and|of|on|this|so|far|hits?|bookmarks?|saves?',
  'last|latest|updated?|published|posted|modified|edited|at|on',
  'kommentare?n?|aufrufe?n?|mal|gelesen|geteilt|gefällt|lesezeit|lesedauer|minuten?|aktualisiert|zuletzt|veröffentlicht|keine|noch|teilen|antworten',
  'commentaires?|partages?|vues?|lectures?|réactions?|temps|de|mis|jour|à|publié|aucun|lu|fois',
  'comentarios?|compartidos?|compartid[oa]|vistas?|visitas?|lecturas?|minutos?|lectura|actualizado|publicado|sin|me|gusta|tiempo|hace',
  'commenti|commento|condivisioni|visualizzazioni|letture|lettura|minut[io]|tempo|aggiornato|pubblicato|nessun',
  'comentários?|partilhas?|compartilhamentos?|visualizaç(?:ão|ões)|leituras?|leitura|curtidas?|atualizado|nenhum',
  'reacties?|gedeeld|weergaven|keer|leestijd|bijgewerkt|gelezen|deel',
  'kommentar(?:er|en)?|visningar?|delningar?|lästid|delinger|visninger|læsetid|lesetid|delt|uppdaterad|opdateret|oppdatert|inga|ingen',
  'kommenttia?|jakoa|katselu(?:kertaa|a)?|lukuaika|päivitetty',
  'komentarz[ey]?|komentarzy|udostępnie[\\p{L}]*|wyświetle[\\p{L}]*|komentář[\\p{L}]*|zobrazení|sdílení|přečten[\\p{L}]*|brak',
  'hozzászólás[\\p{L}]*|megosztás[\\p{L}]*|megtekintés[\\p{L}]*|comentarii|vizualizări|distribuiri|yorum[\\p{L}]*|paylaşım[\\p{L}]*|görüntülenme[\\p{L}]*|okunma|okundu',
  'комментари[\\p{L}]*|просмотр[\\p{L}]*|репост[\\p{L}]*|лайк[\\p{L}]*|прочт[\\p{L}]*|обновлено|коментар[\\p{L}]*|перегляд[\\p{L}]*|мин|минут[\\p{L}]*',
  'σχόλια?|κοινοποιήσεις|προβολές|تعليق[\\p{L}]*|مشاهد[\\p{L}]*|مشارك[\\p{L}]*|دقائق|قراءة|תגובות|צפיות|שיתופים|टिप्पणि[\\p{L}\\p{M}]*',
  'komentar|dibaca|dilihat|kali|bình|luận|lượt|xem|chia|sẻ',
].join('|')
const COUNTED_CJK =
  '条评论|條評論|评论|評論|阅读|閱讀|点赞|浏览|瀏覽|分享|转发|次|人|コメント|閲覧|件|いいね|シェア|回|댓글|조회수?|공유|좋아요|개|명|最終更新|更新'

const COUNTED_WORD = new RegExp(`^(?:k|m|mio|tsd|mil|тыс|万|萬|만|${COUNTED})$`, 'iu')
const COUNTED_PARTS = new RegExp(COUNTED_CJK, 'gu')

const LONGEST_PASSING = 80

/** "12 comments", "1.2k views · 5 min read", "Last updated 5 minutes ago": a line of numbers and what they count. */
function isPassing(line: string): boolean {
  if (line.length > LONGEST_PASSING || !/\p{Nd}/u.test(line)) return false
  const rest = withoutAges(line)
  const words = rest.match(/[\p{L}\p{M}]+/gu) ?? []
  // Numbers alone are a table's, or a list's.
  if (words.length === 0) return rest !== line
  return words.every((word) => COUNTED_WORD.test(word) || word.replace(COUNTED_PARTS, '') === '')
}

const GENERIC = /^(?:image|img|photo|picture|pic|default|original|large|medium|small|master|header|hero|main|thumb(?:nail)?|index|file|\d{0,4})$/i // prettier-ignore
const SIZED = /(?:[-_@.](?:\d{2,5}x\d{0,5}|x\d{2,5}|\d{2,5}w|w\d{2,5}|h\d{2,5}|[23]x|scaled|q\d{1,3}))+$/i
const TRANSFORMS = /[=,:;]|^(?:\d{1,5}x\d{0,5}|v?\d{1,12}|(?:w|h|q|c|f|s|fit|crop|fill|resize|width|height|quality|scale|format|auto|rs|dpr)[-_]?\d{0,5}(?:x\d+)?)$/i // prettier-ignore

/** What a picture is known by, whichever size, host and version of it a delivery network names: the name of its file. */
export function pictureKey(url: string): string {
  const parsed = parseUrl(url)
  if (parsed === undefined) return url
  const asked = [...parsed.searchParams.values()].find((value) =>
    /\/[^/]+\.(?:jpe?g|png|gif|webp|avif|svg)\b/i.test(value),
  )
  const path = decoded(asked ?? parsed.pathname).replace(/[?#].*$/s, '')
  const names = path.split('/').filter((name) => name !== '' && (!TRANSFORMS.test(name) || /\.\w{3,4}$/.test(name)))
  const [file = '', folder = ''] = names
    .toReversed()
    .map((name) => name.replace(/\.[a-z0-9]{2,5}$/i, '').replace(SIZED, ''))
  const isTelling = file.length >= 5 && !GENERIC.test(file)
  return (isTelling ? file : `${folder}/${file}`).toLowerCase()
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
