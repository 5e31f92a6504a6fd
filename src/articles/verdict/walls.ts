/** Pages that stand where an article should be: robot checks, logins, consent, "not found", errors, parked domains, empty shells. */
import { fold } from '../characters.ts'
import { type NotArticle } from '../../item.ts'
import { isData } from '../metadata/data.ts'
import { type Page } from '../metadata/page.ts'
import { letterWorth } from './page-signs.ts'

/** How such a page is told: by the whole of a heading, or by words anywhere in what little there is. */
interface Wall {
  reason: NotArticle
  /** The whole heading, or a whole part of the page's title. */
  heading?: RegExp
  /** Words in the text, none of which an article's first lines would have by chance. */
  words?: RegExp
  /** Paragraphs that say nothing of these words may have so many letters together, and it is a wall all the same. */
  most: number
}

const whole = (...patterns: string[]) => new RegExp(`^(?:${patterns.join('|')})$`, 'iu')
const anywhere = (...patterns: string[]) => new RegExp(patterns.join('|'), 'iu')

/** In the order in which they are asked: what is more certain comes first. */
const WALLS: Wall[] = [
  {
    reason: 'robotCheck',
    heading: whole(
      'just a moment', 'one moment(?: please)?', 'one more step', 'attention required', 'access (?:to this page has been )?denied', 'security check(?: required)?', 'security verification',
      'pardon our interruption', '(?:are you|let us know you(?: a)?re|confirm you(?: a)?re|verify (?:that )?you(?: a)?re|please verify (?:that )?you are) (?:(?:a )?human|(?:not )?a robot)(?: or (?:a )?robot)?.{0,30}',
      'robot check', 'bot (?:check|verification|detection)', 'human verification', 'checking your browser.{0,40}', 'ddos protection.{0,30}', '(?:re)?captcha(?: (?:check|challenge|required|verification))?',
      'you have been blocked', 'sorry you have been blocked', 'request (?:blocked|unsuccessful).{0,60}', 'unusual (?:traffic|activity).{0,60}', 'verifying (?:your browser|you are human).{0,40}', 'please wait.{0,20}verif.{0,30}',
      'nur einen moment', 'einen moment(?: bitte)?', 'sicherheits(?:überprüfung|prüfung|abfrage)', 'zugriff verweigert', 'sind sie ein (?:mensch|roboter)', 'un instant', 'un momento(?: por favor)?', 'accès refusé', 'acceso denegado', 'accesso negato',
      'acesso negado', 'um momento', 'een moment(?: geduld)?', 'toegang geweigerd', 'ett ögonblick', 'åtkomst nekad', 'chwileczkę', 'odmowa dostępu', 'один момент', 'доступ (?:запрещен|запрещён|ограничен)', 'проверка (?:браузера|безопасности)', 'bir dakika lütfen', 'しばらくお待ちください', '请稍候', '請稍候', '安全验证', '잠시만 기다리(?:세요|십시오)',
    ),
    words: anywhere(
      'enable javascript and cookies to continue', 'verify(?:ing)? (?:that )?you are (?:a )?human', 'checking (?:if the site connection is secure|your browser before)', 'needs to review the security of your connection', 'complete the (?:captcha|security check)', 'press (?:and|&) hold', "(?:prove|confirm|know|verify) (?:that )?you(?:['’]re| are) not a (?:ro)?bot", 'detected unusual (?:traffic|activity)', 'automated (?:requests|access)', 'solve (?:this|the) (?:captcha|puzzle)',
      'sicherheitsüberprüfung (?:ab|durch)', 'kein roboter sind', 'aktivieren sie javascript und cookies', 'activez javascript et les cookies', "n['’]êtes pas un robot", 'no (?:es|eres) un robot', 'habilite javascript y las cookies', 'non sei un robot', 'não é um robô', 'geen robot bent', 'nie jesteś robotem', 'вы не робот', 'включите javascript и cookie', 'ロボットではない', '您是真人', '验证您不是机器人', '로봇이 아닙니다',
    ),
    most: 700,
  },
  {
    reason: 'notFound',
    heading: whole(
      '(?:error|erreur|fehler|errore|erro|fout|fel|feil|fejl|błąd|chyba|ошибка|hata|virhe|hiba|eroare|σφάλμα)? ?404(?: (?:error|fehler|not found|page not found|.{0,40}not found|seite nicht gefunden|page introuvable|página no encontrada|pagina non trovata|página não encontrada|erreur|ошибка))?', '(?:error )?410(?: gone)?', 'not found(?: error)?(?: 404)?', '(?:sorry |oops |oh no |uh oh |whoops )*(?:this |the |that |the requested )?(?:page|article|post|story|content|document|url) (?:(?:you (?:requested|were looking for|are looking for|re looking for) )?(?:(?:was|is|could|can|has|have)(?: ?n(?:o|[\'’])?t)? ?(?:be |been )?(?:found|removed|deleted|moved|unavailable|available(?: anymore| any longer)?)|not found|does ?n(?:o|[\'’ ])?t exist|(?:is )?no longer (?:exists|available)|missing))(?: 404)?', "(?:sorry )?we (?:couldn|can)(?: ?no)?[’' ]?t find (?:that|the|this) (?:page|article|story).{0,40}", '(?:oops |sorry )?nothing (?:was )?found(?: here)?', 'page (?:cannot|can ?not|could not) be found', '(?:oops )?that page can.?t be found', 'no (?:results|posts?|articles?) found',
      '(?:die |diese |leider |angeforderte |gewünschte |gesuchte )*(?:seite|artikel|beitrag|inhalt|dokument)(?: (?:wurde|konnte|ist))?(?: leider)? (?:nicht (?:gefunden(?: werden)?|vorhanden|verfügbar|mehr verfügbar)|existiert nicht(?: mehr)?)', 'nichts gefunden', '(?:cette |la )?page (?:introuvable|non trouvée|n.?a pas été trouvée|demandée .{0,30}|inexistante|n.?existe (?:pas|plus))', 'contenu introuvable', '(?:la |esta )?página (?:no (?:encontrada|existe|disponible)|que buscas no existe|solicitada no .{0,30})', 'no se (?:ha )?(?:encontr(?:ó|ado)) (?:la )?página', '(?:la )?pagina (?:non (?:trovata|esiste|disponibile)|che cerchi non .{0,30}|inesistente)', '(?:a )?página (?:não (?:foi )?encontrada|inexistente|não existe)', '(?:de )?pagina (?:is )?(?:niet (?:gevonden|beschikbaar)|bestaat niet(?: meer)?)', '(?:sidan|sidan du söker) (?:kunde inte hittas|finns inte(?: längre)?|hittades inte)', 'siden (?:(?:ble |blev )?ikke (?:funnet|fundet)|finnes ikke|findes ikke)', 'sivua ei (?:löydy|löytynyt|ole)', '(?:nie znaleziono strony|strona nie (?:istnieje|została (?:odnaleziona|znaleziona))|nie ma takiej strony)', '(?:stránka|strana) (?:nenalezena|nebyla nalezena|neexistuje|sa nenašla)', 'страниц[аы] не (?:найдена|существует|знайдено)', 'сторінк[ау] не (?:знайдено|існує)', 'страницата не (?:е намерена|беше намерена)', 'sayfa bulunamadı', 'aradığınız sayfa bulunamadı', 'az oldal nem található', '(?:pagina )?nu (?:a fost găsită|există)(?: pagina)?', 'pagina nu (?:a fost găsită|există)', 'η σελίδα δεν (?:βρέθηκε|υπάρχει)', 'halaman tidak ditemukan', 'không tìm thấy trang', 'ไม่พบหน้า.{0,20}', 'الصفحة غير موجودة', 'هذه الصفحة غير موجودة', 'לא נמצא(?:ה)?(?: הדף)?', '(?:ה)?(?:דף|עמוד) (?:לא נמצא|המבוקש לא נמצא)', '(?:お探しの)?ページ(?:が|は)(?:見つかりません|見つかりませんでした|存在しません).{0,6}', '(?:抱歉)? ?(?:页面|頁面|您访问的页面|您要找的页面|找不到(?:页面|頁面|网页)).{0,4}(?:不存在|未找到|找不到|没有找到)?', '페이지를 찾을 수 없습니다', '찾을 수 없는 페이지.{0,10}', 'صفحه (?:مورد نظر )?(?:یافت|پیدا) نشد', 'पृष्ठ नहीं मिला',
    ),
    words: anywhere(
      "(?:page|article) (?:you(?:['’]re| are| were)? (?:looking for|requested|trying to (?:reach|access))) (?:does not|doesn['’]t|could not|couldn['’]t|can['’]?t|cannot|no longer|is not|isn['’]t|was not|wasn['’]t|has been)", 'requested url .{0,200} was not found on this server',
      '(?:gesuchte|angeforderte|aufgerufene) seite .{0,30}(?:nicht|existiert)', 'page que vous (?:recherchez|cherchez|demandez) .{0,30}(?:pas|plus|introuvable)', 'página que (?:buscas?|está buscando|intenta) .{0,30}(?:no )', 'pagina che (?:stai cercando|cerchi) .{0,30}non', 'página que (?:você )?(?:procura|está procurando) .{0,30}não', 'pagina die (?:je|u) zoekt .{0,30}niet', 'запрашиваем\\p{L}+ страниц\\p{L}+ не',
    ),
    most: 900,
  },
  {
    reason: 'error',
    heading: whole(
      '(?:error )?(?:401|403|429|500|502|503|504|520|521|522|523|524|525)(?: (?:error|unauthorized|forbidden|too many requests|internal server error|bad gateway|service (?:temporarily )?unavailable|gateway time ?-?out|web server is down|connection timed out|host error))?', '(?:internal )?server error', 'bad gateway', 'forbidden', 'gateway time ?-?out', 'service (?:temporarily )?unavailable', '(?:site |we are |we ?re |the site is |currently |temporarily )*(?:down for |under |undergoing |in )?(?:scheduled |planned )?maintenance(?: mode)?', '(?:oops |sorry )?something went wrong.{0,40}', 'an? (?:unexpected |application |fatal )?error (?:has )?occurred.{0,40}', 'error', 'website is temporarily unavailable', 'we(?: wi|.)?ll be (?:right )?back(?: soon)?', 'too many requests', 'error establishing a database connection', 'database error', 'application error.{0,60}', 'runtime error', 'account suspended', 'this account has been suspended', 'bandwidth limit exceeded',
      'wartungs(?:arbeiten|modus)', 'wegen wartung.{0,40}', '(?:interner )?serverfehler', 'ein fehler ist aufgetreten', '(?:site )?en maintenance', 'une erreur (?:est survenue|s.est produite)', 'en mantenimiento', 'sitio en mantenimiento', '(?:se ha producido|ha ocurrido) un error', 'in manutenzione', 'sito in manutenzione', 'si è verificato un errore', 'em manutenção', 'ocorreu um erro', 'in onderhoud', 'er is (?:iets misgegaan|een fout opgetreden)', 'underhåll(?: pågår)?', 'ett fel (?:har inträffat|uppstod)', 'przerwa techniczna', 'wystąpił błąd', 'технические работы', 'произошла ошибка', 'bakımdayız', 'メンテナンス中', 'ただいまメンテナンス中(?:です)?', '系统维护中?', '점검 중', '시스템 점검',
    ),
    words: anywhere(
      'error establishing a database connection', 'is currently (?:undergoing|down for|under|offline for) (?:scheduled |planned |routine )?maintenance', 'temporarily unable to service your request', 'upstream (?:connect error|request timeout)', '^fatal error: ', 'a client-side exception has occurred', 'aufgrund von wartungsarbeiten', 'en raison d.une maintenance', 'por mantenimiento', 'per manutenzione',
    ),
    most: 500,
  },
  {
    reason: 'parked',
    heading: whole(
      '(?:this |the )?domain(?: name)?(?: \\S+)? (?:is |may be |has been )?(?:for sale|parked.{0,30}|available|expired|registered).{0,40}', '\\S+ (?:com|net|org|info|biz|io|co|eu|de|at|ch|fr|es|it|nl|pl|uk|us|shop|online|site|xyz|app|dev|example) (?:is|may be) for sale.{0,20}', 'buy this domain', 'parked domain', 'domain parking', 'welcome to nginx', 'apache2? .{0,20}default page.{0,20}', 'it works', 'index of .{0,80}', 'default (?:web site|web|plesk) page', 'web server s default page', 'coming soon', '(?:site |website |page )?under construction', 'iis windows(?: server)?', 'future home of .{0,60}', 'website (?:is )?coming soon',
      '(?:diese )?domain (?:steht zum verkauf|zu verkaufen|ist geparkt|wurde registriert).{0,30}', 'hier entsteht eine neue (?:internetpräsenz|website|webseite)', 'domaine à vendre', 'site en construction', 'dominio en venta', 'sitio en construcción', 'dominio in vendita', 'sito in (?:costruzione|allestimento)', 'domínio à venda', 'site em construção', 'domein te koop', 'domena na sprzedaż', 'домен продается', 'сайт в разработке', '域名出售',
    ),
    words: anywhere(
      '(?:this|the) (?:domain|web ?page|website)(?: name)?(?: \\S+)? (?:is|may be) (?:for sale|parked|available for purchase)', 'buy this domain', 'domain (?:has )?expired', 'parked free, courtesy', 'the domain owner', 'diese domain (?:steht|kaufen)', 'ce (?:nom de )?domaine est (?:à vendre|en vente)', 'este dominio está (?:a la venta|en venta|aparcado)', 'if you see this page, the nginx web server is successfully installed',
    ),
    most: 400,
  },
  {
    reason: 'login',
    heading: whole(
      '(?:please )?(?:log|sign) ?[io]n(?: or (?:register|sign ?up|create an account|subscribe))?(?: to (?:continue|your account|view this page|read.{0,30}|access.{0,30}))?', '(?:member |user |subscriber )?log ?in(?: required| page)?', 'authentication required', '(?:create (?:a |your )?(?:free )?account|register|sign ?up)(?: to (?:continue|read).{0,30})?', 'you (?:must|need to|have to) (?:be logged in|log in|sign in).{0,50}', 'subscribe to (?:continue|read).{0,40}', 'members only.{0,20}', 'unauthorized', 'private (?:site|page|blog)', '(?:this (?:content|page|post) is )?(?:password )?protected.{0,40}', 'protected:.{0,80}',
      '(?:bitte )?(?:anmelden|einloggen|anmeldung|login erforderlich)(?: oder registrieren)?', 'bitte melden sie sich an', '(?:se connecter|connexion|identification|connectez.vous|identifiez.vous)(?: pour .{0,30})?', '(?:iniciar sesión|inicia sesión|inicie sesión|acceder|identifícate)', '(?:accedi|accesso|login|effettua (?:il login|l.accesso))', '(?:entrar|iniciar sessão|fazer login|faça login.{0,30})', '(?:inloggen|aanmelden|log in om .{0,30})', '(?:logga in|logg inn|log ind|kirjaudu(?: sisään)?)', '(?:zaloguj się|logowanie)', '(?:přihlášení|přihlásit se)', '(?:вход|войти|авторизация|войдите .{0,30})', '(?:giriş yap|oturum aç)', 'ログイン(?:してください)?', '(?:登录|登入|请登录)', '로그인', 'تسجيل الدخول', 'התחברות',
    ),
    words: anywhere(
      '(?:you )?(?:must|need to|have to) (?:be (?:logged|signed) in|log ?in|sign ?in) (?:to|before|in order)', 'please (?:log|sign) in (?:to|or)', 'this (?:content|page|article) is (?:only )?(?:available )?(?:for|to) (?:registered|members|subscribers|logged)', 'this (?:content|post) is password protected', 'sie müssen (?:sich (?:anmelden|einloggen)|angemeldet|eingeloggt)', 'bitte (?:melden sie sich an|loggen sie sich ein)', 'vous devez (?:être connecté|vous connecter)', 'debe(?:s)? (?:iniciar sesión|estar registrado)', 'devi (?:effettuare|accedere|essere registrato)', 'você precisa (?:estar logado|fazer login|entrar)', 'je moet (?:ingelogd|inloggen)', 'musisz (?:się zalogować|być zalogowany)', 'необходимо (?:войти|авторизоваться)', 'ログインが必要', '请先登录', '로그인이 필요',
    ),
    most: 300,
  },
  {
    reason: 'consent',
    heading: whole(
      'before you continue(?: to .{0,40})?', '(?:we value your|your|about your) privacy(?: (?:choices|settings|matters|is important to us))?', '(?:cookie|privacy) (?:consent|settings|preferences|wall)', 'consent(?: required)?', 'cookies?', 'bevor sie (?:fortfahren|zu .{0,30})', '(?:ihre |deine )?privatsphäre.{0,30}', 'datenschutzeinstellungen', 'cookie.einstellungen', '(?:mit|weiter mit) werbung.{0,40}', 'avant (?:de continuer|d.accéder).{0,30}', '(?:nous respectons|respect de) (?:votre )?(?:vie privée|confidentialité).{0,20}', 'antes de (?:continuar|ir a).{0,30}', 'valoramos (?:tu|su) privacidad', 'prima di continuare.{0,30}', 'la tua privacy.{0,30}', 'voordat je verdergaat.{0,30}', 'wij waarderen (?:je|uw) privacy', 'zanim przejdziesz.{0,30}', 'antes de continuar', 'innan du fortsätter.{0,30}',
    ),
    most: 150,
  },
  {
    reason: 'shell',
    words: anywhere(
      '(?:you need to|please|must) (?:enable|activate|turn on) javascript', 'enable javascript to (?:run|use|view|continue)', 'javascript is (?:disabled|required|not (?:enabled|available))', "(?:doesn['’]t|does not|won['’]t) (?:work|function) (?:properly )?without javascript", 'requires javascript', 'your browser (?:is not supported|does not support javascript)', '(?:bitte )?(?:aktivieren sie|schalten sie) (?:bitte )?javascript', 'javascript (?:muss|ist) (?:aktiviert|deaktiviert|erforderlich)', '(?:veuillez )?activer? (?:le )?javascript', 'javascript est (?:désactivé|requis|nécessaire)', '(?:active|habilite|activa|habilita) (?:el )?javascript', 'necesita(?:s)? (?:habilitar|activar) javascript', 'attiva(?:re)? javascript', 'abilita(?:re)? javascript', '(?:ative|habilite) o? ?javascript', 'schakel javascript in', 'włącz (?:obsługę )?javascript', '(?:включите|необходимо включить) javascript', 'javascript.?(?:を有効|が無効)', '(?:启用|啟用|开启) ?javascript', 'javascript.?(?:를|을) (?:활성화|사용)',
    ),
    most: 150,
  },
] // prettier-ignore

