/** The words of shops, forums, manuals and services in a text. */
import { logOf, type Signs } from './signs.ts'

const PRICES =
  /(?:[$€£¥₹₽]|\b(?:USD|EUR|GBP|CHF|PLN|Kč|kr)\.?) ?\d[\d.,]*|\d[\d.,]* ?(?:€|zł|Kč|kr\b|₽|円|元|USD\b|EUR\b|CHF\b)/g
// Alternatives that begin with a word are tried where words begin, all at once, and nowhere else.
const WORDS: Record<string, RegExp> = {
  cartWords: /\b(?:add to (?:cart|bag|basket|wish ?list)|buy now|(?:in|out of) stock|free shipping|in den warenkorb|in den einkaufswagen|ajouter au panier|añadir al carrito|agregar al carrito|aggiungi al carrello|adicionar ao carrinho|in winkel(?:wagen|mand)|dodaj do koszyka|lägg i varukorg|в корзину)|加入购物车|カートに入れる|장바구니|\b(?:sort by\b|filter by\b|view cart|quick view|choose options|select options|sold out|regular price|sale price|shop now)/gi,
  forumWords: /\b(?:joined:? |thread starter|last edited by|reply with quote|posts:? [\d,]+|reaction score|likes received|registriert seit|beiträge:? \d|themenstarter|mensajes:? \d|inscription|сообщени[яй]:? \d|quote from|most liked posts|reputation:|topic starter|posted (?:\w+ \d+|\d+ \w+),? \d{4}|new posts?\b|go to (?:first|last) (?:unread )?post|report post|original poster|replies\b|members online)/gi,
  callWords: /\b(?:(?:get|request|book|schedule) (?:a |an |your |my )?(?:free |instant )?(?:\w+ )?(?:quote|estimate|demo|consultation|appointment|call)|call (?:us|now|today)|contact us|get started|start (?:your )?free|free trial|our (?:services|team|clients|customers)|trusted by|why choose|sign up free|serving\b|learn more|jetzt anfragen|kostenlos testen|devis gratuit|solicit[ae]|see how|we offer|service areas?)/gi,
  manualWords: /\b(?:edit this page|on this page|table of contents|since version|deprecated|parameters?:?\b|returns?:?\b|syntax\b|read the docs|previous (?:topic|page)|next (?:topic|page)|was this (?:page|article) helpful|synopsis\b|documentation\b|api\b|version:? \d)/gi,
  ownWords: /\b(?:we|our|ours|us|wir|unsere?[nmrs]?|uns|nous|notre|nos|nosotros|nuestr[oa]s?|noi|nostr[oaie]|nossos?|nossas?|wij|onze|ons|vi|vår[at]?|nasz[aey]?|мы|наш[аиие]?)\b/gi,
  yourWords: /\b(?:your|yours|you|ihre?[nmrs]?|sie|votre|vos|vous|tus?|su|vostr[oaie]|seus?|suas?|uw|jouw|din|ditt|twoj\w+|ваш\w*)\b/gi,
  starWords: /★|⭐|\b(?:\d\.\d\/5\b|5[- ]stars?|testimonials?|reviews\b|what (?:our|people|customers) say|customer stories|frequently asked questions)/gi,
  tradeWords: /\b(?:licensed|insured|certified|free estimates?|same[- ]day|24\/7|residential|commercial|installation|our experts|professional|trusted|satisfaction|guarantee[ds]?|warranty|financing|pricing|plans?|integrations?|platform|solutions?|enterprise|customers)\b/gi,
  jobWords: /\b(?:apply now|full[- ]time|view all|see all|load more|show more|read more|view details|results?\b|per page|weiterlesen|mehr anzeigen|lire la suite|leer más|read article|min read)/gi,
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
