/** How addresses name the parts of an article: `/2`, `?page=2`, `/seite-2`, `-2.html`. */

/** One way to read an address: as that of a part, of an article that has the address `stem`. */
export interface Reading {
  /** The address without what names the part, in one spelling. */
  stem: string
  /** From 1. */
  number: number
  /**
   * `bare`: it names no part, and is the first if there are several. `strong`: it names one in a way that little else has;
   * `weak`: the number may also be of the article's own name. `whole`: it names all parts at once.
   */
  kind: 'bare' | 'strong' | 'weak' | 'whole'
}

/** More parts than this has no article: it is a year, or the number of an article. */
const MOST = 99

const WORDS = 'page|pages|pag|pagina|página|pagine|seite|sida|side|sivu|strana|stranka|strona|stranica|stran|sayfa|oldal|trang|halaman|hal|hoja|feuille|folio|blad|lk|pg|p' // prettier-ignore
/** Names of parameters that count pages; those of comments are none of them. */
const PARAMETERS = new RegExp(`^(?:${WORDS}|paged|pn|page_?(?:no|num|number|index)|(?:current|cur|article)_?page|pagenr|artikelseite)$`, 'iu') // prettier-ignore
const WHOLE = 'all|alle|alles|full|fullpage|single|single-?page|singlepage|onepage|one-?page|komplett|komplettansicht|complete|completo|completa|complet|tout|todo|todas|tutto|whole|view-?all|viewall|show-?all|hele|cely|vse|wszystko|entire' // prettier-ignore
const WHOLE_VALUE = new RegExp(`^(?:${WHOLE}|0)$`, 'i')
const WHOLE_PARAMETER = new RegExp(`^(?:${WHOLE}|showall|printall)$`, 'i')

/** Every way in which an address can be read; always the bare one, first. */
export function readingsOf(url: URL): Reading[] {
  const host = url.host.toLowerCase()
  const path = decoded(url.pathname)
  const parameters = [...url.searchParams]
  const stemOf = (pathname: string, search: [string, string][]) =>
    `${host}${evenPath(pathname)}?${search
      .map(([name, value]) => `${name}=${value}`)
      .toSorted()
      .join('&')}`
  const readings: Reading[] = [{ stem: stemOf(path, parameters), number: 1, kind: 'bare' }]
  const add = (stem: string, number: string | undefined, kind: Reading['kind']) => {
    const value = Number(number ?? 1)
    // The front page is no article.
    if (value >= 1 && value <= MOST && !stem.endsWith(`${host}?`)) readings.push({ stem, number: value, kind })
  }
  for (const [at, [name, value]] of parameters.entries()) {
    const stem = stemOf(path, parameters.toSpliced(at, 1))
    if (/^\d{1,2}$/.test(value) && !/comment|reply|^cpage$/i.test(name))
      add(stem, value, PARAMETERS.test(name) ? 'strong' : 'weak')
    if (WHOLE_PARAMETER.test(name) && /^(?:1|true|yes|on|)$/i.test(value)) add(stem, undefined, 'whole')
    if ((PARAMETERS.test(name) || /^(?:view|show|mode|display|ansicht)$/i.test(name)) && WHOLE_VALUE.test(value))
      add(stem, undefined, 'whole')
  }
  const bare = path.replace(/\/+$/, '')
  for (const { pattern, kind } of SHAPES) {
    const [, stem, number] = pattern.exec(bare) ?? []
    if (stem !== undefined) add(stemOf(stem, parameters), kind === 'whole' ? undefined : number, kind)
  }
  return readings
}

const END = '(?:\\.(?:s?html?|php\\d?|aspx?|jsp|shtm))?'
const shape = (pattern: string, kind: Reading['kind']) => ({ pattern: new RegExp(`^${pattern}${END}$`, 'iu'), kind })

/** Each gives what stands before the number, and the number. */
const SHAPES = [
  shape('(.*/[^/]+)/(\\d{1,2})', 'strong'),
  shape(`(.*/[^/]+)/(?:${WORDS})[/_=,-]?(\\d{1,2})`, 'strong'),
  shape('(.*/[^/]+)/index[_-]?(\\d{1,2})', 'strong'),
  shape(`(.*/[^/]*[^/_,;.-])[-_,;.](?:${WORDS})[-_]?(\\d{1,2})`, 'strong'),
  shape('(.*/[^/]*[^/_,;.-])[-_,;.](\\d{1,2})', 'weak'),
  shape(`(.*/[^/]+)/(?:${WHOLE})`, 'whole'),
  shape(`(.*/[^/]+)/(?:${WORDS})[/_=,-](?:all|alle|0)`, 'whole'),
]

function evenPath(path: string): string {
  return path
    .replace(/\/+$/, '')
    .replace(/\/index(?=\.|$)[^/]*$/i, '')
    .replace(/\.(?:s?html?|php\d?|aspx?|jsp|shtm)$/i, '')
}

function decoded(path: string): string {
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}
