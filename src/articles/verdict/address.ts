/** What the address of a page says of its kind. */
import { type Signs, yes } from './signs.ts'

/** Words that sites of many languages put into the addresses of such pages. */
const ADDRESS_WORDS: Record<string, RegExp> = {
  isShop: /^(?:shop|store|products?|produkte?|produits?|productos?|produtos?|prodotti|prodotto|producten|tuotteet|item|items|p|dp|buy|cart|checkout|boutique|tienda|loja|negozio|winkel|sklep|butik|collections?|app)$/,
  isList: /^(?:categor(?:y|ies|ie|ia|ias|ie)|kategorien?|categorie|tags?|topics?|themen|browse|search|suche|archives?|listings?|rankings?|directory|jobs?|events?|calendar|authors?|page|latest|all|s|c|trending|list)$/,
  isForum: /^(?:forums?|foren|foro|fora|threads?|viewtopic(?:\.php)?|showthread(?:\.php)?|topic|discussions?|t|board|boards|community|questions?|viewforum(?:\.php)?|index\.php)$/,
  isManual: /^(?:docs?|documentation|handbook|manual|reference|api|api-reference|stdlib|std|wiki|man|handbuch|dokumentation|javadoc)$/,
  isGuide: /^(?:library|tutorials?|help|guides?|learn|latest|stable|v?\d+\.\d+(?:\.\d+)?|kb|title|book|language)$/,
  isService: /^(?:services?|locations?|solutions?|pricing|leistungen|dienstleistungen|servicios|servizi|plans|features|platform|about|about-us|kontakt|contact|company|careers|impressum|datenschutz|privacy)$/,
  isArticle: /^(?:blogs?|news|articles?|artikel|story|stories|posts?|magazin|magazine|insights?|reviews?|noticias?|noticia|actualites?|actualite|aktuelles|nachrichten|resources?|recipes?|rezepte?|opinion|politics|politik|sport|sports|business|culture|kultur|lifestyle|tips|advice|beitrag|press|wiadomosci|berichte?|politica|economia)$/,
} // prettier-ignore
const HOST_WORDS: Record<string, RegExp> = {
  isShopHost: /^(?:shop|store|buy|tienda|boutique|loja)\.|(?:shop|store)\.[a-z.]+$/,
  isForumHost: /^(?:forums?|bbs|community|discuss|boards?|foro|talk)\.|(?:forums?|talk)\.[a-z]+$/,
  isManualHost: /^(?:docs?|developers?|wiki|help|learn|support|api|dev|router|man|kb)\./,
  isBlogHost: /^(?:blog|news|magazin|magazine)\.|(?:blog|news|magazin|times|post|journal|zeitung|today)\w*\.[a-z.]+$/,
}

/** The whole last part of an address that leads to all of a kind. */
const SECTIONS =
  /^(?:(?:our-|the-|latest-|all-|in-the-)?(?:blogs?|news|articles?|stories|posts?|magazine?|insights?|reviews?|resources?|press|videos?|podcasts?|recipes?|events?|jobs?|products?|services?|projects?|publications?|guides?|categories|topics|tags|archive|testimonials|rankings?|directory|aktuelles|nachrichten|beitraege|artikel|noticias|actualites)|trending|home|index)$/

/** What the address alone says: what kind of word stands where, how deep it is, and how long its last part. */
export function addressSigns(url: string): Signs {
  const address = URL.parse(url)
  const parts = (address?.pathname ?? '').toLowerCase().split('/').filter(Boolean)
  const last = parts.at(-1) ?? ''
  const slug = last.replace(/\.(?:html?|php|aspx?|jsp|cfm)$/, '')
  const words = slug.split(/[-_+]|%20/).filter((word) => /\p{L}{2}/u.test(word)).length
  const folders = parts.slice(0, -1)
  const signs: Signs = {
    isRoot: yes(parts.length === 0 || (parts.length === 1 && /^(?:[a-z]{2}(?:-[a-z]{2})?|index\.\w+|home|global)$/.test(last))), // prettier-ignore
    depth: Math.min(6, parts.length),
    isShallow: yes(parts.length === 1),
    slugWords: Math.min(8, words),
    isLongSlug: yes(words >= 5),
    isShortSlug: yes(words <= 2 && !/\d{4}/.test(slug)),
    addressHasDate: yes(/(?:^|[/-])(?:19|20)\d\d[/-]?(?:0?[1-9]|1[0-2])(?:[/-]|\d\d|$)/.test(parts.join('/'))),
    addressHasNumber: yes(/\d{5,}/.test(slug)),
    isSection: yes(SECTIONS.test(last) && (address?.search ?? '') === ''),
    hasQuery: yes((address?.search ?? '').length > 1),
  }
  for (const [name, pattern] of Object.entries(ADDRESS_WORDS)) {
    signs[name] = yes(folders.some((part) => pattern.test(part)))
    signs[`${name}Last`] = yes([slug, slug.split(/[-_]/)[0] ?? '', slug.split(/[-_]/).at(-1) ?? ''].some((word) => pattern.test(word))) // prettier-ignore
  }
  const host = (address?.hostname ?? '').replace(/^www\./, '')
  for (const [name, pattern] of Object.entries(HOST_WORDS)) signs[name] = yes(pattern.test(host))
  return signs
}
