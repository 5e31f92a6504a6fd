/** Names of people in the words of a byline: what stands around them goes, and what is no name is refused. */
import { evenText } from '../characters.ts'

const BY_WORDS = [
  // English
  '(?:article |story |words |text |post(?:ed)? |written |published |reported |created |submitted |contributed |authored |guide |review |column |opinion |analysis |edited and written )?by',
  '(?:about the |the |post |article |guest |lead |contributing )?(?:authors?|writers?|contributors?|columnists?)(?: name)?(?:\\(s\\))?(?=\\s*[:：]|$|\\s+\\p{Lu})',
  // German, Dutch, Scandinavian, Finnish
  '(?:ein (?:beitrag|artikel|kommentar|gastbeitrag) |text |geschrieben |verfasst |erstellt |veröffentlicht |gepostet |artikel |kolumne |eingestellt )?von',
  '(?:autor(?:in|en|:in)?|verfasser(?:in)?|redakteur(?:in)?|text|texte?|bericht)\\s*[:：]',
  '(?:geschreven |gepubliceerd |geplaatst )?door|auteurs?\\s*[:：]?',
  '(?:skrivet |skriven |skrevet |publicerad |publisert |text |tekst |foto og tekst )?a[vf]|(?:författare|forfatter|skribent|journalist|tekst)\\s*[:：]',
  '(?:kirjoittanut|kirjoittaja|teksti|toimittaja)\\s*[:：]?',
  // French, Spanish, Portuguese, Italian, Catalan, Romanian
  '(?:écrit |publié |rédigé |posté |proposé |article |texte |propos recueillis )?par|(?:texte|auteure?s?|autrice)\\s*[:：]',
  '(?:escrito |publicado |redactado |texto |postado |enviado |elaborado |artículo )?por|(?:autora?(?:es)?|texto|redacción|redação|reportagem)\\s*[:：]',
  '(?:articolo |testo )?d[ia]|(?:a cura|scritto|pubblicato|postato) d[ia]|(?:autore|autrice|testo)\\s*[:：]',
  'escrit per|scris de|publicat de|de (?=\\p{Lu}\\p{Ll}+ \\p{Lu})',
  // Polish, Czech, Hungarian, Turkish, Indonesian, Vietnamese
  '(?:autor(?:ka|zy|ři)?|tekst|napisał[ao]?|opracował[ao]?|napsal[ai]?|przez|szerző|írta|yazar|yazan|haber|oleh|ditulis oleh|penulis|tác giả|bởi)\\s*[:：]?(?=\\s|$)',
  // Cyrillic, Greek, Hebrew, Arabic, Persian, Hindi
  '(?:авторы?|автор статьи|текст|подготовил[аи]?|журналист|написал[аи]?|συντάκτης|συγγραφέας|γράφει (?:ο|η)|מאת|بقلم|كتب(?:ت)?|نویسنده|लेखक|द्वारा)\\s*[:：/]?(?=\\s|$|[:：/])',
  // Chinese, Japanese, Korean
  '(?:原?作者|撰文|撰稿|文字?|記者|记者|编译|著者|執筆者?|筆者|寄稿|取材・文|글쓴이|글|작성자|기자)\\s*[:：/／|｜＝=]\\s*',
]
const BY = new RegExp(`^[\\s—–|·•*]*(?:${BY_WORDS.join('|')})(?=$|[\\s:：]|(?<=[:：/／|｜＝=]\\s*))[\\s:：]*`, 'iu')
const GLUED_BY = /^(?:[Ww]ritten )?(?:By|by|Von|Par|Por|Door)(?=\p{Lu}[\p{Ll}.])/u
const INNER_BY =
  /^(.{0,70}?)(?:^|[\s·•|,/—–-])(?:(?:posted|written|published) )?(by|von|par|por|door|oleh|tarafından|av|af)\s*:?\s+(?=\S)/iu