/** What these pages speak of when they are only that: such a paragraph makes no article of them. */
const CONSENT =
  /cookie|consent|einwillig|datenschutz|privacy|privat|confidentialit|werbung|tracking|advertis|personali|partner|vie privée|privacidad|gdpr|dsgvo/i

/** Text in the page's title stands beside the site's name. */
const SEPARATORS = /\s+[|–—·•»«:-]+\s+|\s*[|•»]\s*|:\s+/

/** Longest that a page's own words at its beginning may be, in which `words` are looked for. */
const HEAD = 3000

/**
 * What stands there instead of an article, if it is certainly that. `text` is what a reader sees of the page; `prose` how many
 * letters of it are in paragraphs, a Chinese letter counting for as many as it says.
 */
export function findWall(page: Page, text: string, html: string): NotArticle | undefined {
  // What calls itself an article and has a date is one, whatever it is about.
  const statesArticle = isStated(page)
  const scale = letterWorth(text)
  const prose = proseBeside(page, scale)
  // No wall has so much to say.
  if (prose.all > 3000 && prose.without(CONSENT) > 2000) return undefined
  const headings = headingsOf(page)
  const head = text.slice(0, HEAD)
  for (const wall of WALLS) {
    const { reason, heading, words, most } = wall
    const isNamed = heading !== undefined && headings.some((one) => heading.test(one))
    const isSaid = words?.test(head) ?? false
    if (!isNamed && !isSaid) continue
    const paragraphs = reason === 'consent' ? prose.without(CONSENT) : prose.without(words)
    // Where only its words say it, there may be next to nothing else; a page that is named for it may go on.
    const isThin = paragraphs <= (isNamed ? most : most / 2)
    if (isThin && !(statesArticle && !(isNamed && isSaid))) return reason
  }
  if (isChallenge(html, prose.all)) return 'robotCheck'
  if (isShell(page, text, scale)) return 'shell'
  return undefined
}

