/** What links to the parts of an article say, in many languages. */

const PAGE = /page|página|pagina|pàgina|seite|\bsida|\bside|sivu|stran|stron|stránk|страниц|стр\.|сторінк|oldal|sayfa|σελίδα|halaman|trang|หน้า|صفحة|الصفحة|صفحه|עמוד|पृष्ठ|पेज|页|頁|ページ|페이지|쪽/iu // prettier-ignore
const ON = /next|continu|weiter|nächst|suivant|suite|siguiente|continúa|próxim|seguinte|successiv|prossim|seguente|avanti|volgende|verder|nästa|fortsätt|næste|neste|fortsett|seuraava|jatka|następn|dalej|další|ďalš|pokračov|következő|tovább|următo|continuare|sonraki|devam|далее|дальше|следующ|наступн|далі|επόμεν|التالي|بعد|הבא|अगल|ถัดไป|berikut|selanjut|tiếp|sau|次|下|다음/iu // prettier-ignore
/** What is called so is another article, or the next of a list of them. */
const OTHER = /article|\bpost\b|story|stories|entry|chapter|episode|artikel|beitr[aä]g|nachricht|kapitel|folge\b|billet|chapitre|artículo|noticia|entrada|capítulo|articolo|notizia|artigo|notícia|bericht|inlägg|indlæg|innlegg|artikkeli|artykuł|wpis|článek|cikk|bejegyzés|articol|makale|yazı|haber|стать|запис|новост|публикац|статт|άρθρο|مقال|خبر|כתבה|מאמר|लेख|บทความ|bài|记事|記事|文章|篇|기사|글/iu // prettier-ignore

/** Whether a link says that it leads to part `number`, and calls it a page. */
export function namesPage(label: string, number: number): boolean {
  if (label.length > LONGEST || !PAGE.test(label)) return false
  const numbers = label.normalize('NFKC').match(/\d+/g) ?? []
  return numbers.length > 0 ? numbers[0] === String(number) : ON.test(label)
}

/** In characters: what says more is a headline. */
const LONGEST = 120

export function saysOtherArticle(label: string): boolean {
  return OTHER.test(label) && !PAGE.test(label)
}

const ONE_PAGE = /(?:on|as|in) (?:a |one |1 )?(?:single|one|1) page|single[ -]page (?:view|version|format)|^single page$|one[ -]page (?:view|version)|(?:auf|als) (?:einer|1) seite|komplettansicht|sur une (?:seule )?page|en una (?:sola )?página|em uma (?:só |única )?página|numa (?:só )?página|(?:in|su) una? (?:sola |unica )?pagina|op (?:één|een|1) pagina|på (?:en|ett|1) (?:och samma )?sid[ae]|på én side|yhdellä sivulla|na jednej stronie|na jedn[ée] (?:stránce|strane|strani)|egy oldalon|într-o singură pagină|tek sayfada?|на одной странице|на одній сторінці|σε μία σελίδα|في صفحة واحدة|בעמוד אחד|dalam satu halaman|trên một trang|1ページで|全ページを?表示|全文を?表示|(?:显示|顯示|阅读|閱讀|查看)全文|在一页|单页(?:显示|阅读)|전체 ?(?:보기|페이지)|한 ?페이지/iu // prettier-ignore
const ALL = /^(?:(?:view|show|read|see|display) )?(?:all|full|everything|whole|entire)(?: (?:article|story|text|pages?))?$|^all(?:e|es)(?: seiten)?(?: anzeigen)?$|^(?:gesamter|ganzer|kompletter) (?:artikel|text)|^tout(?:es les pages| afficher| lire)?$|^tod[oa]s?\b|^tutt[oi]\b|^全文$|^全部$|^すべて$|^전체$|^весь текст$|^целиком$|^alles$|^allt$|^hele artikkelen|^hele artiklen|^całość$|^celý článek$/iu // prettier-ignore

/** Whether a link offers all parts at once; `isNear`: its address is that of the article and says `all`. */
export function saysWhole(label: string, isNear: boolean): boolean {
  if (label.length > LONGEST) return false
  const parts = label.split(' · ').map((part) => part.trim().replace(/[\s›»→.:]+$/u, ''))
  return parts.some((part) => ONE_PAGE.test(part) || (isNear && (ALL.test(part) || PAGE.test(part))))
}