/** Words that are part of no one's name, but of a byline around it. */
const ROLE = new RegExp(
  `^(?:${[
    'editor|writers?|authors?|reporters?|journalists?|correspondents?|contributors?|contributing|columnists?|founders?|co-?founders?|ceo|cto|cmo|coo|cfo|vp|svp|evp|president|director|manager|managing|lead|leader|head|chief|senior|sr\\.?|junior|jr|associate|assistant|executive|freelance|freelancer|guest|former|deputy|expert|analyst|specialist|strategist|consultant|coach|professor|researcher|scientist|engineer|developer|designer|marketer|marketing|content|copywriter|blogger|photographer|producer|multiplatform|critic|reviewer|intern|fellow|partner|owner|attorney|lawyer|nutritionist|dietitian|registered|certified|licensed|owner|creator|host|advisor|adviser|technical|digital|global|regional|national|sports?|political|economics?|science|health|news|features?|special|for|is|was|has|updated|reviewed|published|posted|last|fact|verified|follow|contact|view|read|see|more|share|on|in|at|um|am|vom|le|el|il|den|am|with contributions|about|bio|profile|posts?|articles?|stories|min|minutes?|comments?',
    'redaktion|redakteur(?:in)?|chefredakteur(?:in)?|journalistin?|autorin?|korrespondent(?:in)?|geschäftsführer(?:in)?|rédacteur|rédactrice|journaliste|redactora?|periodista|editora?|giornalista|redattore|redattrice|redacteur|journalist|toimittaja|redaktor|dziennikarz|корреспондент|редактор|журналист',
  ].join('|')})$`,
  'iu',
)

const CREDENTIAL =
  /^(?:[A-Z][A-Za-z]{0,3}\.){1,4}[A-Z]?[a-z]?\.?$|^(?:Ph\.?D|PhD|MSc|BSc|MBA|MPH|MD|RD|RDN?|LDN|CPA|CFP|CFA|JD|Esq|BSN|RN|NP|DO|DVM|VMD|DACVB|DDS|PharmD|LCSW|FAAN|CNS|CPT|CSCS|BA|BS|MA|MS|MFA|EdD|PE|PMP|LVT|MEd|FRCS|E-RYT|Jr|Sr|II|III|IV)\.?(?:\s*\d+)?$/