function isStated(page: Page): boolean {
  const isArticle = (page.meta('og:type')[0] ?? '').toLowerCase().endsWith('article')
  const isDated =
    page.meta('article:published_time').length > 0 || page.data.some((node) => isData(node) && node['datePublished'])
  return isDated && (isArticle || page.data.some((node) => /Article|Posting/.test(String(node['@type']))))
}

/** The headings of the page and the parts of its title, as they are compared: without marks. */
function headingsOf(page: Page): string[] {
  const firsts = page.lines.filter(({ element: { name } }) => name === 'h1' || name === 'h2').slice(0, 3)
  const titles = [page.title, page.meta('og:title')[0] ?? '']
  const parts = titles.flatMap((title) => [title, ...title.split(SEPARATORS)])
  // The name of the site alone is never such a heading, and it stands last.
  return [...new Set([...parts, ...firsts.map(({ text }) => text)].map(fold))].filter((one) => one !== '')
}

function proseBeside({ lines }: Page, scale: number): { all: number; without(words: RegExp | undefined): number } {
  const paragraphs = lines.filter(({ length, linked }) => length * scale >= 80 && linked < length * 0.4)
  const sum = (of: typeof paragraphs) => of.reduce((letters, { length }) => letters + length * scale, 0)
  return {
    all: sum(paragraphs),
    without: (words) => sum(words === undefined ? paragraphs : paragraphs.filter(({ text }) => !words.test(text))),
  }
}

