/** What the builders of pages call their parts: the words of `class`, `id` and `role`, in kinds. */
import { type Element } from 'domhandler'

/** Words, or beginnings of words that end in `*`, in several languages; a word may be of several kinds. */
const KINDS = {
  comment: 'comment* respond reply replies disqus discussion discussions commentlist kommentar* commentaire* forum talkback livefyre fb-comments webmention* pingback*',
  share: 'share* sharing social* sharedaddy addtoany addthis follow* tweet twitter facebook whatsapp pinterest linkedin teilen partage* compartir sns like likes jp-relatedposts sociable',
  related: 'related* recommend* recirc* more similar suggest* further readmore trending popular latest recent mostread most also teaser* upnext next prev previous neighbor* neighbour* adjacent siblings crosslink* promobox linkbox insert inset verwandt* weitere aehnlich*',
  author: 'author* bio byline* autor* auteur* contributor* writer* profile avatar vcard credits about verfasser',
  tags: 'tag tags taglist tagcloud keyword* category categories topic topics term terms labels schlagwort* catlinks post-tags filed hashtag*',
  nav: 'nav navi navbar navigation menu menus breadcrumb* crumb* pagination pager paging paginate tabs tab submenu topbar dropdown sitemap skip jump toolbar offcanvas mainnav subnav navbox megamenu',
  head: 'header masthead head top banner logo site-header hero intro headerbar',
  foot: 'footer foot bottom colophon copyright legal disclaimer imprint fineprint',
  side: 'sidebar* side aside widget* textwidget* customhtml rail right left secondary complementary col-right rightcol leftcol tertiary sidebox marginal* floating sticky',
  advert: 'ad ads adv advert* sponsor* promo* promotion outbrain taboola banner commercial dfp adsense advertorial anzeige werbung pub affiliate shop product* buy deal* offer* store cart price campaign donate donation* fundrais* cta callout calltoaction',
  signup: 'newsletter* subscribe* subscription* subscriber* signup sign-up optin mailchimp mailing leadgen abonn* hubspot convertkit lead-magnet',
  account: 'login register registration paywall account regwall meter* gated membership member* form forms webform email contact',
  caption: 'caption* wp-caption-text figcaption credit credits photo photos photographer image images img picture pictures bildunterschrift legend thumb thumbnail* media source gallery slideshow carousel slider lightbox video player',
  underline: 'caption captions captiontext wp-caption-text wpcaptiontext figcaption imagecaption imgcaption photocaption picturecaption bildunterschrift bildtext imagecredit photocredit mediacaption',
  meta: 'meta date dates time timestamp published posted pubdate info infos details postmeta entry-meta datum dateline stats views readtime reading duration updated',
  title: 'title titles headline* heading h1 entry-title kicker eyebrow rubric overline ueberschrift titel titulo',
  lead: 'subtitle subheadline subhead dek deck standfirst summary abstract excerpt lede lead intro description teasertext vorspann chapeau bajada highlights keypoints tldr takeaways',
  body: 'body content contents text article entry post story main articlebody article-body richtext rte copy prose markdown paragraph paragraphs post-content entry-content wysiwyg texte inhalt beitrag contenido cuerpo testo corpo blog news page single detail',
  popup: 'modal popup pop-up overlay dialog cookie* consent gdpr notice notification alert lightbox privacy ccpa toast snackbar',
  hidden: 'hidden hide sr-only screen-reader-text visually-hidden visuallyhidden invisible offscreen print printonly mobile desktop tablet collapsed collapse noprint d-none screenreader accessibility tooltip',
  toc: 'toc contents table-of-contents outline index jumplinks ez-toc anchors inpage',
  quote: 'quote pullquote blockquote zitat citation pull epigraph testimonial*',
  list: 'list lists grid cards card items item archive feed loop tile tiles listing listings row results stream listicle',
  faq: 'faq accordion question answer toggle recipe ingredient* instruction* step steps nutrition notes footnote* reference* references sources bibliography endnote* transcript',
  story: 'articlebody* entrycontent* postcontent* storybody* articlecontent* postbody* storycontent* articletext* bodytext* bodycontent* entrybody* contentbody* newscontent* newstext* newsbody* singlecontent* richtext* blogcontent* blogpost* blogbody* maincontent* articlemain* storytext* posttext* articlewrap* econtent textcontent* detailcontent* pagecontent* tdpostcontent*',
} // prettier-ignore

export const NAME_KINDS = Object.keys(KINDS)

const exact = new Map<string, number>()
const starts: [string, number][] = []
for (const [index, words] of Object.values(KINDS).entries())
  for (const word of words.split(' ')) {
    if (word.endsWith('*')) starts.push([word.slice(0, -1), 1 << index])
    else exact.set(word, (exact.get(word) ?? 0) | (1 << index))
  }

const known = new Map<string, number>()
/** The words that pages use are few; a page made of ever new ones shall not stay in memory. */
const MOST_KNOWN = 20_000

/** The kinds of one word as a set of bits, in the order of `NAME_KINDS`. */
function kindsOf(word: string): number {
  const before = known.get(word)
  if (before !== undefined) return before
  let kinds = exact.get(word) ?? 0
  for (const [start, kind] of starts) if (word.startsWith(start)) kinds |= kind
  if (known.size > MOST_KNOWN) known.clear()
  known.set(word, kinds)
  return kinds
}

// Page builders call every piece so, text or not.
const BUILDERS =
  /^(?:elementor|e-|wp-block-|vc_|et_pb_|fl-|fusion-|wpb_|avia|brxe-|ct-)(?!.*(?:content|comment|share|social|related|latest|author|nav|caption|title|quote|form|footer|header|sidebar))/i

const elements = new Map<string, number>()

/** The kinds of the words that an element is called by, as a set of bits. */
export function namesOf({ attribs }: Element): number {
  const { class: called, id, role, itemprop } = attribs
  if (called === undefined && id === undefined && role === undefined && itemprop === undefined) return 0
  const isNamedOnce = id === undefined && role === undefined && itemprop === undefined
  const names = (isNamedOnce ? (called ?? '') : `${called ?? ''} ${id ?? ''} ${role ?? ''} ${itemprop ?? ''}`).slice(
    0,
    400,
  )
  const before = elements.get(names)
  if (before !== undefined) return before
  let kinds = 0
  for (const name of names.split(/\s+/)) {
    if (name === '') continue
    if (BUILDERS.test(name)) continue
    const words = name
      .replace(/([a-z\d])([A-Z])/g, '$1-$2')
      .toLowerCase()
      .split(/[^\p{L}]+/u)
    for (const word of words) if (word.length > 1) kinds |= kindsOf(word)
    if (words.length > 1) kinds |= (exact.get(words.join('-')) ?? 0) | kindsOf(words.join(''))
  }
  if (elements.size > MOST_KNOWN) elements.clear()
  elements.set(names, kinds)
  return kinds
}