const CALENDAR =
  /^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?$|^(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?$|^(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|januar|februar|märz|mai|juni|juli|oktober|dezember|today|yesterday|ago|heute|gestern)$/iu

/** What programs write for a name. */
const NOBODY =
  /^(?:undefined|null|none|unknown|anonymous|anonym|n\/?a|author|autor|user|admin(?:istrator)?|webmaster|root|default|test|guest|editor|staff|info|redaktion|superuser|super user|\w* ?admin|email|e-mail|name|facebook|twitter|linkedin|instagram|website|site|blog|press release|guest blogger|guest author)$/i

/** Words that show that capitalised words are no person's name. */
const NO_NAME = new RegExp(
  `(?:^|\\s)(?:${[
    'team|staff|editors?|editorial|admin(?:istrator)?|webmaster|newsroom|desk|department|company|corporation|corp|inc|llc|ltd|gmbh|ag|agency|group|media|magazine|news|press|release|blog|podcast|network|university|college|institute|association|society|foundation|council|office|centre|center|services?|solutions|systems|studio|studios|marketing|insights?|research|official|support|guest|contributor|wire|services|reuters|afp|dpa|apa|editor',
    'home|about|contact|menu|search|share|subscribe|sign|log|login|read|view|see|follow|posts?|articles?|stories|story|comments?|reply|print|download|table|contents|introduction|conclusion|summary|overview|key|takeaways|faq|faqs|related|latest|popular|featured|categories|category|tags?|topics?|privacy|policy|terms|cookies?|newsletter|video|photos?|images?|getty|shutterstock|unsplash|credit|updated?|published|last|minutes?|min|reading|time',
    'the|a|an|and|or|of|to|your|our|my|we|you|this|that|these|how|why|what|when|where|who|which|best|top|guide|review|reviews|tips|new|free|get|start|try|learn|is|are|was|with|for|from|more|all|online|shop|products?|pricing|features?|industry|business|technology|health|travel|food|sports?|politics|world|culture|opinion|fashion|beauty|lifestyle|entertainment|finance|money|education|science|united|states|street|avenue|road',
    'redaktion|die|der|das|und|mehr|artikel|startseite|teilen|kontakt|impressum|datenschutz|zeitung|verlag|la|el|los|las|le|les|redacción|rédaction|redazione|redactie|toimitus|redakcja|редакция|editorial',
  ].join('|')})(?:$|\\s)`,
  'iu',
)

const PARTICLE =
  /^(?:van|von|vom|zu|zum|zur|der|den|de|del|della|di|da|dos|das|do|du|des|la|le|les|ter|ten|te|af|av|el|al|bin|bint|ibn|ben|y|e|i|san|st\.?|mac|mc|o'|d'|l')$/iu
const LONE = /^(?:dr|prof|mr|mrs|ms|miss|sir|dame|rev|hon|professor|dott|ing|dipl|mag|med)\.?$/i

/** Without the word that begins a byline; nothing where the line begins with none. */
export function afterBy(line: string): string | undefined {
  const found = BY.exec(line) ?? GLUED_BY.exec(line)
  if (found !== null) return line.slice(found[0].length)
  const korean = /^(\p{Lo}{2,4})\s?기자(?:\s|$)/u.exec(line)
  if (korean?.[1] !== undefined) return korean[1]
  const inner = INNER_BY.exec(line)
  const before = inner?.[1] ?? ''
  // In the middle it is one only behind a date, or a word that says that something was published.
  if (inner === null || (before !== '' && !/\d|posted|written|published|updated|created|added|submitted/i.test(before))) return undefined
  return line.slice(inner[0].length)
} // prettier-ignore

/** Whether a line is nothing but such a word: the name stands in the next. */
export function isByOnly(line: string): boolean {
  return line.length < 40 && /\p{L}/u.test(line) && afterBy(`${line} `)?.trim() === '' && !/^(?:d[ia]|de|text|текст)$/iu.test(line)
} // prettier-ignore

/** The names that a byline names, as they are written, each once; at most ten. */
export function splitNames(written: string): string[] {
  const line = evenText(written, 300)
  // Names begin with `Von`, `Di` and `De` too: such a word says something only where it is a line of the page.
  return readNames(line.replace(/^(?:(?:written |posted |words )?by:?|authors?:)\s+/i, ''))
}

/** The authors of a feed's or list's entry without their addresses; nothing where no name is left. */
export function listedNames(authors: string[] | undefined): string[] | undefined {
  const names = authors?.map((author) => {
    const [, name] = /^\s*\S+@\S+\s*\(([^)]*)\)\s*$/.exec(author) ?? []
    return evenText(name ?? author.replace(/<?\S+@\S+>?/g, ' '), 200)
  })
  const found = names?.filter((name) => name !== '' && !NOBODY.test(name)) ?? []
  return found.length === 0 ? undefined : found
}

/** As `splitNames`, of a line that a reader sees. */
export function namesInLine(written: string): string[] {
  let line = evenText(written, 300)
  for (let round = 0; round < 2; round++) line = afterBy(line) ?? line
  return readNames(line)
}

function readNames(written: string): string[] {
  let line = written
    .replace(/[\u00ad\u200b]/g, '')
    .replace(/^(.{4,60}?)\s?\1$/u, '$1')
    .replace(ALL_OF, '')
    .replace(/(?<=\p{Ll}{3})(?=(?:Updated|Published|Last|Posted|Reviewed|Share)\b)/gu, ', ')
    .replace(/https?:\S+|www\.\S+|\S+@\S+\.\S+|\(?\s*@[\w.]+\s*\)?/gi, ' ')
    .replace(/\s*\((?![^)]{0,20}\)\s+\p{Lu})[^)]*\)?/gu, ' ')
    .replace(/\s+(?:on behalf of|in|In|for|at|from|via|of the|of)\s.*$/u, '')
    .replace(/(?:\s[-–—|·•⋅»]\s|[|·•⋅»]).*$/u, '')
  line = beforeDate(line)
  const names: string[] = []
  let isRole = false
  for (const [part, separator] of partsOf(line)) {
    const name = trimName(part)
    if (separator !== ',' && (name === part.trim() || !isRole)) isRole = false
    if (isRole) continue
    if (separator === ',' && names.length > 0 && hasRole(part)) {
      isRole = true
      continue
    }
    // What follows a name behind a comma is another name only if it looks like one; else it says what the person is.
    const isName = names.length === 0 || separator !== ',' ? isPossible(name) : isPersonal(name)
    if (isName && !names.includes(name)) names.push(name)
    else if (!CREDENTIAL.test(part.trim())) isRole = names.length > 0
  }
  return names.slice(0, 10)
}

/** `View all posts by`: a link to what else someone wrote. */
const ALL_OF =
  /^(?:(?:view|see|show|read|find|all|more|posts?|zeige|alle|mehr|weitere|voir|tous|toutes|ver|todos|todas|vedi|tutti|bekijk|visa|alla|pokaż)\s+)+(?:\S+\s+){0,3}?(?:by|from|of|von|de|par|por|di|van|door|av)\s+(?=\p{Lu})/iu

/** Parts of a list of names, each with what stands before it. */
function partsOf(line: string): [part: string, separator: string][] {
  const found: [string, string][] = []
  const separator =
    /\s*(?:([,，、;；|/&+＆]|(?<=\p{Lo})[・·](?=\p{Lo}))|\s(?:and|und|et|y|og|och|en|ja|e|i|a|dan|ve|и|та|και|و|with)\s)\s*/giu
  let from = 0
  let before = ''
  for (let match = separator.exec(line); match !== null && found.length < 30; match = separator.exec(line)) {
    found.push([line.slice(from, match.index), before])
    before = match[1] === ',' ? ',' : '&'
    from = match.index + match[0].length
  }
  return [...found, [line.slice(from), before]]
}

