/** The words of shops, forums, manuals and services in a text. */
import { logOf, type Signs } from './signs.ts'

const PRICES =
  /(?:[$€£¥₹₽]|\b(?:USD|EUR|GBP|CHF|PLN|Kč|kr)\.?) ?\d[\d.,]*|\d[\d.,]* ?(?:€|zł|Kč|kr\b|₽|円|元|USD\b|EUR\b|CHF\b)/g
const WORDS: Record<string, RegExp> = {
  cartWords: /\badd to (?:cart|bag|basket|wish ?list)|\bbuy now|\b(?:in|out of) stock|\bfree shipping|\bin den warenkorb|\bin den einkaufswagen|\bajouter au panier|\bañadir al carrito|\bagregar al carrito|\baggiungi al carrello|\badicionar ao carrinho|\bin winkel(?:wagen|mand)|\bdodaj do koszyka|\blägg i varukorg|\bв корзину|加入购物车|カートに入れる|장바구니|\bsort by\b|\bfilter by\b|\bview cart|\bquick view|\bchoose options|\bselect options|\bsold out|\bregular price|\bsale price|\bshop now/gi,
  forumWords: /\bjoined:? |\bthread starter|\blast edited by|\breply with quote|\bposts:? [\d,]+|\breaction score|\blikes received|\bregistriert seit|\bbeiträge:? \d|\bthemenstarter|\bmensajes:? \d|\binscription|\bсообщени[яй]:? \d|\bquote from|\bmost liked posts|\breputation:|\btopic starter|\bposted (?:\w+ \d+|\d+ \w+),? \d{4}|\bnew posts?\b|\bgo to (?:first|last) (?:unread )?post|\breport post|\boriginal poster|\breplies\b|\bmembers online/gi,
  callWords: /\b(?:get|request|book|schedule) (?:a |an |your |my )?(?:free |instant )?(?:\w+ )?(?:quote|estimate|demo|consultation|appointment|call)|\bcall (?:us|now|today)|\bcontact us|\bget started|\bstart (?:your )?free|\bfree trial|\bour (?:services|team|clients|customers)|\btrusted by|\bwhy choose|\bsign up free|\bserving\b|\blearn more|\bjetzt anfragen|\bkostenlos testen|\bdevis gratuit|\bsolicit[ae]|\bsee how|\bwe offer|\bservice areas?/gi,
  manualWords: /\bedit this page|\bon this page|\btable of contents|\bsince version|\bdeprecated|\bparameters?:?\b|\breturns?:?\b|\bsyntax\b|\bread the docs|\bprevious (?:topic|page)|\bnext (?:topic|page)|\bwas this (?:page|article) helpful|\bsynopsis\b|\bdocumentation\b|\bapi\b|\bversion:? \d/gi,
  ownWords: /\b(?:we|our|ours|us|wir|unsere?[nmrs]?|uns|nous|notre|nos|nosotros|nuestr[oa]s?|noi|nostr[oaie]|nossos?|nossas?|wij|onze|ons|vi|vår[at]?|nasz[aey]?|мы|наш[аиие]?)\b/gi,
  yourWords: /\b(?:your|yours|you|ihre?[nmrs]?|sie|votre|vos|vous|tus?|su|vostr[oaie]|seus?|suas?|uw|jouw|din|ditt|twoj\w+|ваш\w*)\b/gi,
  starWords: /★|⭐|\b\d\.\d\/5\b|\b5[- ]stars?|\btestimonials?|\breviews\b|\bwhat (?:our|people|customers) say|\bcustomer stories|\bfrequently asked questions/gi,
  tradeWords: /\b(?:licensed|insured|certified|free estimates?|same[- ]day|24\/7|residential|commercial|installation|our experts|professional|trusted|satisfaction|guarantee[ds]?|warranty|financing|pricing|plans?|integrations?|platform|solutions?|enterprise|customers)\b/gi,
  jobWords: /\bapply now|\bfull[- ]time|\bview all|\bsee all|\bload more|\bshow more|\bread more|\bview details|\bresults?\b|\bper page|\bweiterlesen|\bmehr anzeigen|\blire la suite|\bleer más|\bread article|\bmin read/gi,
} // prettier-ignore

/** What its words say, by how often they say it. */
export function wordSigns(text: string): Signs {
  const prices = text.match(PRICES)?.length ?? 0
  const signs: Signs = {
    prices: logOf(prices),
    priceDensity: Math.min(6, logOf((prices * 10_000) / (text.length + 500))),
  }
  for (const [name, pattern] of Object.entries(WORDS)) {
    const count = text.match(pattern)?.length ?? 0
    signs[name] = logOf(count)
    signs[`${name}Density`] = Math.min(6, logOf((count * 10_000) / (text.length + 500)))
  }
  return signs
}