/** What challenges leave in a page, whoever makes them: a frame, a form or a script, and nothing to read. */
const CHALLENGES =
  /cdn-cgi\/challenge-platform|id=["']?(?:challenge-(?:form|running|stage|error-text)|cf-(?:wrapper|challenge)|px-captcha|sec-(?:if-)?cpt-|captcha-(?:container|box))|captcha-delivery\.com|_incapsula_resource|geo\.captcha|perimeterx|datadome|class=["']?(?:g-recaptcha|h-captcha|cf-turnstile|frc-captcha)|awswafintegration|\/_sec\/cp_challenge/i

function isChallenge(html: string, prose: number): boolean {
  return prose < 200 && html.length < 400_000 && CHALLENGES.test(html)
}

const ROOTS = /^(?:root|app|__next|__nuxt|___gatsby|app-root|main-app|react-root|ember-app|svelte|q-app|single-spa\S*)$/

/** The frame of an application that fetches its text itself: a place for it, and nothing in it. */
function isShell(page: Page, text: string, scale: number): boolean {
  if (text.length * scale > 250) return false
  const isRooted = page.marked.some(({ element: { attribs } }) => ROOTS.test(attribs['id'] ?? ''))
  const isOwnElement = page.tagged('app-root').length > 0
  const asks = page
    .tagged('noscript')
    .some(({ element }) =>
      element.children.some((child) => 'data' in child && /javascript/i.test(child.data.slice(0, 2000))),
    )
  const hasNothing = page.tagged('img').length === 0 && page.tagged('article').length === 0
  return (isRooted || isOwnElement || asks) && hasNothing
}