function beforeDate(line: string): string {
  const digit = line.search(/\d/)
  if (digit > 1 && /\p{Lo}/u.test(line[digit - 1] ?? '')) return line.slice(0, digit)
  if (digit < 3 || /^\S+\d\S*$/.test(line)) return line
  const words = line.slice(0, digit).trim().split(' ')
  // A number inside a word: a handle.
  if (line[digit - 1] !== ' ' && line[digit - 1] !== '(') return line.slice(0, digit).includes(' ') ? words.slice(0, -1).join(' ') : line
  while (words.length > 0 && (CALENDAR.test((words.at(-1) ?? '').replace(/[,.]$/, '')) || /^(?:on|le|am|el|il|den|vom|la|a|at|since|updated:?|published:?|[^\p{L}]*)$/iu.test(words.at(-1) ?? ''))) words.pop()
  return words.join(' ')
} // prettier-ignore

function trimName(part: string): string {
  const words = part.replace(/^[\s"'“”„«»‘’*_.:–—-]+|[\s"“”„«»*_:–—-]+$/gu, '').split(' ')
  while (
    words.length > 1 &&
    (words.length > 2 || CREDENTIAL.test(words.at(-1) ?? '')) &&
    (CREDENTIAL.test(words.at(-1) ?? '') || isRoleWord(words.at(-1) ?? ''))
  )
    words.pop()
  const role = words.findIndex((word, at) => at > 1 && isRoleWord(word))
  const name = (role > 0 ? words.slice(0, role) : words).join(' ')
  return evenText(name.replace(/[<>]/g, ' ')).replace(/[,.](?<!\b\p{Lu}\.|[JS]r\.)$/u, '')
}

/** Whether a part of a byline says what someone is: `Harbour Correspondent`. */
function hasRole(part: string): boolean {
  return part.trim().split(' ').some((word) => isRoleWord(word) && !PARTICLE.test(word))
} // prettier-ignore

function isRoleWord(word: string): boolean {
  return ROLE.test(word.replace(/[,.:]$/, ''))
}

/** Whether it may be what someone calls themselves: a few words that are no sentence, address, role or date. */
function isPossible(name: string): boolean {
  if (name.length < 2 || name.length > 60 || !/\p{L}{2}|\p{Lo}/u.test(name)) return false
  const words = name.split(' ')
  if (words.length > 6 || words.every((word) => isRoleWord(word) || CALENDAR.test(word) || CREDENTIAL.test(word) || LONE.test(word))) return false
  if (/[!?{}<>=[\]\\]|[.…:]$(?<!\b[\p{Lu}]\.|[JS]r\.)|\w\.\w+\.\w/u.test(name)) return false
  if (/^(?:more|about|view|see|all|read|posts?|articles?|meet|follow|visit|learn|share|full|thank|last|leave|edited|reviewed|fact|checked|medically|photo|photos|image|click|show|zeige|alle|mehr|weitere|über|zum|zur|zu|archiv|afficher|voir|tous|toutes|ver|todos|todas|autoren\w*|auteurs?|autore|autores|gesponserte|please|veröffentlicht|stand|quelle|bild|foto)(?:\s|$)/iu.test(name)) return false
  return !NOBODY.test(name)
} // prettier-ignore

/** Whether it is like a person's name: two to five capitalised words, or two to six characters without case. */
export function isPersonal(name: string): boolean {
  if (!isPossible(name) || /\d/.test(name)) return false
  if (/^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}・· ]{2,12}$/u.test(name)) return /^.{2,6}$/u.test(name) || /[・· ]/u.test(name)
  if (/['’]s(?:\s|$)/u.test(name)) return false
  const words = name.split(' ').filter((word) => !LONE.test(word))
  if (words.length < 2 || words.length > 5 || NO_NAME.test(name.replace(/[.,]/g, ''))) return false
  const isNamed = (word: string) => /^(?:\p{Lu}|\p{Lo}|[("'“‘]\p{Lu}|d['’]\p{Lu})[\p{L}\p{M}.'’)"”-]*$/u.test(word)
  return words.every((word) => isNamed(word) || PARTICLE.test(word)) && words.filter(isNamed).length >= 2 && !words.some((word) => CALENDAR.test(word) && words.length < 3 && word !== 'May' && word !== 'April' && word !== 'June')
} // prettier-ignore

/** Whether it is a log-in name: `mlund82`, `mara-lund`, `m.lund`. */
export function isHandle(name: string): boolean {
  return !name.includes(' ') && (/[\d_]/.test(name) || /^[\p{Ll}.\-_]+$/u.test(name))
}
